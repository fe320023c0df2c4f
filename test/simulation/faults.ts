/** What goes wrong between the controllers and the API server: a row for each kind, and a count of each. */
import type { Action } from './actions.ts';
import { type Draw, pick } from './application.ts';
import { type Call, isWrite } from './call.ts';
import type { Fate, Weather } from './client.ts';
import type { Span } from './span.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const faultKinds = [
  'kill',
  'kill-at-read',
  'kill-before-write',
  'kill-after-write',
  'conflict',
  'throttled',
  'server-error',
  'timeout-before-write',
  'timeout-after-write',
  'late-events',
  'watch-ended',
  'watch-gone',
  'compacted',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultAt {
  /** Milliseconds since the start; those of requests hit the next one that fits. */
  readonly at: number;
  readonly kind: FaultKind;
  /** For whatever else has to be chosen. */
  readonly salt: number;
}

/** What faults do that are not about one request. */
export interface Surgeon {
  /** Kills the controllers, and starts them anew after a while. */
  kill(downFor: number): void;
  cutWatches(status: number | undefined): number;
  compact(): void;
  tell(kind: FaultKind, what: string): void;
}

const fates: Partial<Record<FaultKind, Fate>> = {
  'kill-at-read': { is: 'killed', done: true },
  'kill-before-write': { is: 'killed', done: false },
  'kill-after-write': { is: 'killed', done: true },
  conflict: { is: 'refused', answer: { status: 409, reason: 'Conflict' } },
  throttled: { is: 'refused', answer: { status: 429, reason: 'TooManyRequests', retryAfter: '7' } },
  'server-error': { is: 'refused', answer: { status: 500, reason: 'InternalError' } },
  'timeout-before-write': { is: 'lost', done: false },
  'timeout-after-write': { is: 'lost', done: true },
};
/** The others hit the next write. */
const ofAny: readonly FaultKind[] = ['throttled', 'server-error'];
const ofReads: readonly FaultKind[] = ['kill-at-read'];
const lateKinds = ['Rollout', 'RolloutGate', 'Kustomization', 'HealthCheck', 'Freeze', 'ImagePolicy'];
const lateFor = 120_000;

export class Faults implements Weather {
  readonly #clock: VirtualClock;
  readonly #surgeon: Surgeon;
  readonly #longestDown: number;
  readonly #armed: FaultAt[] = [];
  #late: { readonly kind: string; readonly by: number; readonly until: number; counted: boolean } | undefined;
  readonly counts = new Map<FaultKind, number>();

  /** @param longestDown milliseconds until a killed process is started again, at most */
  constructor(clock: VirtualClock, surgeon: Surgeon, longestDown: number) {
    this.#longestDown = longestDown;
    this.#clock = clock;
    this.#surgeon = surgeon;
  }

  schedule(faults: readonly FaultAt[]): void {
    for (const fault of faults) {
      this.#clock.after(fault.at, () => {
        this.#strike(fault);
      });
    }
  }

  fateOf(call: Call): Fate {
    if (call.kind === 'Event') return { is: 'served' };
    const index = this.#armed.findIndex(({ kind }) => ofAny.includes(kind) || ofReads.includes(kind) !== isWrite(call));
    const [fault] = index === -1 ? [] : this.#armed.splice(index, 1);
    const fate = fault && fates[fault.kind];
    if (fault === undefined || fate === undefined) return { is: 'served' };
    this.#count(fault.kind, `${call.verb} ${call.kind} ${call.key.name}`);
    if (fate.is === 'killed') this.#surgeon.kill(this.#downtime(fault));
    return fate;
  }

  lateness(kind: string): number {
    const late = this.#late;
    if (late?.kind !== kind || this.#clock.milliseconds > late.until) return 0;
    if (!late.counted) this.#count('late-events', `${kind} by ${late.by} ms`);
    late.counted = true;
    return late.by;
  }

  #strike(fault: FaultAt): void {
    const { kind, salt } = fault;
    switch (kind) {
      case 'kill':
        this.#count(kind, '');
        this.#surgeon.kill(this.#downtime(fault));
        return;
      case 'late-events': {
        const until = this.#clock.milliseconds + lateFor;
        this.#late = { kind: lateKinds[salt % lateKinds.length]!, by: 1000 + salt * 25, until, counted: false };
        return;
      }
      case 'watch-ended':
      case 'watch-gone':
        if (this.#surgeon.cutWatches(kind === 'watch-gone' ? 410 : undefined) > 0) this.#count(kind, '');
        return;
      case 'compacted':
        this.#surgeon.compact();
        if (this.#surgeon.cutWatches(undefined) > 0) this.#count(kind, '');
        return;
      default:
        this.#armed.push(fault);
    }
  }

  /** Half a second at least. */
  #downtime({ salt }: FaultAt): number {
    return 500 + (salt / 1000) * this.#longestDown;
  }

  #count(kind: FaultKind, what: string): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    this.#surgeon.tell(kind, what);
  }
}

/** Mostly right after somebody did something, since that is when there is something to break. */
export function drawFaults(draw: Draw, span: Span, actions: readonly Action[]): FaultAt[] {
  const [fewest, most] = span.faults;
  const count = fewest + Math.floor(draw() * (most - fewest + 1));
  const faults = Array.from({ length: count }, (): FaultAt => {
    const near = pick(draw, actions).at + Math.floor(draw() * draw() * nearness(span));
    const at = draw() < 0.8 ? near : Math.floor(draw() * span.calm);
    return { at: Math.min(at, span.calm), kind: pick(draw, faultKinds), salt: Math.floor(draw() * 1000) };
  });
  return faults.toSorted((a, b) => a.at - b.at);
}

/** How long after an action a fault still hits what it led to. */
const nearness = ({ closing }: Span): number => Math.min(900_000, closing / 3);
