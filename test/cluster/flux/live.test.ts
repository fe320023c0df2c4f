/** A HealthCheck of the running controller says Healthy of a version when Flux has applied that version, never earlier. */
import { expect, test } from 'vitest';
import { HealthCheck } from '../../../src/api/health-check.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import { Kustomization } from '../../../src/integrations/flux/kustomization.ts';
import { deploymentManifests } from '../../support/objects.ts';
import { sharedCluster } from '../support/cluster.ts';
import { Deployment, isDone, runs } from './kinds.ts';
import { type Moment, Recording } from './recording.ts';

const cluster = sharedCluster();

/** The version that the check calls healthy, as a Rollout reads it: older verdicts are not about its deployment. */
function confirmed(moment: Moment): string | undefined {
  const [deployed] = moment.of(Rollout)?.status?.history ?? [];
  const { status, lastChangeTime } = moment.of(HealthCheck)?.status ?? {};
  if (deployed === undefined || lastChangeTime === undefined || status !== 'Healthy') return undefined;
  return Temporal.Instant.compare(lastChangeTime, deployed.timestamp) >= 0 ? deployed.version.tag : undefined;
}

test('three versions, one after the other', async () => {
  const space = await cluster().space('live');
  const types = [Rollout, HealthCheck, Kustomization, Deployment];
  await using recording = new Recording(space.client, space.namespace, types);
  await space.application({}, deploymentManifests(space.image(), 600));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  for (const tag of ['v1.1.0', 'v1.2.0']) {
    await space.push(tag);
    await recording.first(`${tag} confirmed`, (moment) => confirmed(moment) === tag);
  }
  const moments = recording.moments();
  for (const moment of moments) {
    const tag = confirmed(moment);
    if (tag === undefined || moment.kind !== 'HealthCheck') continue;
    const kustomization = moment.of(Kustomization);
    const done = kustomization !== undefined && isDone(kustomization);
    expect({ tag, runs: runs(moment), done }).toEqual({ tag, runs: tag, done: true });
  }
  expect([...new Set(moments.map(confirmed))].filter((tag) => tag !== undefined)).toEqual([
    'v1.0.0',
    'v1.1.0',
    'v1.2.0',
  ]);
});
