/**
 * How many replicas each ReplicaSet of a Deployment should have next. Pure.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/deployment/rolling.go
 */
import type { Deployment } from './types.ts';

export interface SetState {
  readonly name: string;
  /** `spec.replicas`. */
  readonly wanted: number;
  /** `status.replicas`. */
  readonly present: number;
  /** `status.availableReplicas`. */
  readonly available: number;
}

export interface Bounds {
  readonly desired: number;
  /** How many pods above `desired` there may be. */
  readonly surge: number;
  /** How many pods below `desired` may be available. */
  readonly unavailable: number;
}

/** Defaults 25 % and 25 %, surge rounded up, unavailability down; both 0 would never move, so one may be missing. */
export function boundsOf({ spec }: Deployment): Bounds {
  const desired = spec.replicas ?? 1;
  if (spec.strategy?.type === 'Recreate') return { desired, surge: 0, unavailable: desired };
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {};
  const surge = absolute(maxSurge, desired, Math.ceil);
  const unavailable = absolute(maxUnavailable, desired, Math.floor);
  return { desired, surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, desired) };
}

function absolute(value: number | string, desired: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = Number.parseInt(value, 10);
  return Number.isNaN(percent) ? 0 : round((percent * desired) / 100);
}

/** `spec.replicas` by name. `previous` are the older sets, oldest first. */
export function nextReplicas(
  deployment: Deployment,
  current: SetState,
  previous: readonly SetState[],
): ReadonlyMap<string, number> {
  const bounds = boundsOf(deployment);
  if (deployment.spec.strategy?.type === 'Recreate') return recreate(bounds, current, previous);
  const next = new Map<string, number>([[current.name, grown(bounds, current, previous)]]);
  for (const [name, replicas] of shrunk(bounds, current, previous)) next.set(name, replicas);
  return next;
}

function recreate({ desired }: Bounds, current: SetState, previous: readonly SetState[]): ReadonlyMap<string, number> {
  const gone = previous.every(({ wanted, present }) => wanted === 0 && present === 0);
  const stopped = previous.map(({ name }): [string, number] => [name, 0]);
  return new Map([...stopped, [current.name, gone ? desired : Math.min(current.wanted, desired)]]);
}

function total(sets: readonly SetState[], of: (set: SetState) => number): number {
  return sets.reduce((sum, set) => sum + of(set), 0);
}

function grown({ desired, surge }: Bounds, current: SetState, previous: readonly SetState[]): number {
  if (current.wanted >= desired) return desired;
  const room = desired + surge - total([...previous, current], (set) => set.wanted);
  return room <= 0 ? current.wanted : Math.min(desired, current.wanted + room);
}

function shrunk(
  { desired, unavailable }: Bounds,
  current: SetState,
  previous: readonly SetState[],
): ReadonlyMap<string, number> {
  const all = [...previous, current];
  const minimum = desired - unavailable;
  // What may go without counting on new pods that are not available yet.
  let budget = total(all, (set) => set.wanted) - minimum - Math.max(0, current.wanted - current.available);
  const next = new Map(previous.map(({ name, wanted }) => [name, wanted]));
  const take = (set: SetState, most: number): number => {
    const wanted = next.get(set.name) ?? 0;
    const count = Math.max(0, Math.min(wanted, most, budget));
    next.set(set.name, wanted - count);
    budget -= count;
    return count;
  };
  // Pods that do not serve anyway go first.
  for (const set of previous) take(set, set.wanted - set.available);
  let spare = total(all, (set) => set.available) - minimum;
  for (const set of previous) spare -= take(set, spare);
  return next;
}
