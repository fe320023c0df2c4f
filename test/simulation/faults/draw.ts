/** Which faults there are in a world, drawn before anything happens. */
import type { Action } from '../actions.ts';
import { type Draw, pick } from '../chance.ts';
import type { Span } from '../span.ts';
import type { FaultAt, FaultKind } from './fault.ts';
import type { Lengths } from './instants.ts';

/** By world. Restores have an hour of their own, and so have two replicas. */
interface Amounts extends Lengths {
  /** Faults that come in turn, so that some worlds one after the other have met all of them. */
  readonly inTurn: number;
}

const minute = 60_000;

export const amounts: Readonly<Record<Span['name'], Amounts>> = {
  storm: { inTurn: 20, down: 3_000, weather: 60_000, replicas: 5 * minute, backup: 40_000 },
  delivery: { inTurn: 1, down: 20_000, weather: 45_000, replicas: 90_000, backup: 40_000 },
  day: { inTurn: 10, down: 2 * minute, weather: 2 * minute, replicas: 10 * minute, backup: 5 * minute },
  month: { inTurn: 40, down: 10 * minute, weather: 10 * minute, replicas: 30 * minute, backup: 10 * minute },
};

/** Until a process takes a watch for dead, and a little more. */
const longestSilence = 190_000;

const kills = [
  'kill',
  'kill-at-read',
  'kill-before-write',
  'kill-after-write',
  'kill-at-event',
  'kill-while-starting',
] as const satisfies readonly FaultKind[];
const isKill = (kind: FaultKind): boolean => kind.startsWith('kill');

/** For all worlds. */
export const common = [
  ...kills,
  'terminated',
  'paused',
  'paused-at-write',
  'clock-off',
  'conflict',
  'throttled',
  'server-error',
  'unavailable',
  'timeout-before-write',
  'timeout-after-write',
  'timeout-of-read',
  'reset-before-write',
  'reset-after-write',
  'reset-of-read',
  'late-answer',
  'late-list',
  'event-lost',
  'event-refused',
  'late-events',
  'reordered-kinds',
  'lagging-caches',
  'doubled-events',
  'silent-watches',
  'watch-ended',
  'watch-gone',
  'compacted',
  'small-pages',
  'pages-expired',
  'target-refused',
  'registry-slow',
  'registry-down',
  'registry-lying',
  'prometheus-slow',
  'prometheus-down',
  'prometheus-lying',
  'http-slow',
  'http-down',
  'http-lying',
  'datadog-slow',
  'datadog-down',
  'datadog-lying',
] as const satisfies readonly FaultKind[];

/** While there are two replicas. */
export const ofLeases = [
  'lease-stolen',
  'lease-deleted',
  'lease-out-of-reach',
  'leader-paused',
  'paused-at-write',
  'leader-killed',
] as const satisfies readonly FaultKind[];

/** In a few worlds, once. */
export const restores = [
  'restored-backup',
  'restored-under-way',
  'restored-above',
] as const satisfies readonly FaultKind[];

/** Mostly right after somebody did something, since that is when there is something to break. */
export function drawFaults(draw: Draw, span: Span, actions: readonly Action[], seed: number): FaultAt[] {
  const { inTurn, replicas, weather } = amounts[span.name];
  const last = span.closing - weather;
  const lasts: Partial<Record<FaultKind, number>> = { 'clock-off': replicas, 'silent-watches': longestSilence };
  const early = actions.filter(({ at }) => at < last);
  const salt = (): number => Math.floor(draw() * 1000);
  const instant = (): number => {
    const near = pick(draw, early).at + Math.floor(draw() * draw() * nearness(span));
    return draw() < 0.8 ? near : Math.floor(draw() * last);
  };
  // What it leads to is over when the last release comes, which has to be good, and in time.
  const some = (kind: FaultKind): FaultAt => {
    return { at: Math.max(0, Math.min(instant(), last - (lasts[kind] ?? 0))), kind, salt: salt() };
  };
  const [fewest, most] = span.faults;
  const count = fewest + Math.floor(draw() * (most - fewest + 1));
  const faults = Array.from({ length: count }, () =>
    some(pick<FaultKind>(draw, draw() < (span.kills ?? 0) ? kills : common)),
  );
  for (let index = 0; index < inTurn; index += 1) {
    faults.push(some(common[(seed * inTurn + index) % common.length]!));
  }
  if (!faults.some(({ kind }) => isKill(kind))) faults.push(some(pick(draw, kills)));
  // It waits for somebody to create something, which most worlds see once, early on.
  faults.push({ at: 0, kind: 'lost-creation', salt: salt() });
  if (seed % 10 === 2 || seed % 10 === 5 || seed % 10 === 8) {
    const at = Math.max(0, Math.min(instant(), last - replicas));
    faults.push({ at, kind: 'two-replicas', salt: salt() });
    const first = Math.floor(seed / 10) + (seed % 10);
    for (let index = 0; index < 3; index += 1) {
      const kind = ofLeases[(first + index) % ofLeases.length]!;
      faults.push({ at: at + 5_000 + Math.floor(draw() * (replicas - 10_000)), kind, salt: salt() });
    }
  }
  const restore = restores[[1, 4, 9].indexOf(seed % 10)];
  if (restore !== undefined) {
    const at = Math.floor(span.begin + draw() * 0.7 * (last - replicas - span.begin));
    if (restore === 'restored-under-way')
      faults.push({ at: Math.max(0, at - 5_000), kind: 'two-replicas', salt: salt() });
    faults.push({ at, kind: restore, salt: salt() });
  }
  return faults.toSorted((a, b) => a.at - b.at);
}

/** How long after an action a fault still hits what it led to. */
const nearness = ({ closing }: Span): number => Math.min(900_000, closing / 3);
