/**
 * A running health check of Flux holds up the next change, a rollback too: Kuberik says what it waits for, and until when.
 * Where kustomize-controller runs with `CancelHealthCheckOnNewRevision`, nothing waits.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OCI_REPOSITORY_ROLLOUT } from '../../../src/api/annotations.ts';
import { HealthCheck } from '../../../src/api/health-check.ts';
import type { KubeObject } from '../../../src/api/meta.ts';
import { Kustomization } from '../../../src/integrations/flux/kustomization.ts';
import { OCIRepository } from '../../../src/integrations/flux/oci-repository.ts';
import { healthCheckDeadline } from '../../../src/integrations/flux/wait.ts';
import {
  deploymentManifests,
  fills,
  foreignCheck,
  healthCheck,
  imagePolicy,
  imageRepository,
  judgedBy,
  kustomization,
  ociRepository,
  rollout,
} from '../../support/objects.ts';
import { run } from '../control-plane/command.ts';
import { sharedCluster } from '../support/cluster.ts';
import type { ClusterSpace } from '../support/space.ts';
import { Deployment, hasFailed, isChecking, isDone, patientKustomization, releaseManifests, runs } from './kinds.ts';
import { type Moment, Recording } from './recording.ts';

const cluster = sharedCluster();

/** Crashing pods do not end a check of Flux before its timeout, within which a busy machine has to say what it waits for. */
const crashCounts = 600;
const timeout = '1m';

interface Explained {
  readonly reasons: readonly {
    readonly code: string;
    readonly message: string;
    readonly until?: string;
    remedy?: string;
  }[];
}

/** What `kuberik explain` says, run as a person would. */
function explain(space: ClusterSpace, ...parameters: readonly string[]): Promise<string> {
  const main = join(import.meta.dirname, '../../../src/cli/main.ts');
  const { kubeconfig } = cluster().connection;
  const where = ['--kubeconfig', kubeconfig, '-n', space.namespace];
  return run(process.execPath, [main, 'explain', 'rollout', 'app', ...where, ...parameters]);
}

type Kind = (...parameters: Parameters<typeof kustomization>) => KubeObject;

/** The version goes into a variable. */
async function bySubstitute(space: ClusterSpace, kind: Kind): Promise<void> {
  await space.pushManifests(deploymentManifests(space.image(), crashCounts));
  await space.push('v1.0.0');
  await space.put(
    imageRepository('app', space.image()),
    imagePolicy('app'),
    ociRepository('app', space.image('manifests')),
    kind('app', { targetNamespace: space.namespace, timeout }, fills('app')),
  );
}

/** The version is the tag of the manifests. */
async function byTag(space: ClusterSpace, kind: Kind): Promise<void> {
  await pushRelease(space, 'v1.0.0');
  const more = { annotations: { [OCI_REPOSITORY_ROLLOUT]: 'app' } };
  await space.put(
    imageRepository('app', space.image('manifests')),
    imagePolicy('app'),
    ociRepository('app', space.image('manifests'), { ref: { tag: 'v1.0.0' } }, more),
    kind('app', { targetNamespace: space.namespace, timeout }),
  );
}

function pushRelease(space: ClusterSpace, tag: string): Promise<void> {
  return space.pushManifests(releaseManifests(space.image(), tag, crashCounts), tag);
}

type Carrier = readonly [
  name: string,
  deliver: typeof bySubstitute,
  push: (space: ClusterSpace, tag: string) => Promise<unknown>,
];
const carriers: readonly Carrier[] = [
  ['in a variable', bySubstitute, (space, tag) => space.push(tag)],
  ['in the tag of the source', byTag, pushRelease],
];

const record = (space: ClusterSpace): Recording =>
  new Recording(space.client, space.namespace, [Kustomization, OCIRepository, Deployment]);

interface Outcome {
  readonly space: ClusterSpace;
  readonly recording: Recording;
  /** When Flux must give up the check of the bad version. */
  readonly deadline: Temporal.Instant;
}

/** v1.0.0 runs, v1.0.666 crashes and Flux checks it; then somebody else's check fails, and Kuberik rolls back. */
async function rollBack(
  recording: Recording,
  space: ClusterSpace,
  [, deliver, push]: Carrier,
  kind: Kind,
): Promise<Outcome> {
  await deliver(space, kind);
  await space.put(healthCheck('app'), foreignCheck('alerts', { app: 'app' }), rollout('app', judgedBy('app')));
  await space.judgeUntil('alerts', 'Healthy', async () => {
    expect((await space.history())[0]).toContain('v1.0.0 Succeeded');
  });
  await push(space, 'v1.0.666');
  const checked = await recording.first(
    'v1.0.666 under the check of Flux',
    (m) => runs(m) === 'v1.0.666' && isChecking(m),
  );
  await space.judgeUntil('alerts', 'Unhealthy', async () => {
    expect((await space.history())[1]).toBe('v1.0.666 Failed Automatic');
  });
  const [decided] = await space.entries();
  expect(decided).toMatchObject({ version: { tag: 'v1.0.0' }, trigger: 'Rollback' });
  const deadline = healthCheckDeadline(checked.of(Kustomization) as Kustomization);
  if (deadline === undefined) throw new Error('there is no check');
  return { space, recording, deadline };
}

/** Resolves when the Deployment runs v1.0.0 again. */
async function landed(recording: Recording): Promise<Temporal.Instant> {
  const isBack = (moment: Moment, earlier: readonly Moment[]) =>
    runs(moment) === 'v1.0.0' && earlier.some((each) => runs(each) === 'v1.0.666');
  await recording.first('the rollback', isBack);
  return cluster().clock.now();
}

async function expectRecovery({ space, recording }: Outcome): Promise<void> {
  await recording.first('Flux content', (moment, earlier) => {
    const object = moment.of(Kustomization);
    return (
      earlier.some((each) => runs(each) === 'v1.0.666') &&
      runs(moment) === 'v1.0.0' &&
      object !== undefined &&
      isDone(object)
    );
  });
  await space.judgeUntil('alerts', 'Healthy', async () => {
    expect((await space.history())[0]).toBe('v1.0.0 Succeeded Rollback');
  });
  expect((await space.condition('Progressing'))?.message).not.toContain('Flux still runs');
}

describe.concurrent.each(carriers)('a rollback %s', (...carrier) => {
  test('lands when the check of Flux times out, and Kuberik says so all along', async () => {
    const space = await cluster().space('patient');
    await using recording = record(space);
    const outcome = await rollBack(recording, space, carrier, patientKustomization);
    const { deadline } = outcome;
    const subject = `Kustomization.kustomize.toolkit.fluxcd.io ${space.namespace}/app`;
    const says = `${subject}: Flux still runs the health check of an earlier change, until ${deadline.toString()} at the latest`;
    expect(await space.says('Progressing', 'False', 'WaitingForTarget')).toContain(says);
    expect((await space.get(HealthCheck)).status).toMatchObject({
      status: 'Pending',
      message: `Waiting for Flux to apply v1.0.0: ${says}`,
    });
    const [text, json] = await Promise.all([explain(space), explain(space, '-o', 'json')]);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(`waiting for target: ${says}`);
    expect(text).toContain('CancelHealthCheckOnNewRevision');
    const { reasons } = JSON.parse(json) as Explained;
    expect(reasons[0]).toMatchObject({ code: 'WaitingForTarget', message: says, until: deadline.toString() });

    const at = await landed(recording);
    expect(Temporal.Instant.compare(at, deadline)).toBe(1);
    // Not a whole check later.
    expect(at.since(deadline).total('minutes')).toBeLessThan(1);
    await expectRecovery(outcome);
  });

  test('lands at once where a new revision ends the check', async () => {
    const space = await cluster().space('cancelling');
    await using recording = record(space);
    const outcome = await rollBack(recording, space, carrier, kustomization);
    const at = await landed(recording);
    expect(Temporal.Instant.compare(at, outcome.deadline)).toBe(-1);
    expect(recording.moments().some(hasFailed)).toBe(false);
    await expectRecovery(outcome);
  });
});
