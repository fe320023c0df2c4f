/** Reads what to do about any error: rooms that `kube` does not know say it with a field of the error. */
import { InvalidObjectError, InvalidValueError } from '../api/errors.ts';
import { type Disposition, KubeError } from './errors.ts';

/**
 * A `KubeError` says it itself; an invalid object or value is terminal; any other error may carry `retryable` and
 * `retryAt` (an instant). Default: retryable.
 */
export function dispositionOf(error: unknown): Disposition {
  if (error instanceof KubeError) return error.disposition;
  if (error instanceof InvalidObjectError || error instanceof InvalidValueError) return { kind: 'terminal' };
  if (typeof error !== 'object' || error === null) return { kind: 'retryable' };
  if ('retryAt' in error && error.retryAt instanceof Temporal.Instant) {
    return { kind: 'waitUntil', until: error.retryAt };
  }
  if ('retryable' in error && error.retryable === false) return { kind: 'terminal' };
  return { kind: 'retryable' };
}
