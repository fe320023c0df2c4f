/**
 * Looks on their way, and what they brought until it is written down. A reconcile never waits for anybody outside: it
 * starts a look, and is woken by what that brings. What a look brings that is about another deployment by then is dropped.
 */
import { keyText, type ObjectKey } from '../../../api/meta.ts';
import type { SamplerFault, TakenSample } from './sampler.ts';

/** What a look brought: a sample, or why the check itself could not look. */
export type Outcome = (TakenSample | SamplerFault) & { readonly at: Temporal.Instant };

/** What is in memory of one check. */
export interface Looking {
  /** Of the check with this very spec, and the deployment that it judges. */
  readonly identity: string;
  dueAt: Temporal.Instant;
  flight?: AbortController | undefined;
  /** What the last look brought; a sample stays until it is written. */
  outcome?: Outcome | undefined;
  /** What the status says once it is. */
  expected?: unknown;
}

export class Looks {
  readonly #checks = new Map<string, Looking>();
  /** Brings a check to be looked at again. */
  wake: (key: ObjectKey) => void = () => undefined;

  /** Of a check as it is now; what belongs to another identity is dropped. @param dueAt of the first look */
  of(key: ObjectKey, identity: string, dueAt: () => Temporal.Instant): Looking {
    const present = this.#checks.get(keyText(key));
    if (present?.identity === identity) return present;
    present?.flight?.abort(new Error('the check asks otherwise now'));
    const looking: Looking = { identity, dueAt: dueAt() };
    this.#checks.set(keyText(key), looking);
    return looking;
  }

  /** @param take rejects only when it is aborted */
  start(key: ObjectKey, looking: Looking, take: (signal: AbortSignal) => Promise<Outcome>): void {
    const flight = new AbortController();
    looking.flight = flight;
    take(flight.signal).then(
      (outcome) => {
        if (flight.signal.aborted) return;
        looking.flight = undefined;
        looking.outcome = outcome;
        looking.expected = undefined;
        this.wake(key);
      },
      // Nobody waits for what was aborted.
      () => undefined,
    );
  }

  forget(key: ObjectKey): void {
    this.#checks.get(keyText(key))?.flight?.abort(new Error('the check asks no more'));
    this.#checks.delete(keyText(key));
  }

  stop(): void {
    for (const { flight } of this.#checks.values()) flight?.abort(new Error('the controller ends'));
    this.#checks.clear();
  }
}
