/** `kuberik controller` as one of several: frozen, killed, told to stop, and what its exit code and its log say. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, type ControlPlane, connectionTo } from '../../control-plane/control-plane.ts';
import { writeKubeconfig } from '../../control-plane/credentials.ts';
import { NAMESPACE, serviceAccountToken, shipped } from '../../support/controller.ts';

const main = join(import.meta.dirname, '../../../../src/cli/main.ts');

export class Candidate implements AsyncDisposable {
  readonly name: string;
  /** Of its token: the API server's audit log tells by it who wrote. */
  readonly credential: string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #log: string;
  #frozen = false;

  private constructor(name: string, credential: string, child: ChildProcess, log: string) {
    this.name = name;
    this.credential = credential;
    this.#child = child;
    this.#log = log;
    this.ended = once(child, 'exit').then(([code]) => code as number | null);
  }

  /** Starts it with a token of its own, and does not wait. @param name different for each of a plane */
  static async start(plane: ControlPlane, name: string, flags: readonly string[] = []): Promise<Candidate> {
    const connection: Connection = connectionTo(plane);
    const { parameters, serviceAccount } = shipped();
    const token = await serviceAccountToken(connection, serviceAccount);
    const file = (end: string): string => join(plane.run.folder('candidates'), `${name}.${end}`);
    writeFileSync(file('token'), token, { mode: 0o600 });
    const user = { tokenFile: file('token') };
    const kubeconfig = writeKubeconfig(file('kubeconfig'), plane.server, plane.caFile, user, NAMESPACE);
    const log = join(plane.run.logs, `${name}.log`);
    const output = openSync(log, 'a');
    const addresses = ['--metrics-bind-address=0', '--health-probe-bind-address=0'];
    const program = [process.execPath, main, ...parameters, `--kubeconfig=${kubeconfig}`, ...addresses, ...flags];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...program], { stdio: ['ignore', output, output] });
    closeSync(output);
    return new Candidate(name, credentialOf(token), child, log);
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** It has become the leader, and has not ended since. */
  get leads(): boolean {
    return this.running && !this.#frozen && this.log.includes('"msg":"leading"');
  }

  get log(): string {
    return readFileSync(this.#log, 'utf8');
  }

  freeze(): void {
    this.#frozen = true;
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#frozen = false;
    this.#child.kill('SIGCONT');
  }

  /** Resolves with its exit code. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.running) this.#child.kill(signal);
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGKILL');
  }
}

/** `jti` of a JSON web token. */
function credentialOf(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { jti: string };
  return claims.jti;
}
