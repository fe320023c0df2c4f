/** Every verb of the command, as people with roles of their own use it on a whole sandbox. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rollout } from '../../src/api/rollout.ts';
import { ExitCode } from '../../src/cli/errors.ts';
import { eventually } from '../support/eventually.ts';
import { foreignCheck, gate, judgedBy } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { sharedWorld } from '../support/world.ts';
import { administrator, administratorOf, person } from './people.ts';

const world = sharedWorld({ users: ['jane', 'bob', 'ann'] });
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kuberik-verbs-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const manual = { class: 'manual' };

/** `v1.0.0` runs, and `v1.1.0` is held by these gates. */
async function held(name: string, gates: Readonly<Record<string, object>>): Promise<Space> {
  const space = await world().space(name);
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(...Object.entries(gates).map(([gateName, spec]) => gate(gateName, 'app', { ...spec })));
  await space.push('v1.1.0');
  await eventually(async () => {
    expect((await space.get(Rollout)).status?.releaseCandidates?.map(({ tag }) => tag)).toEqual(['v1.1.0']);
  });
  return space;
}

/** `v1.1.0` runs, and before it `v1.0.0` did. */
async function twoReleases(name: string): Promise<Space> {
  const space = await world().space(name);
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  return space;
}

const admin = (space: Space) => administrator(world(), space, folder);
const as = (space: Space, name: string, role: string) => person(world(), space, folder, name, role);

test.concurrent('deploy waits for the gate, two people approve, and history says who', async () => {
  const space = await held('approve', { 'change-board': { ...manual, approval: { required: 2, notBy: 'deployer' } } });
  const jane = await as(space, 'jane', 'kuberik-deployer');
  const bob = await as(space, 'bob', 'kuberik-approver');
  const ann = await as(space, 'ann', 'kuberik-approver');

  expect(await jane('deploy app v1.1.0 -m CHG-7')).toMatchObject({
    code: ExitCode.Ok,
    out: expect.stringMatching(
      /^Deploys v1\.1\.0 to approve\/app as soon as gate change-board lets it through\.\n[^]*Deployment of v1\.1\.0 requested by jane: rollout\.kuberik\.com\/app\n$/,
    ),
  });
  const refused = await jane('approve change-board');
  expect([refused.code, refused.err]).toEqual([
    ExitCode.Failure,
    'error: you asked to deploy v1.1.0 yourself, and gate change-board wants four eyes (spec.approval.notBy is deployer)\n' +
      'try: ask somebody else to approve it\n',
  ]);
  expect((await bob('approve change-board -m fine')).out).toContain(
    'Approves v1.1.0 at gate change-board of approve/app as bob, which makes 1 of 2 approvals: 1 more is needed.\n',
  );
  expect(await bob('approve change-board v1.1.0')).toMatchObject({
    code: ExitCode.Failure,
    err: 'error: you have approved v1.1.0 at gate change-board already\n',
  });
  const last = await ann('approve --rollout app --wait');
  expect([last.code, last.err]).toEqual([ExitCode.Ok, '']);
  expect(last.out).toContain('as ann, which opens the gate for it.\n');
  expect(last.out).toContain('gate change-board lets v1.1.0 go');
  await space.reaches(['v1.1.0 Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
  expect((await space.entries())[0]).toMatchObject({
    message: 'CHG-7',
    triggeredBy: { kind: 'User', name: 'jane' },
    approvals: expect.arrayContaining([
      { gate: 'change-board', by: 'ann' },
      { gate: 'change-board', by: 'bob', reason: 'fine' },
    ]),
  });
  expect((await jane('history app -o wide')).out).toMatch(/change-board: bob \(fine\)/);
  expect((await jane('get approvals')).out).toMatch(/change-board +v1\.1\.0 +Approve +bob +\S+ +fine\n/);
});

test.concurrent('whoever lacks the verb is told which, where, and who has it', async () => {
  const space = await held('lacks', { 'change-board': manual });
  const jane = await as(space, 'jane', 'kuberik-deployer');
  const bob = await as(space, 'bob', 'kuberik-approver');
  expect(await jane('deploy app v1.1.0 --force')).toEqual({
    code: ExitCode.Forbidden,
    out: '',
    err:
      'error: jane may not deploy a version past gates, freezes and health checks: the verb "force-deploy" on rollouts.kuberik.com in namespace lacks is missing\n' +
      'try: ask whoever may write RoleBindings of namespace lacks for a role with that verb, such as kuberik-operator; check it with: kubectl auth can-i force-deploy rollouts.kuberik.com -n lacks\n',
  });
  const others = ['deploy app v1.1.0 --through-gates', 'pin app v1.1.0', 'revoke app v1.1.0'];
  for (const line of others) expect([line, (await jane(line)).code]).toEqual([line, ExitCode.Forbidden]);
  expect((await jane('approve change-board')).err).toContain('such as kuberik-approver');
  expect((await bob('deploy app v1.1.0')).err).toContain('the verb "deploy" on rollouts.kuberik.com');
  expect((await bob('reject change-board -m "too slow"')).out).toContain(
    'Rejects v1.1.0 at gate change-board of lacks/app as bob, which keeps it from being deployed, whatever others decide.\n',
  );
  expect(Object.keys((await space.get(Rollout)).metadata.annotations ?? {})).toEqual([]);
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
});

test.concurrent('--force goes past gates and freezes, names them, and history keeps the freeze', async () => {
  const space = await held('force', { 'change-board': manual, hours: { passing: false } });
  await space.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'force', labels: { frozen: 'force' } } });
  const say = admin(space);
  expect((await say('deploy app v1.1.0')).out).toContain('as soon as gates change-board and hours let it through.\n');
  expect(await say('cancel app')).toMatchObject({
    code: ExitCode.Ok,
    out:
      'Takes your request to deploy v1.1.0 at force/app back.\n' +
      'Taken back by kubernetes-admin: rollout.kuberik.com/app\n',
  });
  const everywhere = administratorOf(world(), folder);
  const freeze = await everywhere('freeze stop-force -m "no changes" --for 2h --namespace-selector frozen=force');
  expect(freeze.out).toMatch(
    /^Freezes every Rollout of the namespaces with frozen=force \(1 now\) until 2\S+Z: nothing automatic is deployed/,
  );
  expect((await say('deploy app v1.1.0')).out).toMatch(/let it through and freeze stop-force is over\.\n/);
  const forced = await say('deploy app v1.1.0 --force --wait');
  expect([forced.code, forced.err]).toEqual([ExitCode.Ok, '']);
  expect(forced.out).toMatch(
    /^Deploys v1\.1\.0 to force\/app now, past the closed gates change-board and hours and freeze stop-force, in place of your request to deploy v1\.1\.0\.\n/,
  );
  expect(forced.out).toMatch(/\n {2}Deploying v1\.1\.0: [^]*\nv1\.1\.0 is deployed and its bake succeeded\n$/);
  expect((await space.entries())[0]).toMatchObject({ trigger: 'Manual', freezes: ['stop-force'] });
  expect((await everywhere('get freezes stop-force')).out).toMatch(
    /stop-force +On .* frozen=force +<all> .* no changes\n/,
  );
  expect((await everywhere('freeze stop-force -m again')).err).toContain('there is a freeze stop-force already');
  expect((await everywhere('unfreeze stop-force')).out).toMatch(/^Lifts freeze stop-force \(no changes\): /);
  expect((await everywhere('unfreeze stop-force')).code).toBe(ExitCode.NotFound);
});

test.concurrent.each([
  ['freeze x', 'a freeze needs a reason'],
  ['freeze x -m y --for 1h --until 2027-01-01', 'contradict each other'],
  ['freeze x -m y --until tomorrow', 'is no time'],
  ['freeze x -m y --for 1w', 'is not a duration'],
  ['freeze x -m y --rollout-selector team', 'is no label'],
  ['freeze x -m y --namespace-selector team=a/b', 'is not a value for label'],
  ['freeze x -m y -n apps', 'kuberik freeze has no option --namespace'],
])('%s is not understood', async (line, message) => {
  const { code, out, err } = await administratorOf(world(), folder)(line);
  expect([code, out]).toEqual([ExitCode.Usage, '']);
  expect(err).toContain(message);
});

test.concurrent('through the gates: they are passed over, and nothing else', async () => {
  const space = await held('through', { 'change-board': manual, hours: { passing: false } });
  const { code, out } = await admin(space)('deploy app v1.1.0 --through-gates --wait -m hotfix');
  expect(code).toBe(ExitCode.Ok);
  expect(out).toMatch(/^Deploys v1\.1\.0 to through\/app now, past the closed gates change-board and hours\.\n/);
  expect(out).toMatch(/\nv1\.1\.0 is deployed and its bake succeeded\n$/);
  expect((await space.entries())[0]).toMatchObject({ message: 'hotfix', triggeredBy: { name: 'kubernetes-admin' } });
});

test.concurrent('what cannot work is refused, with what to do instead', async () => {
  const space = await held('refuses', { hours: { passing: false } });
  const say = admin(space);
  const digest = (await space.entries())[0]?.version.digest ?? '';
  const refusals: readonly (readonly [line: string, code: ExitCode, text: string])[] = [
    ['deploy app v1.2.0', ExitCode.NotFound, 'did you mean v1.1.0 or v1.0.0?'],
    ['pin app v1.10', ExitCode.NotFound, 'refuses/app knows no version v1.10'],
    ['deploy app v1.0.0', ExitCode.Failure, 'v1.0.0 is deployed at refuses/app already'],
    [`deploy app ${digest} --force`, ExitCode.Failure, 'v1.0.0 is deployed at refuses/app already'],
    [`deploy app sha256:${'0'.repeat(64)}`, ExitCode.NotFound, 'name its tag'],
    ['deploy app -m x', ExitCode.Usage, "missing required argument 'version'"],
    ['deploy app what/is', ExitCode.Usage, '"what/is" is no tag and no digest'],
    ['deploy app v1.1.0 --force --through-gates', ExitCode.Usage, 'contradict each other'],
    ['deploy app v1.1.0 --wait=soon', ExitCode.Usage, 'is not a duration'],
    ['deploy nope v1.1.0', ExitCode.NotFound, 'there is no Rollout nope in namespace refuses'],
    ['rollback app', ExitCode.Failure, 'no version before v1.0.0 finished its bake'],
    ['rollback app --to v1.1.0', ExitCode.Failure, 'kuberik deploy app v1.1.0 --force'],
    ['unpin app', ExitCode.Failure, 'refuses/app is not pinned'],
    ['retry app', ExitCode.Failure, 'v1.0.0 at refuses/app has not failed: its bake is Succeeded'],
    ['unblock app', ExitCode.Failure, 'has not failed'],
    ['cancel app', ExitCode.Failure, 'no request waits at refuses/app'],
    ['approve hours', ExitCode.Failure, '"passing":true'],
    ['approve nope', ExitCode.NotFound, 'there is no RolloutGate nope'],
    ['approve', ExitCode.Usage, 'which gate?'],
    ['approve --rollout app', ExitCode.Failure, 'refuses/app has no gate of class manual'],
    ['revoke app v2', ExitCode.NotFound, 'knows no version v2'],
  ];
  for (const [line, code, text] of refusals) {
    const run = await say(line);
    expect([line, run.code, run.out]).toEqual([line, code, '']);
    expect(run.err).toContain(text);
  }
});

test.concurrent('rollback returns to what was good, as data for programs, and can be done by name', async () => {
  const space = await twoReleases('back');
  const say = admin(space);
  const { code, out } = await say('rollback app --wait -m broken -o json');
  expect(code).toBe(ExitCode.Ok);
  expect(JSON.parse(out)).toMatchObject({
    operation: 'rollback',
    rollout: 'back/app',
    version: 'v1.0.0',
    user: 'kubernetes-admin',
    sentence: 'Returns back/app now from v1.1.0 to v1.0.0, the last version that was good here',
    passesOver: [],
    undoes: 'the deployment of v1.1.0',
    result: 'done',
    message: 'v1.0.0 is deployed and its bake succeeded',
  });
  expect((await say('rollback app --to v1.1.0 --wait')).code).toBe(ExitCode.Ok);
  const entries = await space.entries();
  expect(entries.slice(0, 2).map(({ message, version: { tag } }) => [tag, message])).toEqual([
    ['v1.1.0', 'Manual rollback from v1.0.0'],
    ['v1.0.0', 'broken'],
  ]);
});

test.concurrent('pin and unpin', async () => {
  const space = await twoReleases('pinned');
  const say = admin(space);
  const pin = await say('pin app v1.0.0 --wait -m migration');
  expect([pin.code, pin.out.split('\n')[0]]).toEqual([
    ExitCode.Ok,
    'Pins pinned/app to v1.0.0: deploys it now, and nothing else until it is unpinned.',
  ]);
  expect((await space.entries())[0]).toMatchObject({ message: 'migration', triggeredBy: { name: 'kubernetes-admin' } });
  expect((await say('pin app v1.0.0')).err).toContain('is pinned to v1.0.0 already');
  expect((await say('deploy app v1.1.0')).err).toContain('remove the pin first: kuberik unpin app');
  expect((await say('unpin app --wait')).out).toMatch(
    /^Unpins pinned\/app from v1\.0\.0: automation goes on with v1\.1\.0/,
  );
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.1.0 Succeeded Automatic');
  });
  expect((await say('pin app v1.1.0')).out).toContain('to v1.1.0, which runs: nothing else is deployed');
  expect((await space.get(Rollout)).metadata.annotations ?? {}).toEqual({});
});

test.concurrent('a pin in its older form is replaced and removed as well', async () => {
  const space = await twoReleases('older');
  const say = admin(space);
  await space.patch(Rollout, 'app', { spec: { releasesImagePolicy: { wantedVersion: 'v1.0.0' } } });
  const pin = await say('pin app v1.1.0');
  expect(pin.out).toMatch(/^Pins older\/app to v1\.1\.0(?:,| instead of v1\.0\.0)/);
  const { spec } = await space.get(Rollout);
  expect([spec.wantedVersion, spec.releasesImagePolicy]).toEqual(['v1.1.0', { name: 'app' }]);
  await space.patch(Rollout, 'app', {
    spec: { wantedVersion: null, releasesImagePolicy: { wantedVersion: 'v1.1.0' } },
  });
  expect((await say('unpin app')).code).toBe(ExitCode.Ok);
  expect((await space.get(Rollout)).spec.releasesImagePolicy).toEqual({ name: 'app' });
});

async function failed(space: Space): Promise<void> {
  await space.application({ ...judgedBy('judge'), failurePolicy: 'Halt' });
  await space.put(foreignCheck('judge'));
  await eventually(async () => {
    expect(await space.history()).toEqual(['v1.0.0 Deploying Automatic']);
  });
  await space.judgeUntil('judge', 'Unhealthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Failed Automatic']);
  });
}

test.concurrent('retry starts the bake over and tells how it ends; unblock lets the next one go', async () => {
  const space = await world().space('again');
  await failed(space);
  const say = admin(space);
  const retried = say('retry app --wait');
  await space.says('Ready', 'Unknown', 'BakeTimeRetrying');
  await space.judgeUntil('judge', 'Unhealthy', async () => {
    expect(await space.history()).toEqual(['v1.0.0 Failed Automatic']);
  });
  const { code, out, err } = await retried;
  expect([code, out.split('\n')[0]]).toEqual([ExitCode.Failure, 'Starts the bake of v1.0.0 at again/app over.']);
  expect(err).toContain('error: v1.0.0 failed its bake');
  await space.push('v1.1.0');
  const unblocked = await say('unblock app -m "the alert was wrong"');
  expect(unblocked.out).toMatch(/^Lets automation at again\/app go on after the failed bake of v1\.0\.0, with /);
  await space.judgeUntil('judge', 'Healthy', async () => {
    expect(await space.history()).toEqual(['v1.1.0 Succeeded Automatic', 'v1.0.0 Failed Automatic']);
  });
});

test.concurrent('what is revoked is not selected again', async () => {
  const space = await held('revoked', { hours: { passing: false } });
  const say = admin(space);
  const { code, out } = await say('revoke app v1.1.0 --wait');
  expect([code, out.split('\n')[0]]).toEqual([
    ExitCode.Ok,
    'Revokes v1.1.0 at revoked/app: automation never selects it again.',
  ]);
  expect(out).toMatch(/\nv1\.1\.0 is revoked\n$/);
  expect(await say('revoke app v1.1.0')).toMatchObject({
    code: ExitCode.Failure,
    err: 'error: v1.1.0 is revoked at revoked/app already\n',
  });
  expect((await say('deploy app v1.1.0')).out).toContain('note: v1.1.0 was revoked on ');
});
