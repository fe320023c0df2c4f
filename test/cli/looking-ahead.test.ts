/** explain and forecast: every reason, why one version is not deployed, and what comes of it, on a whole sandbox. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterRolloutSchedule } from '../../src/api/cluster-rollout-schedule.ts';
import { Freeze } from '../../src/api/freeze.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { ExitCode } from '../../src/cli/errors.ts';
import { eventually } from '../support/eventually.ts';
import { gate, object } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { sharedWorld } from '../support/world.ts';
import { start, wordsOf } from './command.ts';
import { administratorConfig } from './people.ts';

const world = sharedWorld();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kuberik-looking-ahead-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function kuberik(
  space: Space,
  line: string,
  ...more: readonly string[]
): Promise<{ code: ExitCode; out: string; err: string }> {
  const config = administratorConfig(world(), folder);
  return start(['-n', space.namespace, '--kubeconfig', config, ...wordsOf(line), ...more]).ended;
}

async function patch(space: Space, type: ResourceType, name: string, spec: object): Promise<void> {
  await world().client.patch(type, { namespace: space.namespace, name }, { type: 'merge', body: { spec } });
}

/** `v1.0.0` runs; a gate of people, and a freeze, hold `v1.1.0` and `v1.2.0`. */
async function held(name: string): Promise<Space> {
  const space = await world().space(name);
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(gate('board', 'app', { class: 'manual', approval: { required: 2 } }));
  await space.push('v1.1.0');
  await space.push('v1.2.0');
  await eventually(async () => {
    const candidates = (await space.get(Rollout)).status?.releaseCandidates?.map(({ tag }) => tag);
    expect(candidates).toEqual(['v1.2.0', 'v1.1.0']);
  });
  return space;
}

test.concurrent('explain names everything that holds each candidate back, and who can lift it', async () => {
  const space = await held('why');
  const selector = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': space.namespace } } };
  const until = '2099-01-01T00:00:00Z';
  const { client } = world();
  const metadata = { name: 'why' };
  const spec = { reason: 'database is being moved', until, ...selector };
  await client.create(Freeze, { apiVersion: Freeze.apiVersion, kind: 'Freeze', metadata, spec });
  const { out } = await kuberik(space, 'explain rollout app');
  expect(out).toContain('1. Freeze why is on until 2099-01-01T00:00:00Z: database is being moved');
  expect(out).toContain('2. RolloutGate board waits for 2 approvals of v1.2.0');
  expect(out).toContain('kuberik approve board v1.2.0');
  expect(out).toContain('it is decided again 2099-01-01 00:00');

  const data = JSON.parse((await kuberik(space, 'explain rollout app -o json')).out);
  const codes = data.candidates.map((one: { tag: string; reasons: { code: string }[] }) => [
    one.tag,
    one.reasons.map(({ code }) => code),
  ]);
  expect(codes).toEqual([
    ['v1.2.0', ['Frozen', 'WaitingForGates']],
    ['v1.1.0', ['Frozen', 'WaitingForGates']],
  ]);
  // The same words are in the conditions.
  const conditions = (await space.get(Rollout)).status?.conditions ?? [];
  const messageOf = (type: string) => conditions.find((condition) => condition.type === type)?.message;
  expect(messageOf('DeploymentBlocked')).toBe(data.reasons[0].message);
  expect(messageOf('GatesPassing')).toContain('RolloutGate board waits for 2 approvals of v1.2.0');
});

test.concurrent('explain --version says of any version why it does not run', async () => {
  const space = await held('version');
  const say = async (version: string): Promise<string> =>
    (await kuberik(space, `explain rollout app --version ${version}`)).out;
  expect(await say('v1.1.0')).toContain('1. RolloutGate board waits for 2 approvals of v1.1.0');
  expect(await say('v1.0.0')).toContain('it is what runs');
  expect(await say('v9.9.9')).toContain('the registry has no such tag');
  await space.push('nightly');
  expect(await say('nightly')).toContain('the registry has it, and the ImagePolicy does not admit it');
  expect((await kuberik(space, 'explain rollout app --version -x-')).code).toBe(ExitCode.Usage);
  await space.annotate({ 'force-deploy': 'v1.1.0' });
  await space.reaches(['v1.1.0 Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
  expect(await say('v1.0.0')).toContain('kuberik rollback app --to v1.0.0');
});

test.concurrent('forecast says what happens, and what would; then it does', async () => {
  const space = await held('ahead');
  await patch(space, Rollout, 'app', { bakeTime: '2s' });
  const still = await kuberik(space, 'forecast rollout app --for 2h');
  expect(still.out).toContain('nothing happens until');
  expect(still.out).toContain('1. RolloutGate board waits for 2 approvals of v1.2.0');
  const approved = JSON.parse((await kuberik(space, 'forecast rollout app -o json', '--if', 'approve board')).out);
  expect(approved.timeline.map(({ kind, version }: { kind: string; version: string }) => [kind, version])).toEqual([
    ['Deployment', 'v1.2.0'],
    ['BakeStarted', 'v1.2.0'],
    ['BakeSucceeded', 'v1.2.0'],
  ]);
  const pushed = await kuberik(space, 'forecast rollout app', '--if', 'open board', '--if', 'push v1.3.0');
  expect(pushed.out).toMatch(/today \d\d:\d\d +v1\.3\.0 is deployed \(Automatic deployment\)/);
  expect(pushed.out).toContain('RolloutGate board is opened now, for good');

  await patch(space, RolloutGate, 'board', { class: null, approval: null });
  await space.reaches(['v1.2.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('forecast follows a schedule over days', async () => {
  const space = await world().space('windows');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const { apiVersion } = ClusterRolloutSchedule;
  // Some hour that is not now, in any zone, on every day.
  const hour = (Temporal.Now.zonedDateTimeISO('UTC').hour + 6) % 24;
  const text = (value: number) => `${String(value % 24).padStart(2, '0')}:00`;
  const window = { name: 'window', timeRange: { start: text(hour), end: text(hour + 2) } };
  await space.put(
    object(apiVersion, 'RolloutSchedule', 'hours', { action: 'Allow', rolloutSelector: {}, rules: [window] }),
  );
  await eventually(async () => {
    expect(await world().client.list(RolloutGate, { namespace: space.namespace })).toMatchObject({
      items: [{ spec: { passing: false } }],
    });
  });
  await space.push('v1.1.0');
  await eventually(async () => {
    expect((await space.get(Rollout)).status?.releaseCandidates?.map(({ tag }) => tag)).toEqual(['v1.1.0']);
  });
  const { timeline } = JSON.parse((await kuberik(space, 'forecast rollout app --for 30h -o json')).out);
  const kinds = timeline.map(({ kind, message }: { kind: string; message: string }) => `${kind}: ${message}`);
  expect(kinds.slice(0, 2)).toEqual([
    'Gate: RolloutSchedule hours opens its gate',
    'Deployment: v1.1.0 is deployed (Automatic deployment)',
  ]);
  expect(kinds).toContain('Gate: RolloutSchedule hours closes its gate');
  expect(timeline[0].at).toContain(`T${text(hour)}`);
});

test.concurrent.each([
  [['--if', 'approve nobody'], ExitCode.Usage, 'there is no RolloutGate nobody for this Rollout; there is board'],
  [['--if', 'dance'], ExitCode.Usage, '"dance" is nothing that can be assumed'],
  [['--if', 'push nightly'], ExitCode.Failure, 'does not admit nightly'],
  [['--for', '3y'], ExitCode.Usage, '--for is "3y"'],
  [['--if', 'unfreeze xmas'], ExitCode.Usage, 'there is no Freeze xmas for this Rollout; there is none'],
])('forecast refuses %j', async (options, code, message) => {
  const space = await world().space('refused');
  await space.application();
  await space.put(gate('board', 'app', { class: 'manual' }));
  const { code: ended, err } = await kuberik(space, 'forecast rollout app', ...options);
  expect(err).toContain(message);
  expect(ended).toBe(code);
});
