/** Bounds on waiting, measured with the injected clock. */
import type { Clock } from '../kube/clock.ts';

/** The reason of a signal whose time ran out. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
  }
}

export interface Deadline extends Disposable {
  /** Aborted by the parent, with its reason, or by the clock, with a `DeadlineError`. */
  readonly signal: AbortSignal;
}

// By hand rather than with AbortSignal.any: a signal that lives as long as the process must not collect followers.
export function startDeadline(clock: Clock, milliseconds: number, parent: AbortSignal): Deadline {
  const controller = new AbortController();
  const follow = () => {
    controller.abort(parent.reason);
  };
  if (parent.aborted) follow();
  parent.addEventListener('abort', follow, { once: true });
  const timer = clock.after(milliseconds, () => {
    controller.abort(new DeadlineError(milliseconds));
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      parent.removeEventListener('abort', follow);
      timer[Symbol.dispose]();
    },
  };
}

/** Rejects with the signal's reason as soon as it is aborted, however long the work goes on. */
export async function abandonOnAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(asError(signal.reason));
    };
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
