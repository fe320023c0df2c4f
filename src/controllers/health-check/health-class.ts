/** What the classes of health checks have in common: what they are given, and what they say. */
import type { HealthCheck, HealthCheckConditionReason, HealthSample } from '../../api/health-check.ts';
import type { ObjectKey } from '../../api/meta.ts';
import type { Rollout } from '../../api/rollout.ts';
import type { WatchSource } from '../../kube/reconciler.ts';

export interface Verdict {
  readonly status: 'Healthy' | 'Unhealthy' | 'Pending';
  /** Stable: the same facts give the same text. */
  readonly message: string;
  /** When the failure happened, if something bears witness. */
  readonly failedAt?: Temporal.Instant;
  /** When to look again although nothing else changes. */
  readonly changesAt?: Temporal.Instant;
  /** What the verdict is about, if it is known. */
  readonly revision?: string;
  /** The check itself cannot judge: the condition `Ready` is False, and an event says so once. */
  readonly fault?: { readonly reason: HealthCheckConditionReason; readonly message: string };
  readonly sample?: HealthSample;
  /** When the next sample is due. */
  readonly nextSampleAt?: Temporal.Instant;
  readonly jobName?: string;
}

export interface Cutoffs {
  /** The newest deployment or retry: what was judged before it is not about what runs now. */
  readonly cutoff: Temporal.Instant | undefined;
  /** The newest deployment. */
  readonly deployedAt: Temporal.Instant | undefined;
}

export interface ClassFacts extends Cutoffs {
  readonly check: HealthCheck;
  /** Those that it judges. */
  readonly rollouts: readonly Rollout[];
}

/** One class of health checks. */
export interface HealthClassJudge {
  /** What else than the check and its Rollouts wakes a check of this class. */
  readonly watches: readonly WatchSource[];
  /** It asks nothing before Flux has applied what was deployed, and is woken when Flux gets on. */
  readonly awaitsDelivery?: boolean;
  /**
   * Never waits for anybody outside the cluster: it starts to ask, is woken by the answer, and says meanwhile what it
   * knows. Undefined: nothing new, the status stays.
   * @throws KubeError of a read that says nothing about health, to be tried again
   */
  judge(facts: ClassFacts, signal: AbortSignal): Promise<Verdict | undefined>;
  /** The check is gone, or of another class. */
  forget?(key: ObjectKey): void;
  /** @param wake brings a check to be looked at again */
  start?(wake: (key: ObjectKey) => void, signal: AbortSignal): void;
}
