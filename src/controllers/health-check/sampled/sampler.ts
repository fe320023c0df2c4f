/** `sampled` is what the classes share that ask somebody outside the cluster. This file: what such a class is. */
import type { HealthCheck, HealthCheckConditionReason, SampleResult } from '../../../api/health-check.ts';
import type { HttpAccess } from '../../../integrations/http/access.ts';

/** How the options of a class are understood, and one look. */
export interface Sampler {
  /** From `spec` and annotations, which must not contradict each other. */
  read(check: HealthCheck): Sampling | SamplerFault;
}

export interface SamplerFault {
  readonly reason: HealthCheckConditionReason;
  /** Names the field, what is wrong with it and what to write instead. */
  readonly message: string;
}

export interface Sampling {
  /** Whom it asks: a host that may be called, and that has a bound of its own. */
  readonly url: URL;
  /** Name of the Secret with credentials and certificates. */
  readonly secretName?: string;
  /** Name of the Secret whose every key is a header. */
  readonly headersSecretName?: string;
  /** Rejects with the signal's reason when it is aborted, and with UnansweredError when there is no answer to speak of. */
  take(request: SampleRequest, signal: AbortSignal): Promise<TakenSample>;
}

export interface SampleRequest {
  /** Headers, certificates and authorities that the Secrets of the check hold. */
  readonly access: HttpAccess;
  /** Milliseconds for the whole look. */
  readonly timeout: number;
  /** The newest deployment that the check judges; absent: none. */
  readonly deployedAt: Temporal.Instant | undefined;
  /** The newest deployment or retry: what happened before it is not about what runs now. */
  readonly cutoff: Temporal.Instant | undefined;
  readonly now: Temporal.Instant;
}

export interface TakenSample {
  readonly result: SampleResult;
  /** What was seen; of no data, what came instead. Never has a secret in it. */
  readonly message: string;
  /** The value that decided, for classes that have one. */
  readonly value?: string;
  /** Since when it is unhealthy, if something bears witness. */
  readonly failedAt?: Temporal.Instant;
}
