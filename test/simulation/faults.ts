/** What goes wrong around the controllers: each kind of `faults/` is counted when it has done what it does. */
import { type Call, isWrite } from './call.ts';
import type { Fate, Refused, Weather } from './client.ts';
import { common, ofLeases, restores } from './faults/draw.ts';
import type { FaultAt, FaultKind } from './faults/fault.ts';
import { type InstantFaultKind, instantFaults, type Lengths, type Scene, type Surgeon } from './faults/instants.ts';
import { isRequestFault, refusals, requestFaults } from './faults/requests.ts';
import { WatchWeather } from './faults/watches.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Sky } from './weather.ts';

/** Those that worlds meet. */
export const faultKinds: readonly FaultKind[] = [
  ...new Set<FaultKind>([...common, 'lost-creation', 'two-replicas', ...ofLeases, ...restores]),
];

export interface FaultOptions {
  readonly clock: VirtualClock;
  readonly surgeon: Surgeon;
  readonly services: Sky;
  readonly lengths: Lengths;
  /** Milliseconds since the start: what has not hit anything by then never will. */
  readonly end: number;
}

/** Writes to one object that are refused. */
interface Barrier {
  readonly kinds: readonly string[];
  readonly answer: Refused;
  readonly until: number;
  readonly met: (what: string) => void;
  /** Of the first one that was hit. */
  name: string | undefined;
}

const targetKinds = ['Kustomization', 'OCIRepository'];

export class Faults implements Weather {
  readonly #options: FaultOptions;
  readonly #watches: WatchWeather;
  #armed: FaultAt[] = [];
  #barriers: Barrier[] = [];
  readonly counts = new Map<FaultKind, number>();

  constructor(options: FaultOptions) {
    this.#options = options;
    this.#watches = new WatchWeather(options.clock);
  }

  schedule(faults: readonly FaultAt[]): void {
    const { clock, end } = this.#options;
    for (const fault of faults) {
      clock.after(fault.at, () => {
        this.#strike(fault);
      });
    }
    clock.after(end, () => {
      this.#armed = [];
    });
  }

  fateOf(call: Call, actor: string): Fate {
    const barred = this.#barred(call);
    if (barred !== undefined) return { is: 'refused', answer: barred };
    const index = this.#armed.findIndex(({ kind }) => isRequestFault(kind) && requestFaults[kind].fits(call));
    const [fault] = index === -1 ? [] : this.#armed.splice(index, 1);
    if (fault === undefined || !isRequestFault(fault.kind)) return { is: 'served' };
    this.#count(fault.kind, `${call.verb} ${call.kind} ${call.key.name}`);
    const fate = requestFaults[fault.kind].fate(fault.salt);
    const { surgeon } = this.#options;
    if (fate.is === 'killed') surgeon.kill(this.#downtime(fault), actor);
    if (fault.kind === 'paused-at-write')
      surgeon.pause(1_000 + fault.salt * 40, { answersFirst: fault.salt % 2 === 0, isSent: false });
    return fate;
  }

  lateness(kind: string): number {
    return this.#watches.lateness(kind);
  }

  copies(kind: string): number {
    return this.#watches.copies(kind);
  }

  pageSize(): number | undefined {
    return this.#watches.pageSize();
  }

  /** Whoever hears it may die as soon as he begins to work on it, or some steps later. */
  arrived(kind: string, actor: string): void {
    const index = this.#armed.findIndex((fault) => fault.kind === 'kill-at-event');
    const [fault] = index === -1 ? [] : this.#armed.splice(index, 1);
    if (fault === undefined) return;
    this.#count(fault.kind, kind);
    void (async () => {
      for (let turn = fault.salt % 40; turn > 0; turn -= 1) await Promise.resolve();
      this.#options.surgeon.kill(this.#downtime(fault), actor);
    })();
  }

  #strike(fault: FaultAt): void {
    const { kind, salt } = fault;
    if (isRequestFault(kind) || kind === 'kill-at-event') this.#armed.push(fault);
    else instantFaults[kind](this.#sceneOf(kind), salt);
  }

  #sceneOf(kind: InstantFaultKind): Scene {
    const { clock, surgeon, services, lengths } = this.#options;
    const met = (what = ''): void => {
      this.#count(kind, what);
    };
    const bar = (kinds: readonly string[], answer: Refused, until: number): void => {
      this.#barriers.push({ kinds, answer, until, met, name: undefined });
    };
    return {
      surgeon,
      watches: this.#watches,
      services,
      lengths,
      now: clock.milliseconds,
      after: (milliseconds, work) => void clock.after(milliseconds, work),
      refuseTarget: (salt, until) => {
        bar(targetKinds, refusals[salt % refusals.length]!, until);
      },
      refuseLease: (until) => {
        bar(['Lease'], { status: 503, reason: 'ServiceUnavailable' }, until);
      },
      met,
    };
  }

  #barred(call: Call): Refused | undefined {
    if (this.#barriers.length === 0 || !isWrite(call)) return undefined;
    const now = this.#options.clock.milliseconds;
    this.#barriers = this.#barriers.filter(({ until }) => until >= now);
    const { name } = call.key;
    const hit = this.#barriers.find((barrier) => barrier.kinds.includes(call.kind) && (barrier.name ?? name) === name);
    if (hit === undefined) return undefined;
    if (hit.name === undefined) hit.met(`${call.kind} ${name}: ${hit.answer.status}`);
    hit.name = name;
    return hit.answer;
  }

  /** Half a second at least. */
  #downtime({ salt }: FaultAt): number {
    return 500 + (salt / 1000) * this.#options.lengths.down;
  }

  #count(kind: FaultKind, what: string): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    this.#options.surgeon.tell(kind, what);
  }
}
