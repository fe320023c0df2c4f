/** The Flux and workload stand-ins together, on a memory cluster, a memory registry and a clock that stands still. */

import type { KubeObject } from '../../api/meta.ts';
import { computeStatus } from '../../kube/kstatus/compute-status.ts';
import { createFakeClock } from '../../kube/testing/fake-clock.ts';
import { fluxControllers } from '../flux/controllers.ts';
import { createResourceTypes } from '../flux/resource-types.ts';
import type { Kustomization } from '../flux/types.ts';
import { workloadControllers } from '../workloads/controllers.ts';
import { imageOutcomes } from '../workloads/outcome.ts';
import type { Deployment } from '../workloads/types.ts';
import { driveControllers } from './controller-driver.ts';
import { createMemoryCluster } from './memory-cluster.ts';
import { createMemoryRegistry } from './memory-registry.ts';

/** The version that crashes, as its image says, and those that run. */
const images = { '1.0.0': 'ready', '1.1.0': 'ready', '1.2.0-bad': 'crash' };

export const registryHost = '127.0.0.1:5000';
export const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  replicas: 2
  progressDeadlineSeconds: 600
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: app, image: "${registryHost}/team/web:\${VERSION}"}]}
`;
export const config = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n`;

type View = Required<NonNullable<Kustomization['status']>>;
export const statusIn = (object: KubeObject | undefined) =>
  ({ conditions: [], ...(object?.status as View | undefined) }) as View;

export function createFluxWorld(options: { readonly cancelHealthCheckOnNewRevision?: boolean } = {}) {
  const clock = createFakeClock();
  const cluster = createMemoryCluster(clock);
  const registry = createMemoryRegistry();
  const { client, reader } = cluster;
  const outcomeOf = imageOutcomes(registry.annotationsOf, (image) => image.startsWith(registryHost));
  const controllers = [
    ...fluxControllers({
      client,
      reader,
      clock,
      registry,
      puller: registry,
      resourceTypes: createResourceTypes(client),
      statusOf: computeStatus,
      ...options,
    }),
    ...workloadControllers({ client, reader, clock, outcomeOf }),
  ];
  for (const [version, outcome] of Object.entries(images)) {
    registry.push(`${registryHost}/team/web:${version}`, { annotations: { 'sandbox.kuberik.com/outcome': outcome } });
  }
  const driver = driveControllers(cluster, controllers, clock);
  const artifact = (files: Record<string, string>, tag = '1') =>
    registry.push(`${registryHost}/team/manifests:${tag}`, {
      files,
      annotations: { 'org.opencontainers.image.revision': `git-${tag}` },
    });
  const source = (tag = '1') => {
    cluster.put({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'OCIRepository',
      metadata: { name: 'app', namespace: 'default' },
      spec: { url: `oci://${registryHost}/team/manifests`, interval: '10m', ref: { tag } },
    });
  };
  const kustomization = (spec: Record<string, unknown> = {}, name = 'app') => {
    cluster.put({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name, namespace: 'default' },
      spec: {
        interval: '10m',
        retryInterval: '30s',
        timeout: '1m',
        prune: true,
        path: './',
        targetNamespace: 'default',
        sourceRef: { kind: 'OCIRepository', name: 'app' },
        postBuild: { substitute: { VERSION: '1.0.0' } },
        ...spec,
      },
    });
  };
  const status = (name = 'app') => statusIn(cluster.find('Kustomization', name));
  const condition = (type: string, name = 'app') => status(name).conditions.find((c) => c.type === type)!;
  const image = (): string => {
    const spec = cluster.find('Deployment', 'app')?.spec as Deployment['spec'];
    return spec.template.spec.containers[0]?.image ?? '';
  };
  return { clock, cluster, registry, driver, artifact, source, kustomization, status, condition, image };
}
