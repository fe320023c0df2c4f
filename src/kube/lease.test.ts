import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createKubeClient, type HttpKubeClient } from './http-client.ts';
import { LeaderLease, Lease, leaseName } from './lease.ts';
import { silentLogger } from './logger.ts';
import { createFakeClock, type FakeClock } from './testing/fake-clock.ts';
import { type ScriptedServer, startScriptedServer } from './testing/scripted-server.ts';

let server: ScriptedServer;
let client: HttpKubeClient;
let clock: FakeClock;
let stored: Lease | undefined;
let broken: boolean;
/** Requests that are not answered. */
let silences: number;
const abort = new AbortController();

const collection = '/apis/coordination.k8s.io/v1/namespaces/kuberik-system/leases';

beforeEach(async () => {
  server = await startScriptedServer();
  clock = createFakeClock('2026-05-01T00:00:00Z');
  client = createKubeClient({ cluster: server.cluster, clock: systemClock });
  stored = undefined;
  broken = false;
  silences = 0;
  const store = (lease: Lease): Lease => {
    const resourceVersion = String(Number(stored?.metadata.resourceVersion ?? '0') + 1);
    stored = { ...lease, metadata: { ...lease.metadata, resourceVersion } };
    return stored;
  };
  server.on('GET', `${collection}/${leaseName}`, (_, reply) => {
    if (silences > 0) silences -= 1;
    else if (broken) reply.reset();
    else if (stored === undefined) reply.status(404, 'NotFound');
    else reply.json(200, stored);
  });
  server.on('POST', collection, ({ body }, reply) => {
    if (stored === undefined) reply.json(201, store(Lease.parse(body)));
    else reply.status(409, 'AlreadyExists');
  });
  server.on('PUT', `${collection}/${leaseName}`, ({ body }, reply) => {
    const lease = Lease.parse(body);
    if (silences > 0) silences -= 1;
    else if (broken) reply.reset();
    else if (lease.metadata.resourceVersion === stored?.metadata.resourceVersion) reply.json(200, store(lease));
    else reply.status(409, 'Conflict');
  });
});

afterEach(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

function candidate(identity: string): LeaderLease {
  const options = { client, clock, random: () => 0, logger: silentLogger, identity, namespace: 'kuberik-system' };
  return new LeaderLease(options);
}

interface Outcome<R> {
  value?: R;
  error?: unknown;
  done?: true;
}

/** Real requests and virtual time: both move until the promise is settled. */
async function drive<R>(promise: Promise<R>, limit: number): Promise<Outcome<R> & { seconds: number }> {
  const outcome: Outcome<R> = {};
  void promise.then(
    (value) => Object.assign(outcome, { value, done: true }),
    (error: unknown) => Object.assign(outcome, { error, done: true }),
  );
  const start = clock.now().epochMilliseconds;
  const seconds = (): number => (clock.now().epochMilliseconds - start) / 1000;
  while (outcome.done !== true && seconds() < limit) {
    await new Promise((resolve) => setTimeout(resolve, 3));
    await clock.advance(250);
  }
  return { ...outcome, seconds: seconds() };
}

describe('leader lease', () => {
  it('is created in the form that client-go reads', async () => {
    await candidate('me').acquire(abort.signal);
    expect(stored?.spec).toEqual({
      holderIdentity: 'me',
      leaseDurationSeconds: 15,
      acquireTime: '2026-05-01T00:00:00.000000Z',
      renewTime: '2026-05-01T00:00:00.000000Z',
      leaseTransitions: 0,
    });
  });

  it('is not taken from a holder that renews, whatever its clock says', async () => {
    const holder = candidate('old');
    await holder.acquire(abort.signal);
    const stop = new AbortController();
    const holding = holder.hold(stop.signal);
    stored = { ...stored!, spec: { ...stored!.spec, renewTime: '2001-01-01T00:00:00.000000Z' } };
    const trying = new AbortController();
    const { value, error } = await drive(
      candidate('new')
        .acquire(trying.signal)
        .then(() => 'leads'),
      60,
    );
    expect([value, error, stored.spec?.holderIdentity]).toEqual([undefined, undefined, 'old']);
    trying.abort(new Error('done'));
    stop.abort();
    await drive(holding, 5);
  });

  it('is taken 15 s after the last renewal that was seen here, and counts the transition', async () => {
    await candidate('old').acquire(abort.signal);
    stored = { ...stored!, spec: { ...stored!.spec, renewTime: '2099-01-01T00:00:00.000000Z' } };
    const { seconds } = await drive(candidate('new').acquire(abort.signal), 60);
    expect(seconds).toBeGreaterThanOrEqual(15);
    expect(seconds).toBeLessThan(20);
    expect(stored.spec).toMatchObject({ holderIdentity: 'new', leaseTransitions: 1 });
  });

  it('is lost when it cannot be renewed for 10 s', async () => {
    const holder = candidate('me');
    await holder.acquire(abort.signal);
    broken = true;
    const { error, seconds } = await drive(holder.hold(abort.signal), 60);
    expect(error).toMatchObject({ code: 'KBK_KUBE_LEASE_LOST' });
    expect(seconds).toBeGreaterThanOrEqual(10);
    expect(seconds).toBeLessThan(15);
  });

  it('is kept over one try that is never answered', async () => {
    const holder = candidate('me');
    await holder.acquire(abort.signal);
    silences = 1;
    const stop = new AbortController();
    const holding = holder.hold(stop.signal);
    const { done } = await drive(holding, 20);
    expect([silences, done]).toEqual([0, undefined]);
    stop.abort();
    await drive(holding, 5);
  });

  it('lets nobody write who has not renewed it for 15 s, or never had it', async () => {
    const holder = candidate('me');
    const lost = expect.objectContaining({ code: 'KBK_KUBE_LEASE_LOST' });
    const check = (): void => {
      holder.check();
    };
    expect(check).toThrow(lost);
    await holder.acquire(abort.signal);
    await clock.advance(14_999);
    expect(check).not.toThrow();
    await clock.advance(1);
    expect(check).toThrow(lost);
    await holder.acquire(abort.signal);
    expect(check).not.toThrow();
    await holder.release();
    expect(check).toThrow(lost);
  });

  it('holds no end up when it cannot be given back', async () => {
    const holder = candidate('me');
    await holder.acquire(abort.signal);
    silences = Number.POSITIVE_INFINITY;
    const { error, seconds } = await drive(holder.release(), 60);
    expect((error as Error).message).toContain('not released within 5000 ms');
    expect(seconds).toBeLessThan(6);
  });

  it('is lost when somebody else holds it', async () => {
    const holder = candidate('me');
    await holder.acquire(abort.signal);
    stored = {
      ...stored!,
      metadata: { ...stored!.metadata, resourceVersion: '99' },
      spec: { ...stored!.spec, holderIdentity: 'thief' },
    };
    const { error } = await drive(holder.hold(abort.signal), 60);
    expect((error as Error).message).toContain('thief holds it now');
  });

  it('is free at once after a release, and a holder comes back to its own', async () => {
    const holder = candidate('me');
    await holder.acquire(abort.signal);
    await holder.release();
    expect(stored?.spec).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
    const { seconds } = await drive(candidate('other').acquire(abort.signal), 60);
    expect(seconds).toBeLessThan(1);
    await holder.release();
    expect(stored?.spec?.holderIdentity).toBe('other');
    await candidate('other').acquire(abort.signal);
    expect(stored?.spec?.leaseTransitions).toBe(1);
  });

  it('renews every 2 s', async () => {
    const holder = candidate('me');
    await holder.acquire(abort.signal);
    const stop = new AbortController();
    const holding = holder.hold(stop.signal);
    await drive(new Promise(() => undefined), 20);
    const puts = server.requests.filter(({ method }) => method === 'PUT').length;
    expect(puts).toBeGreaterThanOrEqual(8);
    expect(puts).toBeLessThanOrEqual(10);
    stop.abort();
    expect((await drive(holding, 5)).error).toBeUndefined();
  });
});
