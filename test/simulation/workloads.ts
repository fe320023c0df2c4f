/** What runs of each application, and how it is: healthy or not by its version and by how long it has been running. */
import { type Application, keyTextOf } from './application.ts';
import type { Span } from './span.ts';
import { behaviourOf, chanceOf } from './versions.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type Condition = 'absent' | 'starting' | 'healthy' | 'unhealthy';

export interface Running {
  readonly tag: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

interface Phase {
  /** Milliseconds after it began to run. */
  readonly after: number;
  readonly condition: Condition;
}

/** Milliseconds until it is ready, if it will be. */
export const starts = 3_000;
const flapsEvery = 20_000;

export class Workloads {
  readonly #clock: VirtualClock;
  readonly #seed: number;
  readonly #span: Span;
  readonly #running = new Map<string, Running>();
  readonly #listeners: ((app: Application) => void)[] = [];

  constructor(clock: VirtualClock, seed: number, span: Span) {
    this.#clock = clock;
    this.#seed = seed;
    this.#span = span;
  }

  /** Called whenever an application is in another condition or runs another version. */
  onChange(listener: (app: Application) => void): void {
    this.#listeners.push(listener);
  }

  run(app: Application, tag: string): void {
    const key = keyTextOf(app);
    if (this.#running.get(key)?.tag === tag) return;
    const running: Running = { tag, since: this.#clock.milliseconds };
    this.#running.set(key, running);
    for (const { after } of this.#phasesOf(tag)) {
      this.#clock.after(after, () => {
        if (this.#running.get(key) !== running) return;
        for (const listener of this.#listeners) listener(app);
      });
    }
  }

  runningOf(app: Application): Running | undefined {
    return this.#running.get(keyTextOf(app));
  }

  conditionOf(app: Application): Condition {
    return this.#phaseOf(app)?.condition ?? 'absent';
  }

  /** Since when it is in its condition, in milliseconds since the epoch. */
  changedAt(app: Application): number {
    return (this.runningOf(app)?.since ?? 0) + (this.#phaseOf(app)?.after ?? 0);
  }

  #phaseOf(app: Application): Phase | undefined {
    const running = this.runningOf(app);
    if (running === undefined) return undefined;
    const age = this.#clock.milliseconds - running.since;
    return this.#phasesOf(running.tag).findLast(({ after }) => after <= age);
  }

  #phasesOf(tag: string): readonly Phase[] {
    const starting: Phase = { after: 0, condition: 'starting' };
    const healthy: Phase = { after: starts, condition: 'healthy' };
    const unhealthy = (after: number): Phase => ({ after, condition: 'unhealthy' });
    switch (behaviourOf(tag)) {
      case 'crashes':
        return [starting, unhealthy(starts)];
      case 'hangs':
        return [starting];
      case 'flaps':
        return [starting, healthy, unhealthy(flapsEvery), { after: 2 * flapsEvery, condition: 'healthy' }];
      case 'degrades': {
        const [least, most] = this.#span.degradesAfter;
        return [starting, healthy, unhealthy(Math.floor(least + chanceOf(this.#seed, tag) * (most - least)))];
      }
      default:
        return [starting, healthy];
    }
  }
}
