/** An API server that dies without warning, in the middle of watches and writes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/kube/clock.ts';
import { dispositionOf } from '../../../src/kube/disposition.ts';
import { isConflict, isNotFound, KubeError } from '../../../src/kube/errors.ts';
import { createKubeClient, type HttpKubeClient } from '../../../src/kube/http-client.ts';
import { eventually } from '../../support/eventually.ts';
import { Mirror } from './support/mirror.ts';
import { ownPlane, runtimeClient } from './support/plane.ts';
import { ApiProxy } from './support/proxy.ts';
import { ConfigMap, setting } from './support/settings.ts';

const namespace = 'default';
const plane = ownPlane('runtime-restart');

interface Counted {
  /** Writes that the API server confirmed. */
  confirmed: number;
  /** Writes whose answer was lost, or that never arrived. */
  unknown: number;
  readonly errors: unknown[];
}

/** Counts up under optimistic locking, and says what it was told of it. */
async function countUp(client: HttpKubeClient, name: string, stop: AbortSignal): Promise<Counted> {
  const counted: Counted = { confirmed: 0, unknown: 0, errors: [] };
  while (!stop.aborted) {
    try {
      const object = await client.get(ConfigMap, { namespace, name });
      const value = `${Number(object.data?.value) + 1}`;
      try {
        await client.replace(ConfigMap, { ...object, data: { value } });
        counted.confirmed += 1;
      } catch (error) {
        if (!isConflict(error)) counted.unknown += 1;
        throw error;
      }
    } catch (error) {
      counted.errors.push(error);
      await sleep(50);
    }
  }
  return counted;
}

test('watches come back, and a write without an answer is there once or not at all', async () => {
  await using client = runtimeClient(plane());
  await using watching = runtimeClient(plane());
  const names = Array.from({ length: 8 }, (_, index) => `counter-${index}`);
  for (const name of names) await client.create(ConfigMap, setting(name, namespace, '0'));
  await using mirror = new Mirror(watching, namespace);
  await mirror.informer.ready(60_000);
  const stop = new AbortController();
  const counting = Promise.all(names.map((name) => countUp(client, name, stop.signal)));
  const valueOf = async (name: string): Promise<number> =>
    Number((await client.get(ConfigMap, { namespace, name })).data?.value);

  for (let death = 1; death <= 3; death += 1) {
    const before = await valueOf('counter-0');
    await eventually(async () => {
      expect(await valueOf('counter-0')).toBeGreaterThan(before + 20);
    });
    await plane().apiServer.kill('SIGKILL');
    await plane().apiServer.start();
    await eventually(async () => {
      expect(await valueOf('counter-0')).toBeGreaterThan(before + 20);
    });
  }
  stop.abort();
  const counted = await counting;
  await mirror.converges(client);

  for (const [index, { confirmed, unknown }] of counted.entries()) {
    const value = await valueOf(names[index] ?? '');
    expect(value).toBeGreaterThanOrEqual(confirmed);
    expect(value).toBeLessThanOrEqual(confirmed + unknown);
    // The subscriber was told of growing values alone.
    const told = mirror.values(names[index] ?? '').map(Number);
    expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
  }
  const errors = counted.flatMap((each) => each.errors);
  expect(errors.length).toBeGreaterThan(0);
  for (const error of errors) {
    expect(error).toBeInstanceOf(KubeError);
    expect(dispositionOf(error).kind).not.toBe('terminal');
  }
  expect(mirror.informer.fault).toBeUndefined();
});

test.each([
  ['lose', 'the answer', true],
  ['cut', 'the request', false],
] as const)('%s: a create without %s is retryable, and trying again says which', async (treatment, _, isThere) => {
  await using admin = runtimeClient(plane());
  await using proxy = await ApiProxy.start(plane());
  const client = createKubeClient({ cluster: proxy.cluster, clock: systemClock });
  const name = `created-${treatment}`;
  const key = { namespace, name };
  proxy.treat = ({ method }) => (method === 'POST' ? treatment : 'pass');
  const error: unknown = await client.create(ConfigMap, setting(name, namespace)).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'KBK_KUBE_CONNECTION', disposition: { kind: 'retryable' } });
  expect((error as Error).message).toContain(`create ConfigMap ${namespace}/${name}: no answer`);
  // Whether to send it again is for whoever wanted it.
  expect(proxy.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  const found = await admin.get(ConfigMap, key).catch((reason: unknown) => reason);
  expect(isNotFound(found)).toBe(!isThere);
  proxy.treat = () => 'pass';
  const again: unknown = await client.create(ConfigMap, setting(name, namespace)).catch((reason: unknown) => reason);
  expect(isConflict(again)).toBe(isThere);
  expect((await admin.get(ConfigMap, key)).data).toEqual({ value: 'first' });
  await client.close();
});
