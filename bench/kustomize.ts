/**
 * Does to Kustomizations, and to the one Deployment of each, what kustomize-controller does when a variable changes,
 * as far as others can see it: progressing, applied, ready; at once, since nothing runs.
 */
import type { KubeObject } from '../src/api/meta.ts';
import type { ResourceType } from '../src/api/resource-type.ts';
import { inventoryType } from '../src/controllers/health-check/kustomization/inventory-type.ts';
import { Kustomization } from '../src/integrations/flux/kustomization.ts';
import type { KubeClient } from '../src/kube/client.ts';
import { condition } from './conditions.ts';

const Deployment: ResourceType = inventoryType('apps/v1', 'Deployment', 'deployments', true);

const revision = 'main@sha1:0123456789012345678901234567890123456789';

/** What the Kustomization of this name is said to have applied. */
export async function appliedObject(client: KubeClient, namespace: string, name: string): Promise<void> {
  const labels = { 'kustomize.toolkit.fluxcd.io/name': name, 'kustomize.toolkit.fluxcd.io/namespace': namespace };
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'app', image: 'app:0' }] } };
  const spec = { replicas: 1, selector: { matchLabels: { app: name } }, template };
  await client.create(Deployment, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name, labels },
    spec,
  });
}

export class KustomizeStandIn {
  readonly #client: KubeClient;
  /** Generations that were taken up, by uid. */
  readonly #begun = new Map<string, number>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** @returns the work on it, when there is any */
  reconcile({ metadata, spec }: Kustomization): Promise<void> | undefined {
    const { uid = '', generation = 0, namespace = '', name } = metadata;
    const version = spec.postBuild?.substitute?.VERSION;
    if (typeof version !== 'string' || (this.#begun.get(uid) ?? 0) >= generation) return undefined;
    this.#begun.set(uid, generation);
    return this.#apply(namespace, name, generation, version);
  }

  async #apply(namespace: string, name: string, generation: number, version: string): Promise<void> {
    const progress = `Running health checks for revision ${revision} with a timeout of 1m0s`;
    await this.#status(Kustomization, namespace, name, {
      conditions: [
        condition('Reconciling', 'True', 'Progressing', progress, generation),
        condition('Ready', 'Unknown', 'Progressing', progress, generation),
      ],
      lastAttemptedRevision: revision,
    });
    const containers = [{ name: 'app', image: `app:${version}` }];
    const { metadata } = await this.#client.patch(
      Deployment,
      { namespace, name },
      { type: 'merge', body: { spec: { template: { spec: { containers } } } } },
    );
    await this.#status(Deployment, namespace, name, ready(metadata));
    await this.#status(Kustomization, namespace, name, {
      observedGeneration: generation,
      conditions: [
        condition('Ready', 'True', 'ReconciliationSucceeded', `Applied revision: ${revision}`, generation),
        condition('Healthy', 'True', 'Succeeded', 'Health check passed in 5ms', generation),
      ],
      inventory: { entries: [{ id: `${namespace}_${name}_apps_Deployment`, v: 'v1' }] },
      lastAppliedRevision: revision,
      lastAttemptedRevision: revision,
    });
  }

  async #status(type: ResourceType, namespace: string, name: string, status: unknown): Promise<void> {
    const patch = { type: 'merge', body: { status } } as const;
    await this.#client.patch(type, { namespace, name }, patch, { subresource: 'status' });
  }
}

function ready({ generation }: KubeObject['metadata']) {
  const { observedGeneration, ...available } = condition('Available', 'True', 'MinimumReplicasAvailable', 'available');
  const progressing = { ...available, type: 'Progressing', reason: 'NewReplicaSetAvailable' };
  const replicas = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  return { observedGeneration: generation ?? observedGeneration, ...replicas, conditions: [available, progressing] };
}
