/**
 * Every state that a real kustomize-controller leaves a Kustomization in while versions change, each of them judged:
 * nothing that Flux says on the way counts as health of the new version, and no failure of an old one counts against it.
 */
import { expect, test } from 'vitest';
import { OCI_REPOSITORY_ROLLOUT } from '../../../src/api/annotations.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import type { Verdict } from '../../../src/controllers/health-check/health-class.ts';
import { deploymentProgress } from '../../../src/controllers/health-check/kustomization/expectation.ts';
import { judge } from '../../../src/controllers/health-check/kustomization/judge.ts';
import { Kustomization } from '../../../src/integrations/flux/kustomization.ts';
import { OCIRepository } from '../../../src/integrations/flux/oci-repository.ts';
import { deploymentManifests, fills, ociRepository } from '../../support/objects.ts';
import { sharedCluster } from '../support/cluster.ts';
import type { ClusterSpace } from '../support/space.ts';
import {
  condition,
  Deployment,
  hasFailed,
  isChecking,
  isDone,
  patientKustomization,
  releaseManifests,
  runs,
} from './kinds.ts';
import { type Moment, Recording } from './recording.ts';

const cluster = sharedCluster();

/** Seconds until a crash counts, which ends a check of Flux before its timeout. */
const crashCounts = 6;

interface State {
  readonly moment: Moment;
  readonly kustomization: Kustomization;
  readonly tag: string;
  readonly verdict: Verdict;
}

/** Writes versions as a Rollout would, and judges what Flux made of them. */
class Replay {
  readonly recording: Recording;
  /** How many moments there were when the last version was written. */
  #before = 0;
  readonly #writtenAt = new Map<string, Temporal.Instant>();
  readonly #carried: (moment: Moment) => string | undefined;
  readonly #write: (tag: string) => Promise<unknown>;

  constructor(
    space: ClusterSpace,
    carried: (moment: Moment) => string | undefined,
    write: (tag: string) => Promise<unknown>,
  ) {
    this.recording = new Recording(space.client, space.namespace, [Kustomization, OCIRepository, Deployment]);
    this.#carried = carried;
    this.#write = write;
  }

  async write(tag: string): Promise<void> {
    this.#writtenAt.set(tag, cluster().clock.now());
    this.#before = this.recording.moments().length;
    await this.#write(tag);
  }

  /** Waits for a moment since the last write, at which this version is carried. */
  async sees(tag: string, what: string, holds: Parameters<Recording['first']>[1]): Promise<void> {
    await this.recording.first(`${tag}: ${what}`, (moment, earlier) => {
      const since = earlier.slice(this.#before).filter((each) => this.#carried(each) === tag);
      return earlier.length >= this.#before && this.#carried(moment) === tag && holds(moment, since);
    });
  }

  states(): readonly State[] {
    return this.recording.moments().flatMap((moment) => {
      const kustomization = moment.of(Kustomization);
      const tag = this.#carried(moment);
      const at = this.#writtenAt.get(tag ?? '');
      if (kustomization === undefined || tag === undefined || at === undefined) return [];
      return [{ moment, kustomization, tag, verdict: verdictOn(moment, kustomization, tag, at) }];
    });
  }
}

/** For a deployment, when no object that was applied speaks against it: Flux alone decides. */
function verdictOn(moment: Moment, kustomization: Kustomization, tag: string, at: Temporal.Instant): Verdict {
  const { namespace = '', name } = kustomization.metadata;
  const deployed = Rollout.parse({
    apiVersion: Rollout.apiVersion,
    kind: 'Rollout',
    metadata: { namespace, name: 'app' },
    spec: { releasesImagePolicy: { name: 'app' } },
    status: { history: [{ id: 1, version: { tag }, timestamp: at.toString() }] },
  });
  const deployment = deploymentProgress(kustomization, moment.of(OCIRepository), [deployed]);
  const facts = { kustomization, deployment, resources: [], cutoff: at, deployedAt: at };
  return judge({ ...facts, reference: { namespace, name } }, cluster().clock.now());
}

/** @param bad the version that crashes @param last the one at the end */
function expectTruth(states: readonly State[], bad: string, last: string): void {
  const healthy = states.filter(({ verdict }) => verdict.status === 'Healthy');
  for (const { kustomization, moment, tag } of healthy) {
    expect({ tag, done: isDone(kustomization), runs: runs(moment) }).toEqual({ tag, done: true, runs: tag });
  }
  expect(healthy.at(-1)?.tag).toBe(last);
  const failed = states.filter(({ verdict }) => verdict.status === 'Unhealthy');
  // Under load Flux may fail a good version too, by what the Deployment said before; but not one that it has not applied.
  for (const { moment, tag } of failed) expect(runs(moment)).toBe(tag);
  expect(failed.map(({ tag }) => tag)).toContain(bad);
  // It alternates: a retry of Flux takes the failure back, and is no health.
  const onBad = states.filter(({ tag }) => tag === bad).map(({ verdict }) => verdict.status);
  expect(onBad.slice(onBad.indexOf('Unhealthy'))).toContain('Pending');
}

const isTriedAgain = (moment: Moment, earlier: readonly Moment[]): boolean =>
  earlier.some(hasFailed) && condition(moment, 'Ready')?.status === 'Unknown';

/** Flux tells times in whole seconds: a check that began in the second of a deployment may belong to it. */
function isCheckedForAWhile(moment: Moment): boolean {
  const began = condition(moment, 'Reconciling')?.lastTransitionTime ?? '';
  return isChecking(moment) && Temporal.Instant.compare(began, cluster().clock.now().subtract({ seconds: 2 })) < 0;
}

const isReady = (moment: Moment): boolean => condition(moment, 'Ready')?.status === 'True';
const generationOf = (state: State): number | undefined => state.kustomization.metadata.generation;

test.concurrent('a version in a variable', async () => {
  const space = await cluster().space('replay');
  const substitute = (tag: string) => ({ postBuild: { substitute: { VERSION: tag } } });
  const replay = new Replay(
    space,
    (moment) => moment.of(Kustomization)?.spec.postBuild?.substitute?.VERSION ?? undefined,
    (tag) => space.patch(Kustomization, 'app', { spec: substitute(tag) }),
  );
  await using recording = replay.recording;
  const spec = { targetNamespace: space.namespace, ...substitute('v1.0.0') };
  await space.pushManifests(deploymentManifests(space.image(), crashCounts));
  await space.put(ociRepository('app', space.image('manifests')), patientKustomization('app', spec, fills('app')));
  const done = (moment: Moment) =>
    runs(moment) === replayed(moment) && isDone(moment.of(Kustomization) as Kustomization);
  const replayed = (moment: Moment) => moment.of(Kustomization)?.spec.postBuild?.substitute?.VERSION;

  await replay.sees('v1.0.0', 'applied', done);
  await replay.write('v1.1.0');
  await replay.sees('v1.1.0', 'checked', isChecking);
  await replay.write('v1.2.0');
  await replay.sees('v1.2.0', 'applied', done);
  await replay.write('v1.2.666');
  await replay.sees('v1.2.666', 'checked for a while', isCheckedForAWhile);
  await replay.write('v1.3.0');
  await replay.sees('v1.3.0', 'applied', done);
  await replay.write('v1.3.666');
  await replay.sees('v1.3.666', 'tried again', isTriedAgain);

  const states = replay.states();
  expectTruth(states, 'v1.3.666', 'v1.3.0');
  // The traps were all there: an old Ready, a Ready of the new generation for the version before, and such a failure.
  const early = states.filter((state) => state.kustomization.status?.observedGeneration !== generationOf(state));
  const told = early
    .filter(({ tag }) => tag !== 'v1.3.666')
    .map((state) => {
      const ready = condition(state.moment, 'Ready');
      return `${ready?.status} of ${ready?.observedGeneration === generationOf(state) ? 'new' : 'old'}, runs ${runs(state.moment) === state.tag ? 'new' : 'old'}`;
    });
  expect(told).toContain('True of old, runs old');
  expect(told).toContain('True of new, runs old');
  expect(told).toContain('True of new, runs new');
  expect(told).toContain('False of new, runs old');
  expect(recording.moments().length).toBeGreaterThan(20);
});

test.concurrent('a version in the tag of the source, and back', async () => {
  const space = await cluster().space('replay-tag');
  const replay = new Replay(
    space,
    (moment) => moment.of(OCIRepository)?.spec.ref?.tag,
    (tag) => space.patch(OCIRepository, 'app', { spec: { ref: { tag } } }),
  );
  await using recording = replay.recording;
  for (const tag of ['v1.0.0', 'v1.1.0', 'v1.2.666']) {
    await space.pushManifests(releaseManifests(space.image(), tag, crashCounts), tag);
  }
  const more = { annotations: { [OCI_REPOSITORY_ROLLOUT]: 'app' } };
  await space.put(
    ociRepository('app', space.image('manifests'), { ref: { tag: 'v1.0.0' } }, more),
    patientKustomization('app', { targetNamespace: space.namespace }),
  );
  const revision = (moment: Moment) => moment.of(Kustomization)?.status?.lastAppliedRevision?.split('@')[0];
  const done = (moment: Moment) => {
    const tag = moment.of(OCIRepository)?.spec.ref?.tag;
    return isReady(moment) && runs(moment) === tag && revision(moment) === tag;
  };
  await replay.sees('v1.0.0', 'applied', done);
  await replay.write('v1.1.0');
  await replay.sees('v1.1.0', 'applied', done);
  await replay.write('v1.2.666');
  await replay.sees('v1.2.666', 'tried again', isTriedAgain);
  await replay.write('v1.1.0');
  await replay.sees('v1.1.0', 'applied again', done);

  const states = replay.states();
  expectTruth(states, 'v1.2.666', 'v1.1.0');
  for (const { moment, tag, verdict } of states) {
    if (verdict.status === 'Healthy') expect(revision(moment)).toBe(tag);
  }
  // Of v1.1.0 that is written again, Flux says for a while that it is applied, and it is not.
  const back = states.filter(
    ({ tag, moment }) => tag === 'v1.1.0' && revision(moment) === tag && runs(moment) === 'v1.2.666',
  );
  expect(back).not.toEqual([]);
  expect(recording.moments().length).toBeGreaterThan(20);
});
