/** Token buckets per object: https://pkg.go.dev/k8s.io/client-go/tools/record#EventSourceObjectSpamFilter */
import type { Clock } from './clock.ts';

// client-go's figures: a burst of 25, then one in five minutes.
const burst = 25;
const refillSeconds = 300;
const mostObjects = 4096;

interface Bucket {
  tokens: number;
  at: number;
}

export class SpamFilter {
  readonly #clock: Clock;
  /** In order of use: the first is the one to forget. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a token of the object; false when it has none left. */
  admits(object: string): boolean {
    const now = this.#clock.now().epochMilliseconds / 1000;
    const bucket = this.#buckets.get(object) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) / refillSeconds);
    bucket.at = now;
    this.#buckets.delete(object);
    this.#buckets.set(object, bucket);
    if (this.#buckets.size > mostObjects) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}
