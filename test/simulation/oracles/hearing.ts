/**
 * What a process can know. It decides by what lists and watches have told it, and these may lag: of a gate that was
 * closed a moment ago it cannot know yet, and of one that was closed before the last thing it heard it must.
 */
import type { VirtualClock } from '../virtual-clock.ts';

interface Heard {
  readonly at: number;
  readonly revision: number;
}

/** From what was heard to the write that follows from it. */
const reaction = 1_000;
/** Clocks are right again by then. */
const longestDrift = 1_800_000;

export class Hearing {
  readonly #clock: VirtualClock;
  /** By process and kind, the oldest first; one that is old enough to have been acted upon, and what came since. */
  readonly #heard = new Map<string, Map<string, Heard[]>>();
  /** The last time that each process stood still. */
  readonly #pauses = new Map<string, { readonly from: number; readonly to: number }>();
  #skew = 0;
  #restoredAt = Number.NEGATIVE_INFINITY;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  heard(actor: string, kind: string, revision: number): void {
    if (!Number.isFinite(revision)) return;
    const at = this.#clock.milliseconds;
    const kinds = this.#heard.get(actor) ?? new Map<string, Heard[]>();
    this.#heard.set(actor, kinds);
    const list = kinds.get(kind) ?? [];
    kinds.set(kind, list);
    const decided = this.#decided(actor);
    while (list.length > 1 && list[1]!.at <= decided) list.shift();
    list.push({ at, revision });
  }

  /** What the journal says of a process: that it stands still, or that its clock is off. */
  noted(actor: string, text: string): void {
    const from = this.#clock.milliseconds;
    const [, still] = /stands still for (\d+) ms/.exec(text) ?? [];
    if (still !== undefined) this.#pauses.set(actor, { from, to: from + Number(still) });
    const [, ahead, share] = /its clock is (-?\d+) ms ahead and (\S+) % too fast/.exec(text) ?? [];
    if (ahead === undefined) return;
    const drift = (Math.abs(Number(share)) / 100) * longestDrift;
    this.#skew = Math.max(this.#skew, Math.abs(Number(ahead)) + drift);
  }

  /** The store is another one: nobody knows anything of it yet. */
  restored(): void {
    this.#restoredAt = this.#clock.milliseconds;
    this.#heard.clear();
  }

  /** For how long what has ended may not be over yet for a process, in milliseconds; its clock may have been off. */
  slack(actor: string): number {
    return this.#clock.milliseconds - this.#decided(actor) + 1_000 + this.#skew;
  }

  /** How far times that processes wrote may be off. */
  get skew(): number {
    return this.#skew;
  }

  /** What it decides now is made of this revision of the kind, or of a later one. */
  revision(actor: string, kind: string): number {
    const list = this.#heard.get(actor)?.get(kind) ?? [];
    const decided = this.#decided(actor);
    // What it decides still may be of the store that is lost.
    if (decided <= this.#restoredAt) return 0;
    return (list.findLast(({ at }) => at <= decided) ?? list[0])?.revision ?? 0;
  }

  /** When it can have decided at the earliest what it writes now: nothing goes on while it stands still. */
  #decided(actor: string): number {
    const before = this.#clock.milliseconds - reaction;
    const { from, to } = this.#pauses.get(actor) ?? { from: 0, to: 0 };
    return before <= to ? Math.min(before, from - reaction) : before;
  }
}
