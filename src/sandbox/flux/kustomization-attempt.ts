/** What one reconcile of a Kustomization carries along and writes. */
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { Conditions } from './conditions.ts';
import { KUSTOMIZE_CONTROLLER } from './kustomization-apply.ts';
import { StatusPatcher } from './status-patcher.ts';
import { Kustomization } from './types.ts';

type Status = NonNullable<Kustomization['status']>;

interface AttemptOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
}

/** The object, its conditions and its status during one reconcile. */
export class Attempt {
  readonly object: Kustomization;
  readonly conditions: Conditions;
  status: Status;
  readonly #patcher: StatusPatcher;

  constructor({ client, clock }: AttemptOptions, object: Kustomization, generation: number | undefined) {
    this.object = object;
    this.conditions = new Conditions(object.status?.conditions, generation, () => clock.now());
    this.status = { ...object.status, observedGeneration: object.status?.observedGeneration ?? -1 };
    this.#patcher = new StatusPatcher(client, Kustomization, object, KUSTOMIZE_CONTROLLER);
  }

  async save(signal: AbortSignal): Promise<void> {
    this.status = { ...this.status, conditions: this.conditions.list() };
    await this.#patcher.write(this.status, signal);
  }
}
