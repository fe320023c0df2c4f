import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { systemClock } from './clock.ts';
import { createKubeClient, type HttpKubeClient } from './http-client.ts';
import { Lease } from './lease.ts';
import { silentLogger } from './logger.ts';
import { type ControllerContext, Manager, type ManagerOptions } from './manager.ts';
import { ownSource, watchSource } from './reconciler.ts';
import { writeStatus } from './status.ts';
import { createFakeClock, type FakeClock } from './testing/fake-clock.ts';
import { type ScriptedServer, startScriptedServer, waitUntil } from './testing/scripted-server.ts';
import { Widget, widget, widgetList, widgetPath, widgetsPath } from './testing/widget.ts';

const Gadget: ResourceType<Widget> = {
  ...Widget,
  kind: 'Gadget',
  plural: 'gadgets',
  parse: (object) => Widget.parse(object),
};
const gadgetsPath = '/apis/example.com/v1/gadgets';

let server: ScriptedServer;
let client: HttpKubeClient;
let clock: FakeClock;
let stop: AbortController;
let running: Promise<void> | undefined;

beforeEach(async () => {
  server = await startScriptedServer();
  clock = createFakeClock();
  client = createKubeClient({ cluster: server.cluster, clock: systemClock });
  stop = new AbortController();
  running = undefined;
  server.on('WATCH', widgetsPath, (_, reply) => void reply.stream());
  server.on('WATCH', gadgetsPath, (_, reply) => void reply.stream());
  server.on('GET', gadgetsPath, (_, reply) => {
    reply.json(200, widgetList([], '1'));
  });
});

afterEach(async () => {
  stop.abort(new Error('test is over'));
  await running?.catch(() => undefined);
  await client.close();
  await server[Symbol.asyncDispose]();
});

function newManager(options: Partial<ManagerOptions> = {}): Manager {
  return new Manager({ client, clock, logger: silentLogger, random: () => 0.5, freeze: true, ...options });
}

const wakes = (current: Widget | undefined): ObjectKey[] =>
  current === undefined ? [] : [{ namespace: 'default', name: current.metadata.name }];

function run(manager: Manager): void {
  running = manager.run(stop.signal);
  running.catch(() => undefined);
}

function listWidgets(...items: unknown[]): void {
  server.on('GET', widgetsPath, (_, reply) => {
    reply.json(200, widgetList(items, '10'));
  });
}

describe('manager', () => {
  it('reconciles what is there, what changes, and shows a reconcile its own writes', async () => {
    listWidgets(widget('a', '1'));
    let version = 100;
    server.on('PUT', `${widgetPath('a')}/status`, ({ body }, reply) => {
      const object = Widget.parse(body);
      reply.json(200, { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } });
    });
    const seen: unknown[] = [];
    const manager = newManager();
    manager.add(({ client: writer, reader }: ControllerContext) => ({
      name: 'widget',
      watches: [ownSource(Widget)],
      reconciler: {
        async reconcile(key) {
          const object = await reader.get(Widget, key);
          seen.push([object?.spec?.size, object?.status?.seen]);
          if (object !== undefined) await writeStatus(writer, Widget, object, { seen: object.spec?.size ?? 0 });
          return {};
        },
      },
    }));
    run(manager);
    // The write wakes it once more, and the second pass finds nothing to do.
    await waitUntil(() => seen.length === 2);
    await server.until(() => server.watches.length === 1);
    server.watches[0]?.send('MODIFIED', widget('a', '99'));
    server.watches[0]?.send('MODIFIED', widget('a', '101', { status: { seen: 0 } }));
    server.watches[0]?.send('MODIFIED', widget('a', '200', { spec: { size: 5 }, status: { seen: 0 } }));
    await waitUntil(() => seen.length === 4);
    expect(seen).toEqual([
      [undefined, undefined],
      [undefined, 0],
      [5, 0],
      [5, 5],
    ]);
    expect(server.requests.filter(({ method }) => method === 'PUT')).toHaveLength(2);
    expect(manager.state).toMatchObject({ synced: true, leading: true, faults: [] });
    stop.abort();
    await running;
    await server.until(() => server.watches.length === 0);
  });

  it('hands a source both sides of a change, as the store parsed them, and wakes for what does not parse', async () => {
    listWidgets(widget('a', '1', { spec: { owner: 'x' } }));
    const seen: string[] = [];
    const objects: unknown[] = [];
    const manager = newManager();
    manager.add(() => ({
      name: 'owner',
      watches: [
        watchSource<Widget>({
          type: Widget,
          wakes: (current, previous) => {
            objects.push(current);
            return [current, previous].flatMap((object) =>
              object?.spec?.owner === undefined ? [] : [{ namespace: '', name: object.spec.owner }],
            );
          },
          invalid: (key: ObjectKey) => [{ namespace: '', name: `invalid-${key.name}` }],
        }),
      ],
      reconciler: {
        async reconcile(key) {
          seen.push(key.name);
          return {};
        },
      },
    }));
    run(manager);
    await waitUntil(() => seen.length === 1);
    expect(objects[0]).toBe(await manager.reader.get(Widget, { namespace: 'default', name: 'a' }));
    await server.until(() => server.watches.length === 1);
    server.watches[0]?.send('MODIFIED', widget('a', '2', { spec: { owner: 'y' } }));
    await waitUntil(() => seen.length === 3);
    server.watches[0]?.send('MODIFIED', { ...widget('a', '3'), spec: { size: 'big' } });
    await waitUntil(() => seen.length === 5);
    expect([...seen].sort()).toEqual(['invalid-a', 'x', 'x', 'y', 'y']);
  });

  it('goes on without a kind that it may not read', async () => {
    listWidgets(widget('a', '1'));
    server.on('GET', gadgetsPath, (_, reply) => {
      reply.status(403, 'Forbidden');
    });
    const seen: string[] = [];
    const manager = newManager();
    manager.add(({ reader }) => ({
      name: 'widget',
      watches: [ownSource(Widget), ownSource(Gadget)],
      reconciler: {
        async reconcile(key) {
          seen.push(key.name);
          await reader.list(Gadget).catch((error: unknown) => seen.push((error as Error).name));
          return {};
        },
      },
    }));
    run(manager);
    await waitUntil(() => seen.length === 2);
    expect(seen).toEqual(['a', 'ApiStatusError']);
    expect(manager.state).toMatchObject({ synced: false, faults: [{ kind: 'Gadget', fault: { status: 403 } }] });
  });

  it('is ready although a kind that somebody asked for at run time cannot be read', async () => {
    listWidgets();
    server.on('GET', gadgetsPath, (_, reply) => {
      reply.status(403, 'Forbidden');
    });
    const manager = newManager();
    manager.add(() => ({
      name: 'widget',
      watches: [ownSource(Widget)],
      reconciler: { reconcile: () => Promise.resolve({}) },
    }));
    expect(manager.state.synced).toBe(false);
    run(manager);
    await waitUntil(() => manager.state.leading);
    using gadgets = manager.informers.acquire(Gadget);
    await waitUntil(() => gadgets.informer.fault !== undefined);
    expect(manager.state).toMatchObject({ synced: true, faults: [] });
  });

  it('looks at everything again after ten hours, after what has changed', async () => {
    listWidgets(widget('a', '1'));
    let count = 0;
    const manager = newManager();
    manager.add(() => ({
      name: 'widget',
      watches: [ownSource(Widget)],
      reconciler: {
        async reconcile() {
          count++;
          return {};
        },
      },
    }));
    run(manager);
    await waitUntil(() => count === 1);
    await clock.advance(10 * 3600 * 1000);
    expect(count).toBe(2);
  });

  it('wakes a controller for what only it knows, over a kind found at run time', async () => {
    listWidgets(widget('a', '1'));
    server.on('GET', gadgetsPath, (_, reply) => {
      reply.json(200, widgetList([widget('g', '1')], '10'));
    });
    const seen: string[] = [];
    const manager = newManager();
    manager.add(({ informers, wake }) => ({
      name: 'widget',
      watches: [ownSource(Widget)],
      reconciler: {
        async reconcile(key) {
          seen.push(key.name);
          if (seen.length > 1) return {};
          const { informer } = informers.acquire(Gadget);
          informer.subscribe((change) => {
            wake(change.key);
          });
          return {};
        },
      },
    }));
    run(manager);
    await waitUntil(() => seen.length === 2);
    expect(seen).toEqual(['a', 'g']);
  });

  it('does nothing while another one leads, and ends when it loses the lease', async () => {
    listWidgets(widget('a', '1'));
    const path = '/apis/coordination.k8s.io/v1/namespaces/ns/leases/lease';
    let version = 1;
    let lease: unknown = {
      ...{
        apiVersion: Lease.apiVersion,
        kind: 'Lease',
        metadata: { name: 'lease', namespace: 'ns', resourceVersion: '1' },
      },
      spec: { holderIdentity: 'other', leaseDurationSeconds: 15 },
    };
    server.on('GET', path, (_, reply) => {
      reply.json(200, lease);
    });
    server.on('PUT', path, ({ body }, reply) => {
      const sent = Lease.parse(body);
      lease = { ...sent, metadata: { ...sent.metadata, resourceVersion: String(++version) } };
      reply.json(200, lease);
    });
    let count = 0;
    const manager = newManager({ leaderElection: { identity: 'me', namespace: 'ns', name: 'lease' } });
    manager.add(() => ({
      name: 'widget',
      watches: [ownSource(Widget)],
      reconciler: {
        async reconcile() {
          count++;
          return {};
        },
      },
    }));
    run(manager);
    let outcome: unknown;
    running?.catch((error: unknown) => (outcome = error));
    const drive = async (condition: () => boolean): Promise<void> => {
      for (let turn = 0; turn < 400 && !condition(); turn++) {
        await new Promise((resolve) => setTimeout(resolve, 3));
        await clock.advance(200);
      }
      expect(condition()).toBe(true);
    };
    await drive(() => server.requests.filter(({ path: asked }) => asked === path).length >= 3);
    expect(count).toBe(0);
    await drive(() => count === 1);
    expect(manager.state.leading).toBe(true);
    const held = Lease.parse(lease);
    lease = {
      ...held,
      metadata: { ...held.metadata, resourceVersion: '99' },
      spec: { ...held.spec, holderIdentity: 'other' },
    };
    await drive(() => outcome !== undefined);
    expect(outcome).toMatchObject({ code: 'KBK_KUBE_LEASE_LOST' });
    expect(manager.state.leading).toBe(false);
  });

  it('looks at everything again when a kind could not be read for a while', async () => {
    listWidgets(widget('a', '1'));
    server.on('GET', gadgetsPath, (_, reply) => {
      reply.status(403, 'Forbidden');
    });
    let count = 0;
    const manager = newManager();
    manager.add(() => ({
      name: 'widget',
      watches: [ownSource(Widget), ownSource(Gadget)],
      reconciler: {
        async reconcile() {
          count++;
          return {};
        },
      },
    }));
    run(manager);
    await waitUntil(() => count === 1);
    server.on('GET', gadgetsPath, (_, reply) => {
      reply.json(200, widgetList([], '10'));
    });
    await clock.advance(30_000);
    await waitUntil(() => count === 2);
    expect(manager.state.faults).toEqual([]);
  });

  it('does without an optional kind until the cluster serves it, and is at fault when it may not read it', async () => {
    listWidgets(widget('a', '1'));
    const answers = (status: number, reason: string): void => {
      server.on('GET', gadgetsPath, (_, reply) => {
        reply.status(status, reason);
      });
    };
    const asked = (): number => server.requests.filter(({ path }) => path.startsWith(gadgetsPath)).length;
    answers(404, 'NotFound');
    const seen: string[] = [];
    const manager = newManager();
    manager.add(({ reader }) => ({
      name: 'widget',
      watches: [ownSource(Widget), watchSource({ type: Gadget, optional: true, wakes })],
      reconciler: {
        async reconcile(key) {
          seen.push(`${key.name} beside ${(await reader.list(Gadget)).length}`);
          return {};
        },
      },
    }));
    run(manager);
    await waitUntil(() => seen.length === 1);
    expect(manager.state).toMatchObject({ synced: true, faults: [] });
    await clock.advance(60_000);
    await waitUntil(() => asked() === 3);
    expect(seen).toEqual(['a beside 0']);

    answers(403, 'Forbidden');
    await clock.advance(30_000);
    await waitUntil(() => manager.state.faults.length === 1);
    expect(manager.state).toMatchObject({ synced: false, faults: [{ kind: 'Gadget', fault: { status: 403 } }] });

    server.on('GET', gadgetsPath, (_, reply) => {
      reply.json(200, widgetList([{ ...widget('g', '11'), kind: 'Gadget' }], '11'));
    });
    await clock.advance(30_000);
    await waitUntil(() => seen.includes('a beside 1') && seen.includes('g beside 1'));
    expect(manager.state).toMatchObject({ synced: true, faults: [] });
  });

  it('a stop waits for no first list, and what still runs reads from the watches', async () => {
    listWidgets(widget('a', '1'), widget('b', '1'));
    server.on('GET', gadgetsPath, () => undefined);
    const stopped = Promise.withResolvers<undefined>();
    const outcomes: unknown[] = [];
    const waiting = new Set<string>();
    const manager = newManager();
    manager.add(({ reader }) => ({
      name: 'widget',
      watches: [ownSource(Widget)],
      reconciler: {
        async reconcile(key) {
          waiting.add(key.name);
          if (key.name === 'a') await reader.list(Gadget).catch((error: unknown) => outcomes.push(String(error)));
          else await stopped.promise;
          outcomes.push((await reader.get(Widget, key))?.metadata.name);
          return {};
        },
      },
    }));
    run(manager);
    await waitUntil(() => waiting.size === 2);
    stop.abort();
    stopped.resolve(undefined);
    await running;
    const refused = 'KubeError: Gadget: its first list is not waited for: the process is stopping';
    expect(outcomes.toSorted()).toEqual([refused, 'a', 'b']);
    expect(server.requests.filter(({ method, path }) => method === 'GET' && path === widgetsPath)).toHaveLength(1);
  });

  it('what outlives the lease cannot write any more', async () => {
    listWidgets(widget('a', '1'));
    const collection = '/apis/coordination.k8s.io/v1/namespaces/ns/leases';
    server.on('POST', collection, ({ body }, reply) => {
      reply.json(201, { ...Lease.parse(body), metadata: { name: 'lease', namespace: 'ns', resourceVersion: '1' } });
    });
    const frozen = Promise.withResolvers<undefined>();
    let begun = false;
    let outcome: unknown;
    const manager = newManager({ leaderElection: { identity: 'me', namespace: 'ns', name: 'lease' } });
    manager.add(({ client: writer }) => ({
      name: 'widget',
      watches: [ownSource(Widget)],
      reconciler: {
        async reconcile(key) {
          begun = true;
          await frozen.promise;
          const write = writer.patch(Widget, key, { type: 'merge', body: {} });
          outcome = await write.catch((error: unknown) => error);
          return {};
        },
      },
    }));
    run(manager);
    await waitUntil(() => begun);
    server.on('GET', `${collection}/lease`, () => undefined);
    await clock.advance(15_000);
    frozen.resolve(undefined);
    await waitUntil(() => outcome !== undefined);
    expect(outcome).toMatchObject({
      code: 'KBK_KUBE_LEASE_LOST',
      message: expect.stringContaining('nothing is written'),
    });
    expect(server.requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
  });
});
