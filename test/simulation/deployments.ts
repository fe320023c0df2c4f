/** What the Deployment controller says of what a Kustomization applied. */
import { FLUX_KUSTOMIZATION_NAME, FLUX_KUSTOMIZATION_NAMESPACE } from '../../src/api/annotations.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import type { Application } from './application.ts';
import type { SimulatedClient } from './client.ts';
import { deploymentType } from './kinds.ts';
import { behaviourOf } from './versions.ts';
import type { Workloads } from './workloads.ts';

export class Deployments {
  readonly #client: SimulatedClient;
  readonly #workloads: Workloads;

  constructor(client: SimulatedClient, workloads: Workloads) {
    this.#client = client;
    this.#workloads = workloads;
  }

  /** The application runs another version, or is otherwise than it was. */
  async follow(app: Application): Promise<void> {
    const { namespace, name } = app;
    const { tag = '' } = this.#workloads.runningOf(app) ?? {};
    const condition = this.#workloads.conditionOf(app);
    const key = { namespace, name };
    const object = deploymentOf(app, tag);
    if (!(await this.#isThere(key))) await this.#client.create(deploymentType, object);
    else if (condition === 'starting') {
      await this.#client.patch(deploymentType, key, { type: 'merge', body: { spec: object.spec } });
    }
    const { metadata } = await this.#client.get(deploymentType, key);
    const isReady = condition === 'healthy';
    const hasFailed = condition === 'unhealthy' && behaviourOf(tag) === 'crashes';
    const isNew = condition === 'starting';
    const status = {
      observedGeneration: metadata.generation,
      replicas: 1,
      updatedReplicas: 1,
      readyReplicas: isReady ? 1 : 0,
      availableReplicas: isReady ? 1 : 0,
      conditions: [
        { type: 'Available', status: isReady ? 'True' : 'False', reason: 'MinimumReplicas', message: '' },
        {
          type: 'Progressing',
          status: hasFailed ? 'False' : 'True',
          reason: hasFailed ? 'ProgressDeadlineExceeded' : isNew ? 'ReplicaSetUpdated' : 'NewReplicaSetAvailable',
          message: '',
        },
      ],
    };
    const body = { status };
    await this.#client.patch(deploymentType, key, { type: 'merge', body }, { subresource: 'status' });
  }

  async #isThere(key: { readonly namespace: string; readonly name: string }): Promise<boolean> {
    try {
      await this.#client.get(deploymentType, key);
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }
}

function deploymentOf({ namespace, name, kustomization }: Application, tag: string) {
  const labels = { [FLUX_KUSTOMIZATION_NAME]: kustomization, [FLUX_KUSTOMIZATION_NAMESPACE]: namespace };
  const matchLabels = { app: name };
  return {
    apiVersion: deploymentType.apiVersion,
    kind: deploymentType.kind,
    metadata: { namespace, name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels },
      template: { metadata: { labels: matchLabels }, spec: { containers: [{ name: 'app', image: `app:${tag}` }] } },
    },
  };
}
