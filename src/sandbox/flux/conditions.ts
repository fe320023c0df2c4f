/** Conditions as Flux sets and orders them. */
import type { Condition } from '../../api/meta.ts';

/** Reasons of Flux that the stand-ins write. https://github.com/fluxcd/pkg/tree/main/apis/meta */
export const Reason = {
  Succeeded: 'Succeeded',
  Progressing: 'Progressing',
  ProgressingWithRetry: 'ProgressingWithRetry',
  Failure: 'Failure',
  DependencyNotReady: 'DependencyNotReady',
  // image-reflector
  ImageURLInvalid: 'ImageURLInvalid',
  ReadOperationFailed: 'ReadOperationFailed',
  IntervalNotConfigured: 'IntervalNotConfigured',
  InvalidPolicy: 'InvalidPolicy',
  // source
  URLInvalid: 'URLInvalid',
  OCIArtifactPullFailed: 'OCIArtifactPullFailed',
  OCIArtifactLayerOperationFailed: 'OCIArtifactLayerOperationFailed',
  NewRevision: 'NewRevision',
  // kustomize
  ReconciliationSucceeded: 'ReconciliationSucceeded',
  ReconciliationFailed: 'ReconciliationFailed',
  BuildFailed: 'BuildFailed',
  PruneFailed: 'PruneFailed',
  HealthCheckFailed: 'HealthCheckFailed',
  HealthCheckCanceled: 'HealthCheckCanceled',
  ArtifactFailed: 'ArtifactFailed',
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

/** Ready, Reconciling and Stalled first, the others by name, as `kubectl get` users expect. */
const first = ['Ready', 'Reconciling', 'Stalled'];

function rank(type: string): number {
  const index = first.indexOf(type);
  return index === -1 ? first.length : index;
}

/** RFC 3339 in whole seconds, as metav1.Time. */
export function timestamp(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' });
}

/** The conditions of one object during one reconcile. Unknown types of others stay as they are. */
export class Conditions {
  readonly #generation: number | undefined;
  readonly #now: () => Temporal.Instant;
  #list: readonly Condition[];

  /** `generation` is written to `observedGeneration` of what is marked. */
  constructor(existing: readonly Condition[] | undefined, generation: number | undefined, now: () => Temporal.Instant) {
    this.#list = existing ?? [];
    this.#generation = generation;
    this.#now = now;
  }

  get(type: string): Condition | undefined {
    return this.#list.find((condition) => condition.type === type);
  }

  /** The transition time moves with any change, as in Flux, not only with `status`. */
  mark(type: string, status: Condition['status'], reason: Reason, message: string): void {
    const existing = this.get(type);
    const same =
      existing?.status === status &&
      existing.reason === reason &&
      existing.message === message &&
      existing.observedGeneration === this.#generation;
    if (same) return;
    const condition: Condition = {
      type,
      status,
      ...(this.#generation === undefined ? {} : { observedGeneration: this.#generation }),
      lastTransitionTime: timestamp(this.#now()),
      reason,
      message,
    };
    this.#list = [...this.#list.filter((other) => other.type !== type), condition].sort(
      (a, b) => rank(a.type) - rank(b.type) || (a.type < b.type ? -1 : 1),
    );
  }

  remove(...types: readonly string[]): void {
    this.#list = this.#list.filter((condition) => !types.includes(condition.type));
  }

  /** Work begins: Reconciling, and Ready becomes Unknown where it is not known or `drift` makes it untrue. */
  progress(message: string, drift = false): void {
    const ready = this.get('Ready')?.status ?? 'Unknown';
    if (drift || ready === 'Unknown') this.mark('Ready', 'Unknown', Reason.Progressing, message);
    this.mark('Reconciling', 'True', Reason.Progressing, message);
  }

  succeed(reason: Reason, message: string): void {
    this.remove('Reconciling', 'Stalled');
    this.mark('Ready', 'True', reason, message);
  }

  /** Not ready, and it is tried again by itself. */
  fail(reason: Reason, message: string): void {
    this.mark('Ready', 'False', reason, message);
    const reconciling = this.get('Reconciling');
    if (reconciling !== undefined) this.mark('Reconciling', 'True', Reason.ProgressingWithRetry, reconciling.message);
  }

  /** Not ready, and only a change of the object helps. */
  stall(reason: Reason, message: string): void {
    this.remove('Reconciling');
    this.mark('Ready', 'False', reason, message);
    this.mark('Stalled', 'True', reason, message);
  }

  list(): Condition[] {
    return [...this.#list];
  }
}
