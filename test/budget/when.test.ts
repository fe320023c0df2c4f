/** What it costs to decide when: nothing while nothing changes, and one status for each thing that does. */
import { expect, test } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { RolloutSchedule } from '../../src/api/rollout-schedule.ts';
import { type Clock, systemClock } from '../../src/kube/clock.ts';
import { CONTROLLER_AGENT } from '../../src/sandbox/sandbox.ts';
import { Colleague } from '../support/colleague.ts';
import { startControllers } from '../support/controllers.ts';
import { eventually } from '../support/eventually.ts';
import { sharedGateService } from '../support/gate-service.ts';
import { gate, object } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { Meter, nothing } from '../support/traffic.ts';
import { sharedWorld } from '../support/world.ts';

const world = sharedWorld({ controllers: false });
const service = sharedGateService();
const ours = 'kuberik.com/v1alpha1';

/** Every look that is an hour away or more comes every second: at everything, at the end of a window, at a refusal. */
const hasty: Clock = {
  ...systemClock,
  after: (milliseconds, callback) => systemClock.after(milliseconds > 3_600_000 ? 1_000 : milliseconds, callback),
};

/** Without bake, and without a check: v1.0.0 runs. */
async function running(name: string): Promise<Space> {
  const space = await world().space(name);
  await space.application({ bakeTime: undefined, healthCheckSelector: undefined });
  await space.remove(HealthCheck, 'app');
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  return space;
}

/** What the controllers asked of the API server, watches left out. */
function asked(since: number): readonly string[] {
  return world()
    .requests.slice(since)
    .filter(({ userAgent, url }) => userAgent === CONTROLLER_AGENT && !url.includes('watch='))
    .map(({ method, url }) => `${method} ${url}`);
}

test('with gates of every class, approvals, freezes and schedules: nothing at rest, resyncs included', async () => {
  await using controllers = startControllers(world(), { clock: hasty });
  const space = await running('idle-gated');
  const alice = await Colleague.of(space, 'alice', 'kuberik-approver');
  service().answer(space.namespace, () => ({ body: { allowed: false, message: 'not today', retryAfter: '10h' } }));
  const rules = [{ name: 'far', dateRange: { start: '2090-01-01', end: '2090-01-02' } }, { name: 'always' }];
  const until = world().clock.now().add({ hours: 48 }).toString();
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': space.namespace } };
  await space.guard(
    gate('open', 'app', {}),
    gate('closed', 'app', { passing: false }),
    gate('listed', 'app', { allowedVersions: ['v9.9.9'] }),
    gate('stale', 'app', { validUntil: until }),
    gate('manual', 'app', { class: 'manual', approval: { required: 2, expiresAfter: '24h' } }),
    gate('http', 'app', { class: 'http', http: { url: service().url } }),
    gate('foreign', 'app', { class: 'moon-phase' }),
  );
  await space.put(
    object(ours, 'RolloutSchedule', 'window', { rolloutSelector: {}, rules }),
    object(ours, 'ClusterRolloutSchedule', 'idle', {
      rolloutSelector: {},
      namespaceSelector,
      rules: [{ daysOfWeek: ['Monday', 'Wednesday', 'Friday'] }],
    }),
    object(ours, 'Freeze', 'idle', { reason: 'until further notice', namespaceSelector }),
    object(ours, 'Freeze', 'idle-ends', { reason: 'two days', until, rolloutSelector: { matchLabels: { a: 'b' } } }),
  );
  await space.push('v1.1.0');
  await alice.decide('manual', { version: 'v1.1.0' as never });
  await alice.decide('manual', { version: 'v1.0.7' as never });
  await space.says('Progressing', 'False', 'Frozen');
  await eventually(async () => {
    expect((await space.get(RolloutSchedule, 'window')).status?.matchingRollouts).toBe(1);
    expect((await space.get(RolloutGate, 'http')).status?.verdicts).toMatchObject([{ tag: 'v1.1.0', allowed: false }]);
    const { gates = [] } = (await space.get(Rollout)).status ?? {};
    expect(gates).toHaveLength(9);
    expect(gates.find(({ name }) => name === 'manual')?.message).toContain('1 given, by alice');
  });
  const meter = new Meter(world(), space.namespace);
  await meter.settled();
  const since = world().requests.length;
  meter.restart();
  // Nothing can be waited for but the time itself: three resyncs long.
  await systemClock.sleep(3_200, new AbortController().signal);
  expect(meter.traffic).toEqual(nothing);
  expect(asked(since)).toEqual([]);
  expect(service().asked(space.namespace)).toHaveLength(1);
  await controllers.stop();
});

test('an approval costs one status, the one that opens the gate an apply and two events more; one that says nothing new costs nothing', async () => {
  await using controllers = startControllers(world());
  const space = await running('approved');
  const people = await Promise.all(
    ['alice', 'bob', 'carol'].map((name) => Colleague.of(space, name, 'kuberik-approver')),
  );
  const [alice, bob, carol] = people as [Colleague, Colleague, Colleague];
  await space.guard(gate('qa', 'app', { class: 'manual', approval: { required: 3 } }));
  await space.push('v1.1.0');
  await eventually(async () => {
    expect((await space.condition('Progressing'))?.message).toContain('waits for 3 approvals of v1.1.0');
  });
  const meter = new Meter(world(), space.namespace);
  await meter.settled();
  const version = { version: 'v1.1.0' as never };
  const cost = async (decide: () => Promise<unknown>) => {
    meter.restart();
    await decide();
    return meter.settled();
  };
  const one = { ...nothing, writes: { 'rollouts/status': 1 } };
  expect(await cost(() => alice.decide('qa', version))).toEqual(one);
  expect(await cost(() => bob.decide('qa', version))).toEqual(one);
  expect(await cost(() => bob.decide('qa', version))).toEqual(nothing);
  expect(await cost(() => bob.decide('another', version))).toEqual(nothing);
  // Two events: the gates pass, and the version is deployed.
  expect(await cost(() => carol.decide('qa', version))).toEqual({
    ...nothing,
    writes: { 'rollouts/status': 1, kustomizations: 1, events: 2 },
  });
  expect(await space.history()).toEqual(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await controllers.stop();
});
