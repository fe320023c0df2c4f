/** Runs `docker-credential-<name> get`: https://github.com/docker/docker-credential-helpers#development */
import { execFile } from 'node:child_process';
import type { RunCredentialHelper } from './docker-config.ts';
import { OciError } from './errors.ts';
import { parseObject, text } from './json.ts';

const longestRun = 10_000;
const largestAnswer = 64 * 1024;
// The one answer that means "I know no such server" rather than a fault.
const unknownServer = /credentials not found/i;

/**
 * Starts the helper from the PATH, at most 10 seconds. For the configuration of the process alone: a config that came
 * from a tenant must not choose which program runs.
 * @throws OciError `KBK_OCI_INVALID_CREDENTIALS`
 */
export const runCredentialHelper: RunCredentialHelper = (helper, server, signal) =>
  new Promise((resolve, reject) => {
    const program = `docker-credential-${helper}`;
    const fail = (fault: string, cause?: unknown) => {
      const message = `Credential helper ${program} ${fault} for ${server}; run it by hand to see why`;
      reject(new OciError('KBK_OCI_INVALID_CREDENTIALS', server, message, { retryable: true, cause }));
    };
    const options = { timeout: longestRun, maxBuffer: largestAnswer, signal, killSignal: 'SIGKILL' } as const;
    const child = execFile(program, ['get'], options, (error, stdout, stderr) => {
      if (error) {
        if (unknownServer.test(stdout) || unknownServer.test(stderr)) {
          resolve(undefined);
          return;
        }
        // The error's own text repeats what the helper printed, which may hold a secret.
        fail(`failed (${String(error.code ?? error.signal ?? 'unknown')})`);
        return;
      }
      const answer = parseObject(stdout);
      const secret = text(answer?.Secret);
      if (secret === undefined) fail('answered without a secret');
      else resolve({ username: text(answer?.Username) ?? '', secret });
    });
    // A helper that ends without reading its input must not end us.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(server);
  });
