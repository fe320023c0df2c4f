/** What nobody can refuse at the door about when a version may go out: it is named where people look, and nothing is lost. */
import { afterAll, expect, test } from 'vitest';
import { Freeze } from '../../src/api/freeze.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { RolloutSchedule } from '../../src/api/rollout-schedule.ts';
import { Colleague } from '../support/colleague.ts';
import { eventually } from '../support/eventually.ts';
import { sharedGateService } from '../support/gate-service.ts';
import { gate, object } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { Meter } from '../support/traffic.ts';
import { sharedWorld, startWorld } from '../support/world.ts';

const world = sharedWorld();
const service = sharedGateService();

/** Whatever was tried, nobody asks or writes in a circle at the end. */
const tried: Space[] = [];
afterAll(async () => {
  const meters = tried.map(({ namespace }) => new Meter(world(), namespace));
  const written = await Promise.all(meters.map(async (meter) => (await meter.settled()).writes));
  expect(written).toEqual(meters.map(() => ({})));
});

type Fields = Readonly<Record<string, unknown>>;

const Event: ResourceType = {
  apiVersion: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  parse: (raw) => raw as KubeObject,
};

/** v1.0.0 runs. */
async function running(name: string): Promise<Space> {
  const space = await world().space(name);
  tried.push(space);
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  return space;
}

async function waitsFor(space: Space, words: string): Promise<void> {
  await eventually(async () => {
    const { message } = (await space.condition('Progressing')) ?? {};
    expect(message).toContain(words);
  });
}

async function ignored(space: Space, words: string): Promise<void> {
  await eventually(async () => {
    const { items } = await space.client.list(Event, { namespace: space.namespace });
    const texts = items.map((item) => item as KubeObject & { reason: string; message: string });
    expect(texts.filter(({ reason }) => reason === 'RequestIgnored').map(({ message }) => message)).toContainEqual(
      expect.stringContaining(words),
    );
  });
}

test.concurrent.each<[string, Fields, string, string]>([
  [
    'an expression with a fault',
    { success: 'status ==' },
    'InvalidSpec',
    'success is no CEL expression over status and body',
  ],
  ['an expression about nothing', { success: 'answer.allowed' }, 'InvalidSpec', 'Unknown variable: answer'],
  ['a URL that cannot be one', { url: 'http://[' }, 'InvalidSpec', 'url is no URL'],
  ['a Secret that is not there', { headersSecretRef: { name: 'gone' } }, 'SecretNotFound', 'gone'],
])('a service with %s: the gate says so and is closed', async (title, http, reason, words) => {
  const space = await running(title.replaceAll(/[^a-z]+/gi, '-').toLowerCase());
  await space.guard(gate('check', 'app', { class: 'http', http: { url: service().url, ...http } }));
  await space.push('v1.1.0');
  await eventually(async () => {
    const { status } = await space.get(RolloutGate, 'check');
    expect(status?.conditions).toMatchObject([{ type: 'Ready', status: 'False', reason }]);
    expect(status?.conditions?.[0]?.message).toContain(words);
  });
  await waitsFor(space, words);
  expect(service().asked(space.namespace)).toEqual([]);
  await space.put(gate('check', 'app', { class: 'http', http: { url: service().url } }));
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('an approval of a version that nobody knows opens nothing, and the Rollout says whose it is', async () => {
  const space = await running('unknown-version');
  await space.guard(gate('qa', 'app', { class: 'manual' }));
  await space.push('v1.1.0');
  const alice = await Colleague.of(space, 'alice', 'kuberik-approver');
  await alice.decide('qa', { version: 'v1.1.1' as never });
  await alice.decide('nobody-knows', { version: 'v1.1.0' as never });
  await waitsFor(space, 'not counted: alice (decided about v1.1.1, which is not known)');
  expect(await space.carried()).toEqual(['v1.0.0']);
  // What was typed wrong is for the version that it names, should that come.
  await space.push('v1.1.1');
  await space.reaches(['v1.1.1 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('a class that nobody serves holds, and names whose turn it is', async () => {
  const space = await running('unknown-class');
  await space.guard(gate('moon', 'app', { class: 'moon-phase' }));
  await space.push('v1.1.0');
  await waitsFor(space, 'RolloutGate moon waits for the first answer of class moon-phase');
  await space.annotate({ 'bypass-gates': 'v1.1.0' });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent.each<[string, Fields]>([
  ['for the Rollouts', { rolloutSelector: { matchLabels: { 'no key': 'b' } } }],
  ['for the namespaces', { namespaceSelector: { matchLabels: { 'no key': 'b' } } }],
])('a freeze with a selector %s that means nothing stops everything, and says so', async (title, selector) => {
  // A server and a controller of its own: it means every namespace.
  await using alone = await startWorld();
  const space = await alone.space('frozen');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(object('kuberik.com/v1alpha1', 'Freeze', 'stop', { reason: title, ...selector }));
  await space.says('DeploymentBlocked', 'True', 'Frozen');
  await space.push('v1.1.0');
  await waitsFor(space, 'its selector cannot be understood, so that it selects everything');
  expect(await space.carried()).toEqual(['v1.0.0']);
  await alone.client.remove(Freeze, { namespace: '', name: 'stop' });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('a freeze that is over from the start stops nothing', async () => {
  const space = await running('over');
  await space.put(
    object('kuberik.com/v1alpha1', 'Freeze', 'over', { reason: 'long ago', until: '2020-01-01T00:00:00Z' }),
  );
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent.each<[string, Fields, string]>([
  ['a zone', { timezone: 'Europe/Atlantis' }, '"Europe/Atlantis" is not a time zone'],
  ['a date', { rules: [{ dateRange: { start: '2025-02-29', end: '2025-03-01' } }] }, '2025-02-29'],
  ['a selector', { rolloutSelector: { matchLabels: { 'no key': 'b' } } }, 'rolloutSelector'],
])(
  'a schedule with %s that nobody understands closes what it had opened, and says why',
  async (title, fault, words) => {
    const space = await running(`schedule-${title.replace(/.* /, '')}`);
    const spec = { rolloutSelector: {}, action: 'Allow', rules: [{ name: 'always' }] };
    const schedule = (fields: Fields) =>
      object('kuberik.com/v1alpha1', 'RolloutSchedule', 'window', { ...spec, ...fields });
    await space.put(schedule({}));
    await eventually(async () => {
      expect((await space.get(RolloutSchedule, 'window')).status).toMatchObject({ active: true, matchingRollouts: 1 });
    });
    await space.put(schedule(fault));
    await eventually(async () => {
      const { status } = await space.get(RolloutSchedule, 'window');
      expect(status?.conditions).toMatchObject([{ status: 'False', reason: 'InvalidSpec' }]);
      expect(status?.conditions?.[0]?.message).toContain(words);
      const { items } = await space.client.list(RolloutGate, { namespace: space.namespace });
      expect(items.map((item) => RolloutGate.parse(item).spec.passing)).toEqual([false]);
    });
    await space.says('GatesPassing', 'False', 'SomeGatesBlocking');
    await space.push('v1.1.0');
    await waitsFor(space, 'is closed by RolloutSchedule window');
    await space.put(schedule({}));
    await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  },
);

test.concurrent.each<[key: string, what: string, value: string, words: string]>([
  ['force-deploy', 'a command', '$(rm -rf /)', 'cannot be a tag or a digest'],
  ['force-deploy', 'a book', 'v'.repeat(10_000), 'cannot be a tag or a digest'],
  ['deploy', 'a path', '../../etc/passwd', 'cannot be a tag or a digest'],
  ['deploy', 'two versions', 'v1.0.0 v1.1.0', 'cannot be a tag or a digest'],
  ['rollback', 'a command', '$(rm -rf /)', 'has not finished its bake here'],
  ['revoke', 'markup', '<script>', 'cannot be a tag'],
  ['retry', 'a command', '$(rm -rf /)', 'v1.0.0 has not failed'],
  ['unblock-failed', 'nothing that failed', 'true', 'the newest deployment has not failed'],
])('the annotation %s with %s is taken off, and an event says why', async (key, _what, value, words) => {
  const space = await running(`${key}-${tried.length}`);
  await space.annotate({ [key]: value, 'deploy-message': 'x' });
  await ignored(space, words);
  await eventually(async () => {
    const { annotations = {} } = (await space.get(Rollout)).metadata;
    expect(annotations).not.toHaveProperty([`rollout.kuberik.com/${key}`]);
  });
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});
