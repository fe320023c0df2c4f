import { describe, expect, it, vi } from 'vitest';
import type { KubeObject } from '../../api/meta.ts';
import type { RolloutGateStatus } from '../../api/rollout-gate.ts';
import { neverAborted, serve } from '../../oci/testing/connect.ts';
import type { Script, ScriptedServer } from '../../oci/testing/scripted-server.ts';
import { GateWorld } from './testing/world.ts';

type Answer = Exclude<ReturnType<Script>, string>;
const json = (body: unknown, more: Answer = {}): Answer => ({ body: JSON.stringify(body), ...more });
const refused = json({ allowed: false, message: 'not in the window' });

/** A service whose answer can be changed, and a gate that asks it about v1.3.0. */
async function start(script: Script, spec: Record<string, unknown> = {}) {
  let current = script;
  const server = await serve((request) => current(request));
  const url = `http://${server.host}/check`;
  const world = new GateWorld().candidates('v1.3.0@sha256:aaa').gate({ url, ...spec });
  return {
    world,
    server,
    url,
    answer: (next: Script) => {
      current = next;
    },
  };
}

/** Looks until the status is so. */
function until(world: GateWorld, expected: Record<string, unknown>): Promise<RolloutGateStatus> {
  return vi.waitFor(
    async () => {
      const status = await world.look();
      expect(status).toMatchObject(expected);
      return status;
    },
    { timeout: 10_000, interval: 5 },
  );
}

const ready = (status: 'True' | 'False', reason: string, message?: string) => ({
  conditions: [{ type: 'Ready', status, reason, ...(message !== undefined && { message }) }],
});

const asked = ({ seen }: ScriptedServer): unknown[] =>
  seen.map(({ body }) => (JSON.parse(body) as Record<string, unknown>).version);

describe('a gate of class http', () => {
  it('asks about a candidate once, with everything that is known of it', async () => {
    const { world, server } = await start(() => json({ allowed: true, message: 'go' }));
    world.environment('production');
    const status = await until(world, ready('True', 'Answered'));
    expect(status).toMatchObject({
      observedGeneration: 1,
      verdicts: [
        { tag: 'v1.3.0', digest: 'sha256:aaa', allowed: true, message: 'go', timestamp: '2026-01-05T12:00:00Z' },
      ],
    });
    expect(status.verdicts?.[0]).not.toHaveProperty('retryAt');
    expect(status).not.toHaveProperty('message');
    expect(server.seen.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      {
        rollout: 'app',
        namespace: 'apps',
        version: 'v1.3.0',
        digest: 'sha256:aaa',
        revision: 'abc',
        environment: 'production',
      },
    ]);
    // From here on it rests: no timer, no request, no write, also in another process.
    expect(world.requeueAt).toBeUndefined();
    await world.restart().look();
    await world.clock.advance(86_400_000);
    await world.restart().look();
    expect([server.seen.length, world.writes, world.events]).toEqual([1, 1, []]);
  });

  it('asks about a version again when its digest is another one, and forgets what is no candidate any more', async () => {
    const { world, server } = await start(() => json({}));
    await until(world, { verdicts: [{ tag: 'v1.3.0' }] });
    world.candidates('v1.4.0@sha256:bbb', 'v1.3.0@sha256:ccc');
    await until(world, { verdicts: [{ tag: 'v1.4.0' }, { tag: 'v1.3.0', digest: 'sha256:ccc' }] });
    world.candidates('v1.4.0@sha256:bbb');
    expect((await until(world, {})).verdicts).toMatchObject([{ tag: 'v1.4.0' }]);
    expect(asked(server).toSorted()).toEqual(['v1.3.0', 'v1.3.0', 'v1.4.0']);
  });

  it('asks about the newest ten, and about the version that a person asks for', async () => {
    const { world, server } = await start(() => json({}));
    world.requested = { 'rollout.kuberik.com/deploy': 'v0.9.0' };
    const tags = Array.from({ length: 14 }, (_, index) => `v1.${20 - index}.0`);
    world.candidates(...tags);
    const expected = ['v0.9.0', ...tags.slice(0, 10)];
    await vi.waitFor(async () => {
      expect((await world.look()).verdicts?.map(({ tag }) => tag)).toEqual(expected);
    }, 10_000);
    expect(asked(server).toSorted()).toEqual(expected.toSorted());
    await until(
      world,
      ready('True', 'Answered', `http://${server.host}/check answers; 4 older candidates wait until these are decided`),
    );
  });

  it('asks again after a refusal when the interval is over, and says what it waits for', async () => {
    const { world, server, url, answer } = await start(() => refused, { interval: '5m' });
    const message = `${url} refuses v1.3.0: not in the window; asked again 2026-01-05T12:05:00Z`;
    await until(world, {
      message,
      verdicts: [{ allowed: false, message: 'not in the window', retryAt: '2026-01-05T12:05:00Z' }],
      ...ready('True', 'Answered'),
    });
    expect(world.requeueAt?.toString()).toBe('2026-01-05T12:05:00Z');
    // Also in another process, and not before.
    await world.restart().look();
    expect(server.seen).toHaveLength(1);
    await world.later();
    await until(world, { verdicts: [{ allowed: false, retryAt: '2026-01-05T12:10:00Z' }] });
    answer(() => json({ allowed: true }));
    await world.later();
    const status = await until(world, { verdicts: [{ allowed: true }] });
    expect(status).not.toHaveProperty('message');
    expect([server.seen.length, world.writes, world.requeueAt, world.events]).toEqual([3, 3, undefined, []]);
  });

  it.each([
    ['seconds in the answer', json({ allowed: false, retryAfter: 90 }), '2026-01-05T12:01:30Z'],
    ['a duration in the answer', json({ allowed: false, retryAfter: '1h30m' }), '2026-01-05T13:30:00Z'],
    ['the header', json({ allowed: false }, { headers: { 'retry-after': '7200' } }), '2026-01-05T14:00:00Z'],
    [
      'a date in the header',
      json({}, { status: 409, headers: { 'retry-after': 'Mon, 05 Jan 2026 12:02:00 GMT' } }),
      '2026-01-05T12:02:00Z',
    ],
    ['at least ten seconds', json({ allowed: false, retryAfter: 0 }), '2026-01-05T12:00:10Z'],
    ['at most a day', json({ allowed: false, retryAfter: 1e9 }), '2026-01-06T12:00:00Z'],
    ['the interval where it is nonsense', json({ allowed: false, retryAfter: 'soon' }), '2026-01-05T12:01:00Z'],
    ['the header of one that is busy', { status: 503, headers: { 'retry-after': '600' } }, '2026-01-05T12:10:00Z'],
  ])('comes back when the service says: %s', async (_what, answer, retryAt) => {
    const { world } = await start(() => answer);
    await until(world, { verdicts: [{ allowed: false, retryAt }] });
  });

  const broken: readonly (readonly [string, Script, Record<string, unknown>, string])[] = [
    ['breaks', () => ({ status: 500, body: '{"allowed":true}' }), {}, 'it answered 500'],
    ['answers garbage', () => ({ body: '<html>' }), {}, 'it answered 200, and its answer is no JSON'],
    ['hangs up', () => 'reset', {}, 'other side closed'],
    [
      'answers what success cannot judge',
      () => json({ state: 1 }),
      { success: 'body.state.open' },
      'it answered 200, and success cannot be evaluated for its answer',
    ],
  ];
  it.each(broken)(
    'is closed and says so when the service %s, and tells of it once',
    async (_what, script, spec, fault) => {
      const { world, url, answer } = await start(script, spec);
      const message = expect.stringContaining(`no usable answer from ${url}: ${fault}`) as string;
      const failed = {
        verdicts: [{ allowed: false, failed: true, message }],
        ...ready('False', 'Unreachable', message),
      };
      const first = await until(world, failed);
      expect(first.message).toMatch(/^v1\.3\.0: no usable answer .*; asked again 2026-01-05T12:01:00Z$/);
      for (const minute of [2, 3]) {
        await world.later();
        await until(world, { ...failed, verdicts: [{ retryAt: `2026-01-05T12:0${minute}:00Z` }] });
      }
      // The time of a condition is when it began.
      expect((await world.look()).conditions?.[0]?.lastTransitionTime).toBe('2026-01-05T12:00:00Z');
      answer(() => json({ allowed: true, state: { open: true } }));
      await world.later();
      await until(world, { verdicts: [{ allowed: true }], ...ready('True', 'Answered', `${url} answers`) });
      expect(world.events.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
        'Warning Unreachable',
        'Normal Answered',
      ]);
    },
  );

  it('gives up after the time-out, and is not held up meanwhile', async () => {
    const { world, server } = await start(() => 'silence', { timeout: '3s' });
    await world.look();
    await expect.poll(() => server.seen.length).toBe(1);
    await world.clock.advance(3_000);
    await until(
      world,
      ready('False', 'Unreachable', `no usable answer from http://${server.host}/check: no answer within 3 s`),
    );
  });

  it('has verdicts by the expression alone, whatever the body says', async () => {
    const { world } = await start(() => json({ allowed: true, state: 'shut' }), { success: 'body.state == "open"' });
    await until(world, { verdicts: [{ allowed: false, message: 'it answered 200' }], ...ready('True', 'Answered') });
  });

  it('shows one line of what the service says', async () => {
    const words = `no\u001b[31m\nway\u202e ${'x'.repeat(2_000)}`;
    const { world } = await start(() => json({ allowed: false, message: words }));
    const status = await until(world, { verdicts: [{ allowed: false }] });
    expect(status.verdicts?.[0]?.message).toMatch(/^no \[31m way x+$/);
    expect(status.verdicts?.[0]?.message).toHaveLength(512);
  });
});

describe('what it is asked with', () => {
  it('comes out of Secrets, and never into a status or an event, even if the service repeats it', async () => {
    const secret = 'hunter2secret';
    const { world, server, answer } = await start(
      ({ headers }) => json({ allowed: false, message: `who is ${headers.authorization}?` }),
      { headersSecretRef: { name: 'service' } },
    );
    world.secret('service', { Authorization: `Bearer ${secret}\n` });
    await until(world, { verdicts: [{ allowed: false, message: 'who is ***?' }] });
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${secret}`);
    answer(() => ({ status: 500, headers: { 'x-said': secret }, body: secret }));
    await world.later();
    await until(world, ready('False', 'Unreachable'));
    answer(() => ({ status: 307, headers: { location: `http://${secret}.example.com/` } }));
    await world.later();
    await until(world, ready('False', 'Unreachable', expect.stringContaining('redirects') as string));
    expect(JSON.stringify([await world.look(), world.events])).not.toContain(secret);
  });

  it('is read anew for each question, and named when it is missing', async () => {
    const { world, server } = await start(() => json({}), { headersSecretRef: { name: 'service' } });
    await until(world, ready('False', 'SecretNotFound', 'Secret apps/service is not there: create it'));
    world.secret('service', { Host: 'evil' });
    await world.later();
    await until(world, ready('False', 'SecretNotFound', expect.stringContaining('the key "Host"') as string));
    expect(server.seen).toEqual([]);
    world.secret('service', { 'x-token': 'one' });
    await world.later();
    await until(world, ready('True', 'Answered'));
    expect(server.seen[0]?.headers['x-token']).toBe('one');
  });

  it.each([
    [{ url: 'http://api.example.com/' }, 'HostNotAllowed', /api\.example\.com.*--http-gate-hosts/],
    [{ url: 'http://169.254.169.254/latest' }, 'HostNotAllowed', /--http-gate-hosts/],
    [{ url: 'http://127.0.0.1.evil.org/' }, 'HostNotAllowed', /--http-gate-hosts/],
    [{ url: 'http://me:hunter2secret@127.0.0.1/' }, 'InvalidSpec', /headersSecretRef/],
    [{ url: 'http://127.0.0.1:99999/' }, 'InvalidSpec', /url is no URL/],
    [{ success: 'status ==' }, 'InvalidSpec', /success is no CEL expression.*EOF/],
    [{ timeout: '0s' }, 'InvalidSpec', /timeout is nothing/],
    [{ interval: '99999999h' }, 'InvalidSpec', /interval: .*292 years/],
  ])('is wrong in %j: %s, closed, and nothing is asked', async (spec, reason, message) => {
    const { world, server } = await start(() => json({}), spec);
    const status = await until(world, { passing: false, observedGeneration: 1, ...ready('False', reason) });
    expect(status.message).toMatch(message);
    expect(JSON.stringify([status, world.events])).not.toContain('hunter2secret');
    expect([server.seen.length, world.requeueAt, world.events.length]).toEqual([0, undefined, 1]);
    world.gate({ url: `http://${server.host}/` });
    const next = await until(world, { verdicts: [{ allowed: true }], ...ready('True', 'Answered') });
    expect(next).not.toHaveProperty('passing');
  });
});

describe('what changes while a service is asked', () => {
  it.each([
    ['the gate', (world: GateWorld) => world.gate(undefined)],
    ['its class', (world: GateWorld) => world.gate(null)],
    ['the candidate', (world: GateWorld) => world.candidates()],
  ])('%s: the question is withdrawn and its answer dropped', async (_what, change) => {
    const { world, server } = await start(() => 'silence');
    await world.look();
    await expect.poll(() => server.seen.length).toBe(1);
    await change(world).look();
    // Nothing waits for the service any more.
    await expect.poll(() => world.clock.pending).toBe(0);
    await world.clock.advance(60_000);
    expect((await world.look()).verdicts ?? []).toEqual([]);
    expect(world.events).toEqual([]);
  });

  it('the spec: what it asked before is withdrawn', async () => {
    const { world, server, url } = await start((request) => (request.url === '/check' ? 'silence' : json({})));
    await world.look();
    await expect.poll(() => server.seen.length).toBe(1);
    world.gate({ url: `${url}/v2` });
    await until(world, { observedGeneration: 2, verdicts: [{ allowed: true }] });
    expect(server.seen.map((request) => request.url)).toEqual(['/check', '/check/v2']);
    await expect.poll(() => world.clock.pending).toBe(0);
  });

  it('the spec: everything is asked again, and old verdicts are gone', async () => {
    const { world, server, url } = await start(() => json({ allowed: true }));
    await until(world, { observedGeneration: 1, verdicts: [{ allowed: true }] });
    world.gate({ url: `${url}?strict=yes` });
    const status = await until(world, { observedGeneration: 2 });
    expect(status.verdicts).toMatchObject([{ allowed: true }]);
    expect(server.seen.map((request) => request.url)).toEqual(['/check', '/check?strict=yes']);
  });

  it('an answer is not lost to a status that somebody else wrote first', async () => {
    const { world, server } = await start(() => json({ allowed: true }));
    world.cluster.failures.set('replace RolloutGate apps/change', 409);
    await world.look();
    await expect.poll(() => server.seen.length).toBe(1);
    await vi.waitFor(() => expect(world.look()).rejects.toMatchObject({ status: 409 }));
    world.cluster.failures.clear();
    await world.controller.reconciler.reconcile({ namespace: 'apps', name: 'change' }, neverAborted);
    expect((await world.look()).verdicts).toMatchObject([{ allowed: true }]);
    expect(server.seen).toHaveLength(1);
  });
});

describe('what wakes it', () => {
  it('its Rollout, when candidates or the version that a person asks for change, and nothing else of it', async () => {
    const world = new GateWorld().gate({ url: 'http://127.0.0.1/' });
    const source = world.controller.watches.find(({ type }) => type.kind === 'Rollout');
    const rollout = (status: object, annotations = {}) =>
      ({
        apiVersion: 'kuberik.com/v1alpha1',
        kind: 'Rollout',
        metadata: { namespace: 'apps', name: 'app', annotations },
        spec: { releasesImagePolicy: { name: 'app' } },
        status,
      }) as KubeObject;
    const one = rollout({ releaseCandidates: [{ tag: 'v1' }] });
    const wakes = async (current: KubeObject, previous?: KubeObject) => [
      ...((await source?.wakes(current, previous)) ?? []),
    ];
    const woken = [{ namespace: 'apps', name: 'change' }];
    expect(await wakes(one)).toEqual(woken);
    expect(await wakes(one, rollout({ releaseCandidates: [{ tag: 'v0' }] }))).toEqual(woken);
    expect(await wakes(one, rollout({ releaseCandidates: [{ tag: 'v1' }], history: [] }))).toEqual([]);
    const requested = rollout({ releaseCandidates: [{ tag: 'v1' }] }, { 'rollout.kuberik.com/deploy': 'v1' });
    expect(await wakes(requested, one)).toEqual(woken);
    world.gate(null);
    expect(await wakes(one)).toEqual([]);
  });
});
