/** A namespace as upstream leaves it: everything was running for long, and its controller has just been stopped. */
import { HealthCheck } from '../../../src/api/health-check.ts';
import type { KubeObject } from '../../../src/api/meta.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import { Kustomization } from '../../../src/integrations/flux/kustomization.ts';
import { LEGACY_FIELD_MANAGER } from '../../../src/integrations/flux/managers.ts';
import { OCIRepository } from '../../../src/integrations/flux/oci-repository.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import {
  configManifests,
  fills,
  foreignCheck,
  healthCheck,
  imagePolicy,
  imageRepository,
  kustomization,
  object,
  ociRepository,
  rollout,
} from '../../support/objects.ts';
import type { ClusterSpace } from '../support/space.ts';
import { ago, type Shape, variableOf } from './shapes.ts';

/** Its schedules made gates with such names, labels and texts. */
const scheduled = {
  labels: {
    'gate.kuberik.com/schedule-name': 'business-hours',
    'gate.kuberik.com/schedule-kind': 'RolloutSchedule',
    'gate.kuberik.com/schedule-namespace': 'legacy',
    'gate.kuberik.com/rollout-name': 'gated',
  },
  annotations: {
    'gate.kuberik.com/pretty-name': 'Business hours',
    'gate.kuberik.com/description': 'Deploys while somebody is there',
  },
};

export function scheduledGate(passing: boolean): KubeObject {
  const spec = { rolloutRef: { name: 'gated' }, passing };
  return object('kuberik.com/v1alpha1', 'RolloutGate', 'schedule-gate-x7k2p', spec, scheduled);
}

/** One Kustomization, one of its variables for each Rollout; and two OCIRepositories that follow another Rollout. */
export async function targets(space: ClusterSpace, upstream: KubeClient, rollouts: readonly string[]): Promise<void> {
  const variables = rollouts.map(variableOf);
  const values = (value: string) => Object.fromEntries(variables.map((variable) => [variable, value]));
  await space.pushManifests(configManifests(['HAND', ...variables]));
  for (const name of ['app', 'manifests']) await space.push('v1.0.0', { name });
  await space.put(
    imageRepository('app', space.image()),
    imagePolicy('app'),
    imageRepository('manifests', space.image('manifests')),
    imagePolicy('manifests'),
    ociRepository('app', space.image('manifests')),
    kustomization(
      'app',
      { targetNamespace: space.namespace, postBuild: { substitute: { HAND: 'by hand', ...values('placeholder') } } },
      Object.assign({}, ...rollouts.map((name) => fills(name, variableOf(name)))) as Record<string, string>,
    ),
  );
  // Its apply asserts every variable that it finds; one of its Rollouts was last written by a patch.
  await applyAs(upstream, space, Kustomization, 'app', {
    postBuild: { substitute: { HAND: 'by hand', ...values('v1.0.0') } },
  });
  await upstream.patch(
    Kustomization,
    { namespace: space.namespace, name: 'app' },
    { type: 'merge', body: { spec: { postBuild: { substitute: { PATCHED: 'v1.0.0' } } } } },
  );
  for (const name of ['applied', 'patched']) {
    const annotations = { 'rollout.kuberik.com/rollout': 'source' };
    await space.put(ociRepository(name, space.image('manifests'), { ref: { tag: 'latest' } }, { annotations }));
  }
  await applyAs(upstream, space, OCIRepository, 'applied', { ref: { tag: 'v1.0.0' } });
  await upstream.patch(
    OCIRepository,
    { namespace: space.namespace, name: 'patched' },
    { type: 'merge', body: { spec: { ref: { tag: 'v1.0.0' } } } },
  );
}

export async function applyAs(
  client: KubeClient,
  space: ClusterSpace,
  type: typeof Kustomization | typeof OCIRepository,
  name: string,
  spec: Readonly<Record<string, unknown>>,
): Promise<void> {
  const fields = space.place(object(type.apiVersion, type.kind, name, spec), { ...type });
  await client.apply(type, fields, { fieldManager: LEGACY_FIELD_MANAGER, force: true });
}

/** A Rollout with the status that upstream wrote. */
export async function deployed(
  space: ClusterSpace,
  upstream: KubeClient,
  name: string,
  shape: Pick<Shape, 'spec' | 'history' | 'availableReleases'>,
): Promise<void> {
  const policy = name === 'source' ? 'manifests' : 'app';
  await space.put(rollout(name, { releasesImagePolicy: { name: policy }, ...shape.spec }));
  const { apiVersion, kind, metadata, spec } = await space.get(Rollout, name);
  const { history, availableReleases = [{ tag: 'v0.9.0' }, { tag: 'v1.0.0' }] } = shape;
  const condition = (type: string, reason: string) => {
    return { type, status: 'True', reason, message: 'as upstream says', lastTransitionTime: ago(3500) };
  };
  const conditions = [condition('ReleasesUpdated', 'ReleasesUpdated'), condition('Ready', 'BakeTimePassed')];
  const status = { history, availableReleases, releaseCandidates: [], conditions };
  await upstream.replace(
    Rollout,
    { apiVersion, kind, metadata, spec, status },
    {
      subresource: 'status',
    },
  );
}

/** Checks with upstream's annotations and verdicts, and a gate that its schedule closed. */
export async function judges(space: ClusterSpace, upstream: KubeClient): Promise<void> {
  const check = healthCheck('checked');
  const annotations = {
    'healthcheck.kuberik.com/kustomization': `${space.namespace}/app`,
    'healthcheck.kuberik.com/requeue-interval': '10s',
  };
  await space.put(
    { ...check, metadata: { ...check.metadata, labels: { judges: 'checked' }, annotations } },
    foreignCheck('deploying', { judges: 'deploying' }),
    scheduledGate(false),
  );
  await verdict(space, upstream, 'checked', { status: 'Healthy', message: 'all is well', lastChangeTime: ago(3590) });
  await verdict(space, upstream, 'deploying', { status: 'Pending', lastChangeTime: ago(3600) });
}

async function verdict(
  { namespace }: ClusterSpace,
  upstream: KubeClient,
  name: string,
  status: Readonly<Record<string, unknown>>,
): Promise<void> {
  await upstream.patch(
    HealthCheck,
    { namespace, name },
    { type: 'merge', body: { status } },
    { subresource: 'status' },
  );
}
