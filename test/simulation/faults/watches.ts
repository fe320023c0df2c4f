/** What goes wrong with what watches tell: late, in another order, more than once. */
import type { VirtualClock } from '../virtual-clock.ts';

export const watchedKinds = [
  'Rollout',
  'RolloutGate',
  'Kustomization',
  'HealthCheck',
  'Freeze',
  'ImagePolicy',
  'Approval',
  'RolloutSchedule',
] as const;

type Trouble = 'late-events' | 'reordered-kinds' | 'lagging-caches' | 'doubled-events' | 'small-pages';

interface Spell {
  readonly salt: number;
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly met: (what: string) => void;
  isMet: boolean;
}

export class WatchWeather {
  readonly #clock: VirtualClock;
  readonly #spells = new Map<Trouble, Spell>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** A new one takes the place of the one before. */
  bring(trouble: Trouble, spell: Omit<Spell, 'isMet'>): void {
    this.#spells.set(trouble, { ...spell, isMet: false });
  }

  /** Milliseconds more until what a watch tells of this kind arrives. */
  lateness(kind: string): number {
    const index = watchedKinds.findIndex((one) => one === kind);
    if (index === -1) return 0;
    const one = this.#meet('late-events', kind, ({ salt }) => salt % watchedKinds.length === index);
    const each = this.#meet('reordered-kinds', kind, () => true);
    const all = this.#meet('lagging-caches', kind, () => true);
    return Math.max(
      one === undefined ? 0 : 1_000 + one.salt * 25,
      // Each kind has another lateness, and the salt says which of them is the latest.
      each === undefined ? 0 : ((each.salt + index * 7) % watchedKinds.length) * 1_500,
      all === undefined ? 0 : 1_000 + all.salt * 10,
    );
  }

  copies(kind: string): number {
    return this.#meet('doubled-events', kind, () => true) === undefined ? 1 : 2;
  }

  pageSize(): number | undefined {
    return this.#meet('small-pages', 'a list', () => true) === undefined ? undefined : 2;
  }

  #meet(trouble: Trouble, what: string, fits: (spell: Spell) => boolean): Spell | undefined {
    const spell = this.#spells.get(trouble);
    if (spell === undefined || this.#clock.milliseconds > spell.until || !fits(spell)) return undefined;
    if (!spell.isMet) spell.met(what);
    spell.isMet = true;
    return spell;
  }
}
