/** An API server that is slow, or takes every request and says nothing. */
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/kube/clock.ts';
import { createKubeClient, type HttpKubeClient } from '../../../src/kube/http-client.ts';
import { LeaderLease, Lease } from '../../../src/kube/lease.ts';
import { silentLogger } from '../../../src/kube/logger.ts';
import { Manager, type ManagerOptions } from '../../../src/kube/manager.ts';
import { ownSource } from '../../../src/kube/reconciler.ts';
import { eventually } from '../../support/eventually.ts';
import { Mirror } from './support/mirror.ts';
import { ownPlane, runtimeClient } from './support/plane.ts';
import { ApiProxy } from './support/proxy.ts';
import { ConfigMap, change, each, numbered, setting } from './support/settings.ts';

const plane = ownPlane('runtime-silence');

async function namespaceOf(name: string): Promise<string> {
  await plane().admin.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

interface Through extends AsyncDisposable {
  readonly proxy: ApiProxy;
  readonly client: HttpKubeClient;
}

async function through(timeout?: number): Promise<Through> {
  const proxy = await ApiProxy.start(plane());
  const client = createKubeClient({ cluster: proxy.cluster, clock: systemClock, ...(timeout && { timeout }) });
  return {
    proxy,
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

test('a hundred requests that are never answered time out each, and hold up no request of another kind', async () => {
  const namespace = await namespaceOf('unanswered');
  await using link = await through(5000);
  const { proxy, client } = link;
  proxy.treat = ({ path }) => (path.includes('/configmaps') ? 'silence' : 'pass');
  const lease = new LeaderLease({
    client,
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    identity: 'me',
    namespace,
  });
  await lease.acquire(AbortSignal.timeout(20_000));
  let pending = 100;
  const unanswered = numbered(pending).map(async (name) => {
    const error: unknown = await change(client, namespace, name, 'x').catch((reason: unknown) => reason);
    pending -= 1;
    return error;
  });
  await eventually(() => {
    expect(proxy.requests.filter(({ path }) => path.includes('/configmaps')).length).toBe(100);
  });
  for (let round = 0; round < 10; round += 1) await client.list(Lease, { namespace });
  expect(pending).toBe(100);
  for (const error of await Promise.all(unanswered)) {
    expect(error).toMatchObject({ code: 'KBK_KUBE_CONNECTION', disposition: { kind: 'retryable' } });
    expect((error as Error).message).toMatch(
      /^patch ConfigMap unanswered\/setting-\d+: no answer within 5000 ms from http/,
    );
  }
});

test('one kind that falls silent stops neither the reconciles nor the watch of another, and catches up', async () => {
  const namespace = await namespaceOf('one-kind');
  await using admin = runtimeClient(plane());
  await using link = await through(3000);
  const { proxy, client } = link;
  const silent = { now: true };
  proxy.treat = ({ path }) => (silent.now && path.includes('/leases') ? 'silence' : 'pass');
  const reconciled = new Map<string, number>();
  const manager = new Manager({
    client,
    clock: systemClock,
    logger: silentLogger,
    namespaces: [namespace],
    syncTimeout: 1000,
  });
  for (const type of [ConfigMap, Lease]) {
    manager.add(() => ({
      name: type.plural,
      watches: [ownSource<ConfigMap | Lease>(type)],
      reconciler: {
        reconcile: async ({ name }) => {
          reconciled.set(`${type.kind} ${name}`, (reconciled.get(`${type.kind} ${name}`) ?? 0) + 1);
          return {};
        },
      },
    }));
  }
  await admin.create(Lease, { apiVersion: Lease.apiVersion, kind: 'Lease', metadata: { name: 'late', namespace } });
  await admin.create(ConfigMap, setting('there', namespace));
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  await eventually(() => {
    expect([...reconciled.keys()]).toContain('ConfigMap there');
    expect(manager.state.faults.map(({ kind, fault }) => `${kind}: ${fault.message}`)).toEqual([
      expect.stringMatching(/^Lease: list Lease one-kind\/: no answer within 3000 ms/),
    ]);
  });
  await admin.create(ConfigMap, setting('new', namespace));
  await eventually(() => {
    expect([...reconciled.keys()]).toContain('ConfigMap new');
  });
  silent.now = false;
  await eventually(() => {
    expect([...reconciled.keys()]).toContain('Lease late');
    expect(manager.state).toMatchObject({ synced: true, faults: [] });
  });
  stop.abort();
  await running;
});

test('slow answers make it late, nothing more', async () => {
  const namespace = await namespaceOf('slow');
  await using admin = runtimeClient(plane());
  await using link = await through();
  link.proxy.treat = () => ({ wait: 20 + Math.random() * 400 });
  const names = numbered(50);
  await using mirror = new Mirror(link.client, namespace);
  await mirror.informer.ready(60_000);
  await each(names, 25, async (name) => {
    await link.client.create(ConfigMap, setting(name, namespace));
    await change(link.client, namespace, name, 'second');
  });
  await mirror.converges(admin);
  expect(mirror.values(names[0] ?? '')).toEqual(['first', 'second']);
});

/** Frozen, the API server's kernel still takes connections, and nobody speaks TLS on them. */
async function whileFrozen(task: () => Promise<void>): Promise<void> {
  void plane().apiServer.kill('SIGSTOP');
  try {
    await task();
  } finally {
    void plane().apiServer.kill('SIGCONT');
  }
}

const seconds = async (work: Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work;
  return (performance.now() - begun) / 1000;
};

test('a time-out and an abort hold also where not even a connection comes about', async () => {
  await using client = runtimeClient(plane(), { timeout: 1000 });
  await whileFrozen(async () => {
    const abort = new AbortController();
    const aborted = client.get(Lease, { namespace: 'default', name: 'x' }, { signal: abort.signal });
    const refused = expect(aborted).rejects.toThrow('enough');
    abort.abort(new Error('enough'));
    expect(await seconds(refused)).toBeLessThan(1);
    const late = expect(client.get(Lease, { namespace: 'default', name: 'x' })).rejects.toThrow(
      'no answer within 1000 ms',
    );
    // Setting up a connection is given up after ten seconds only.
    expect(await seconds(late)).toBeLessThan(8);
  });
});

test('a manager whose API server falls silent stops in bounded time', async () => {
  const namespace = await namespaceOf('stopping');
  await using admin = runtimeClient(plane());
  await using client = runtimeClient(plane());
  for (const name of ['waits-for-a-list', 'writes']) await admin.create(ConfigMap, setting(name, namespace));
  const busy = new Set<string>();
  const options: ManagerOptions = {
    client,
    clock: systemClock,
    logger: silentLogger,
    namespaces: [namespace],
    leaderElection: { identity: 'me', namespace },
    stopTimeout: 4000,
  };
  const manager = new Manager(options);
  const frozen = Promise.withResolvers<undefined>();
  manager.add(({ client: tracking, reader }) => ({
    name: 'both',
    watches: [ownSource(ConfigMap)],
    reconciler: {
      async reconcile({ name }, signal) {
        await frozen.promise;
        busy.add(name);
        if (name === 'writes')
          await tracking.patch(ConfigMap, { namespace, name }, { type: 'merge', body: {} }, { signal });
        else await reader.list(Lease, { namespace });
        return {};
      },
    },
  }));
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  await eventually(() => {
    expect(manager.state).toMatchObject({ synced: true, leading: true });
  });
  await whileFrozen(async () => {
    frozen.resolve(undefined);
    await eventually(() => {
      expect(busy.size).toBe(2);
    });
    stop.abort();
    // The write gets its four seconds, the release of the lease five.
    expect(await seconds(running)).toBeLessThan(16);
  });
});

test('a reconcile that waits for a first list does not hold up a stop', async () => {
  const namespace = await namespaceOf('waiting');
  await using admin = runtimeClient(plane());
  await using link = await through();
  link.proxy.treat = ({ path }) => (path.includes('/leases') ? 'silence' : 'pass');
  await admin.create(ConfigMap, setting('it', namespace));
  const manager = new Manager({
    client: link.client,
    clock: systemClock,
    logger: silentLogger,
    namespaces: [namespace],
  });
  const waiting = Promise.withResolvers<undefined>();
  manager.add(({ reader }) => ({
    name: 'waiting',
    watches: [ownSource(ConfigMap)],
    reconciler: {
      async reconcile() {
        const leases = reader.list(Lease, { namespace });
        waiting.resolve(undefined);
        await leases;
        return {};
      },
    },
  }));
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  await waiting.promise;
  stop.abort();
  expect(await seconds(running)).toBeLessThan(10);
});
