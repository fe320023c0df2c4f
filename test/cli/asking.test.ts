/** What happens between the sentence and the effect: the question, other people's requests, changes, the wait. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rollout } from '../../src/api/rollout.ts';
import type { CliContext } from '../../src/cli/context.ts';
import { ExitCode } from '../../src/cli/errors.ts';
import { eventually } from '../support/eventually.ts';
import { gate } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { sharedWorld } from '../support/world.ts';
import { start, wordsOf } from './command.ts';
import { administratorConfig, person } from './people.ts';

const world = sharedWorld({ users: ['jane', 'bob'] });
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kuberik-asking-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** `v1.0.0` runs, and a gate holds `v1.1.0`. */
async function held(name: string): Promise<Space> {
  const space = await world().space(name);
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(gate('hours', 'app', { passing: false }));
  await space.push('v1.1.0');
  await eventually(async () => {
    expect((await space.get(Rollout)).status?.releaseCandidates?.map(({ tag }) => tag)).toEqual(['v1.1.0']);
  });
  return space;
}

const begin = (space: Space, line: string, more: Partial<CliContext> = {}) =>
  start(['-n', space.namespace, '--kubeconfig', administratorConfig(world(), folder), ...wordsOf(line)], more);

const requests = async (space: Space) => (await space.get(Rollout)).metadata.annotations ?? {};

test.concurrent('on a terminal it asks: no is no, yes is yes, and --yes is not asked', async () => {
  const space = await held('asks');
  const questions: string[] = [];
  const answer = (yes: boolean) => ({
    ask: (question: string) => {
      questions.push(question);
      return Promise.resolve(yes);
    },
  });
  const refused = await begin(space, 'deploy app v1.1.0', answer(false)).ended;
  expect([refused.code, refused.err]).toEqual([
    ExitCode.Failure,
    'error: nothing was done\ntry: answer with y, or give --yes\n',
  ]);
  expect(await requests(space)).toEqual({});
  expect((await begin(space, 'deploy app v1.1.0 -o json', answer(true)).ended).code).toBe(ExitCode.Ok);
  expect(questions).toEqual([
    'Go on? [y/N] ',
    'Deploys v1.1.0 to asks/app as soon as gate hours lets it through. Go on? [y/N] ',
  ]);
  expect((await begin(space, 'cancel app -y', answer(false)).ended).code).toBe(ExitCode.Ok);
  expect(questions).toHaveLength(2);
  expect(await requests(space)).toEqual({});
});

test.concurrent('a dry run is checked by the API server and changes nothing', async () => {
  const space = await held('dry');
  const { code, out } = await begin(space, 'deploy app v1.1.0 --force --dry-run=server --wait').ended;
  expect([code, out]).toEqual([
    ExitCode.Ok,
    'Deploys v1.1.0 to dry/app now, past the closed gate hours.\n' +
      'Deployment of v1.1.0 requested by kubernetes-admin: rollout.kuberik.com/app (server dry run: nothing was changed)\n',
  ]);
  expect(await requests(space)).toEqual({});
});

test.concurrent("somebody else's request is not overwritten; it can be taken back, and one's own can be replaced", async () => {
  const space = await held('others');
  const jane = await person(world(), space, folder, 'jane', 'kuberik-deployer');
  const bob = await person(world(), space, folder, 'bob', 'kuberik-operator');
  expect((await jane('deploy app v1.1.0')).code).toBe(ExitCode.Ok);
  expect(await bob('deploy app v1.1.0 --force')).toMatchObject({
    code: ExitCode.Failure,
    err:
      'error: the request of jane to deploy v1.1.0 waits at others/app already\n' +
      'try: let it have its effect, or take it back first: kuberik cancel app\n',
  });
  expect((await bob('revoke app v1.1.0')).code).toBe(ExitCode.Ok);
  expect((await requests(space))['rollout.kuberik.com/deploy-user']).toBe('jane');
  expect((await jane('deploy app v1.1.0 -m better')).out).toMatch(/, in place of your request to deploy v1\.1\.0\.\n/);
  expect((await bob('cancel app')).out).toMatch(
    /^Takes the request of jane to deploy v1\.1\.0 at others\/app back\.\n/,
  );
  expect((await bob('deploy app v1.1.0')).code).toBe(ExitCode.Ok);
  expect(await requests(space)).toEqual({
    'rollout.kuberik.com/deploy': 'v1.1.0',
    'rollout.kuberik.com/deploy-user': 'bob',
  });
});

test.concurrent('what changes between the sentence and the answer is said, and asked again', async () => {
  const space = await held('changes');
  const asked: string[] = [];
  const { code, out } = await begin(space, 'deploy app v1.1.0 --force --wait', {
    ask: async (question) => {
      asked.push(question);
      if (asked.length === 1) {
        await space.put(gate('board', 'app', { class: 'manual' }));
        await eventually(async () => {
          expect((await space.get(Rollout)).status?.gates).toHaveLength(2);
        });
      }
      return true;
    },
  }).ended;
  expect([code, asked.length]).toEqual([ExitCode.Ok, 2]);
  expect(out).toMatch(
    /^Deploys v1\.1\.0 to changes\/app now, past the closed gate hours\.\nSomething has changed in the meantime\. Now it is this:\nDeploys v1\.1\.0 to changes\/app now, past the closed gates board and hours\.\n/,
  );
});

test.concurrent('a change that makes no difference is not told', async () => {
  const space = await held('same');
  const asked: string[] = [];
  const { code } = await begin(space, 'deploy app v1.1.0', {
    ask: async (question) => {
      asked.push(question);
      await space.patch(Rollout, 'app', { metadata: { labels: { team: 'shop' } } });
      return true;
    },
  }).ended;
  expect([code, asked]).toEqual([ExitCode.Ok, ['Go on? [y/N] ']]);
  expect((await requests(space))['rollout.kuberik.com/deploy']).toBe('v1.1.0');
});

test.concurrent('at the bound it says what it waited for, and the request stays', async () => {
  const space = await held('bound');
  const { code, out, err } = await begin(space, 'deploy app v1.1.0 --wait=2s').ended;
  expect(code).toBe(ExitCode.Failure);
  expect(out).toContain('\n  RolloutGate hours is closed');
  expect(err).toMatch(
    /^error: not done yet: RolloutGate hours is closed .*\ntry: the request stays; kuberik cancel app /,
  );
  expect((await requests(space))['rollout.kuberik.com/deploy']).toBe('v1.1.0');
});

test.concurrent('an interrupt ends the wait and not the request, and the line on a terminal is drawn over', async () => {
  const space = await held('stopped');
  const going = begin(space, 'deploy app v1.1.0 --wait', { live: true });
  await eventually(() => {
    expect(going.out()).toContain('\r\x1b[2K  RolloutGate hours is closed');
  });
  going.stop();
  const { code, out, err } = await going.ended;
  expect([code, out.endsWith('\r\x1b[2K')]).toEqual([ExitCode.Failure, true]);
  expect(err).toMatch(/^error: stopped waiting; the request stays\n/);
  expect((await requests(space))['rollout.kuberik.com/deploy']).toBe('v1.1.0');
});

test.concurrent('a request that is dropped ends the wait with the reason', async () => {
  const space = await held('dropped');
  const going = begin(space, 'deploy app v1.1.0 --wait');
  await eventually(() => {
    expect(going.out()).toContain('RolloutGate hours is closed');
  });
  await space.patch(Rollout, 'app', { spec: { wantedVersion: 'v1.0.0' } });
  const { code, err } = await going.ended;
  expect(code).toBe(ExitCode.Failure);
  expect(err).toContain('the request for v1.1.0 is gone and v1.1.0 was not deployed: ');
  expect(err).toContain('spec.wantedVersion pins v1.0.0; remove the pin first');
});

test.concurrent('a Rollout that is deleted ends the wait', async () => {
  const space = await held('deleted');
  const going = begin(space, 'deploy app v1.1.0 --wait');
  await eventually(() => {
    expect(going.out()).toContain('RolloutGate hours is closed');
  });
  await space.remove(Rollout, 'app');
  expect(await going.ended).toMatchObject({
    code: ExitCode.Failure,
    err: expect.stringMatching(/^error: the Rollout was deleted\n/),
  });
});

test.concurrent('a deployment that another one takes the place of fails the command', async () => {
  const space = await held('superseded');
  await space.patch(Rollout, 'app', { spec: { bakeTime: '10m' } });
  const going = begin(space, 'deploy app v1.1.0 --force --wait');
  await eventually(() => {
    expect(going.out()).toContain('Deploying v1.1.0');
  });
  const other = await begin(space, 'deploy app v1.0.0 --force').ended;
  expect(other.out).toMatch(
    /^Deploys v1\.0\.0 \(older than v1\.1\.0, which runs\) to superseded\/app now.*, and ends the (?:bake|deployment) of v1\.1\.0\.\n/,
  );
  const { code, err } = await going.ended;
  expect([code, err.split('\n')[0]]).toEqual([
    ExitCode.Failure,
    'error: the bake of v1.1.0 was cancelled: Bake cancelled due to new deployment.',
  ]);
});
