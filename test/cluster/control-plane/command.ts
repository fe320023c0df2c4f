/** Runs a program to its end. */
import { execFile } from 'node:child_process';

interface CommandOptions {
  readonly cwd?: string;
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; default: a minute. */
  readonly timeout?: number;
  /** Given on standard input. */
  readonly input?: string;
}

/** @returns what it wrote to standard output. @throws with all that it wrote, unless it ended with 0. */
export function run(program: string, parameters: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { cwd, env, timeout = 60_000, input } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      parameters,
      { cwd, env: { ...process.env, ...env }, timeout, killSignal: 'SIGKILL', maxBuffer: 64 * 2 ** 20 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(
            new Error(`${program} ${parameters.join(' ')}: ${error.message}\n${stdout}${stderr}`, { cause: error }),
          );
      },
    );
    if (input !== undefined) child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
