/** Errors of the room `kube`: what the API server, or the way to it, answered. */
import type { ObjectKey } from '../api/meta.ts';

export type KubeErrorCode =
  | 'KBK_KUBE_STATUS' // the API server answered with a Status
  | 'KBK_KUBE_CONNECTION' // no answer: refused, reset, timed out
  | 'KBK_KUBE_RESPONSE' // an answer that is no Kubernetes answer
  | 'KBK_KUBE_CONFIG' // no usable kubeconfig
  | 'KBK_KUBE_LEASE_LOST'; // somebody else leads now

/** What to do about an error: a type, not a text. */
export type Disposition =
  | { readonly kind: 'retryable' }
  | { readonly kind: 'terminal' }
  | { readonly kind: 'waitUntil'; readonly until: Temporal.Instant };

export class KubeError extends Error {
  override readonly name: string = 'KubeError';
  readonly code: KubeErrorCode;
  readonly disposition: Disposition;

  constructor(code: KubeErrorCode, message: string, disposition: Disposition, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.disposition = disposition;
  }
}

export interface RequestTarget {
  readonly verb: string;
  readonly kind: string;
  readonly key: ObjectKey;
}

/** The API server's own refusal: a `Status` with `reason` and `code`. */
export class ApiStatusError extends KubeError {
  override readonly name = 'ApiStatusError';
  readonly status: number;
  /** `NotFound`, `Conflict`, `Forbidden`, `Invalid`, `Expired`, … */
  readonly reason: string;
  readonly target: RequestTarget;

  constructor(status: number, reason: string, message: string, target: RequestTarget, disposition: Disposition) {
    super('KBK_KUBE_STATUS', message, disposition);
    this.status = status;
    this.reason = reason;
    this.target = target;
  }
}

export function isNotFound(error: unknown): error is ApiStatusError {
  return error instanceof ApiStatusError && error.status === 404;
}

/** The object changed since it was read (optimistic lock), or another field manager owns a field. */
export function isConflict(error: unknown): error is ApiStatusError {
  return error instanceof ApiStatusError && error.status === 409;
}

/** By the roles of who we are. Not to be known at all (401) is another fault: credentials are renewed within seconds. */
export function isForbidden(error: unknown): error is ApiStatusError {
  return error instanceof ApiStatusError && error.status === 403;
}

/** A `resourceVersion` that the API server no longer has. */
export function isExpired(error: unknown): error is ApiStatusError {
  return error instanceof ApiStatusError && error.status === 410;
}
