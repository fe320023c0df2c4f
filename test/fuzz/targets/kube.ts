/** What clusters say: configuration, watches, refusals, objects of any kind. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { isRecord } from '../../../src/api/json.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import { refusalError } from '../../../src/kube/api-status.ts';
import { KubeError } from '../../../src/kube/errors.ts';
import { computeStatus } from '../../../src/kube/kstatus/compute-status.ts';
import { failureWitness } from '../../../src/kube/kstatus/failure-witness.ts';
import { contextNames, loadKubeConfig } from '../../../src/kube/kube-config.ts';
import { createFakeClock } from '../../../src/kube/testing/fake-clock.ts';
import { readVersion } from '../../../src/kube/version.ts';
import { linesOf, parseWatchLine } from '../../../src/kube/watch-stream.ts';
import { holds, jsonOf, lines, type Target } from '../engine/target.ts';

const clock = createFakeClock();
const now = clock.now();
const isKubeError = (error: unknown): boolean => error instanceof KubeError;

const folder = mkdtempSync(join(tmpdir(), 'kuberik-fuzz-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
const file = join(folder, 'config');

/** A kubeconfig may name programs to run, hosts to ask and files to read: those are not for fuzzing. */
function isHarmless(input: string): boolean {
  try {
    const text = JSON.stringify(parse(input, { maxAliasCount: 0 })) as string | undefined;
    return (
      text !== undefined && !/exec|auth-?provider|cmd|\/|\\\\/i.test(text.replaceAll(/https?:\/\/|v1beta1\/|\/v1/g, ''))
    );
  } catch {
    return true;
  }
}

const kubeconfig: Target = {
  name: 'kubeconfig',
  refuses: isKubeError,
  async run(input) {
    writeFileSync(file, input);
    contextNames({ kubeconfig: file });
    if (!isHarmless(input)) return;
    const cluster = await loadKubeConfig({ kubeconfig: file, clock });
    holds('a server is a text', typeof cluster.server === 'string' && typeof cluster.namespace === 'string');
    for (const value of Object.values(await cluster.headers())) holds('a header is a text', typeof value === 'string');
    cluster.complaint?.();
  },
};

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const watchStream: Target = {
  name: 'watch-stream',
  async run(input) {
    const bytes = Buffer.from(input);
    const [whole, cut]: [string[], string[]] = [[], []];
    for await (const line of linesOf(chunksOf(bytes, bytes.length || 1))) whole.push(line);
    for await (const line of linesOf(chunksOf(bytes, bytes.length > 2_000 ? 1_000 : 3))) cut.push(line);
    holds('where the network cuts does not matter', isDeepStrictEqual(whole, cut));
  },
};

const watchLine: Target = {
  name: 'watch-event',
  form: 'json',
  refuses: isKubeError,
  run(input) {
    const { object } = parseWatchLine(input);
    readVersion(Rollout, object);
  },
};

const apiStatus: Target = {
  name: 'api-status',
  run(input) {
    const [retryAfter = '', status = '', body = ''] = lines(input, 2);
    const target = { verb: 'get', kind: 'Widget', key: { namespace: 'default', name: 'a' } } as const;
    const error = refusalError({ target, status: Number(status) || 503, body: jsonOf(body) ?? body, retryAfter, now });
    holds('it is an error with a message', error.message.length > 0);
  },
};

const kstatus: Target = {
  name: 'kstatus',
  form: 'json',
  run(input) {
    const object = jsonOf(input);
    if (!isRecord(object)) return;
    const { message } = computeStatus(object, now);
    holds('it is told in words', typeof message === 'string');
    failureWitness(object);
  },
};

export const kubeTargets: readonly Target[] = [kubeconfig, watchStream, watchLine, apiStatus, kstatus];
