/**
 * `soak` runs the real parts for a while, kills them without warning, and judges from outside what is left. This file:
 * the applications of one soak, drawn from its seed.
 */
import { randomOf } from '../support/random.ts';

export interface Application {
  /** Of its Rollout and everything around it; different for each of a fleet, whatever the namespace. */
  readonly name: string;
  readonly namespace: string;
  /** Two applications may share one. */
  readonly kustomization: string;
  /** Of the Kustomization. */
  readonly variable: string;
  /** Applied by Flux and run on pods; else somebody stands in for kustomize-controller. */
  readonly isReal: boolean;
  readonly check: 'foreign' | 'kustomization' | 'none';
  readonly flagGate: boolean;
  readonly manualGate: boolean;
  /** Minutes since the epoch in which its RolloutSchedule denies deployments. */
  readonly denied: ReadonlySet<number>;
  readonly timezone: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

export type Draw = () => number;

export const pick = <T>(draw: Draw, from: readonly T[]): T => from[Math.floor(draw() * from.length)]!;
export const between = (draw: Draw, least: number, most: number): number => least + draw() * (most - least);

export interface FleetOptions {
  readonly seed: number;
  readonly rollouts: number;
  readonly namespaces: number;
  /** The first minute of the soak, and how many it lasts. */
  readonly firstMinute: number;
  readonly minutes: number;
}

/** One of so many is applied by Flux and run on pods, which cost more than all others together. */
const realOneOf = 10;

export function drawFleet(options: FleetOptions): Application[] {
  const draw = randomOf(options.seed);
  const fleet: Application[] = [];
  for (let index = 0; index < options.rollouts; index += 1) fleet.push(drawOne(draw, options, index, fleet));
  return fleet;
}

function drawOne(draw: Draw, options: FleetOptions, index: number, fleet: readonly Application[]): Application {
  const { namespaces, firstMinute, minutes } = options;
  const name = `app-${index}`;
  const isReal = index % realOneOf === 0;
  const neighbour = fleet[index - namespaces];
  const shares = draw() < 0.4 && !isReal && neighbour?.isReal === false && neighbour.check === 'foreign';
  const check = shares ? 'foreign' : pick(draw, ['foreign', 'foreign', 'foreign', 'kustomization', 'none'] as const);
  const isScheduled = draw() < 0.25;
  const every = Array.from({ length: minutes + 1 }, (_, minute) => firstMinute + minute);
  const denied = new Set(every.filter(() => draw() < 0.35 && isScheduled));
  const gates = { flagGate: draw() < 0.4, manualGate: draw() < 0.2 };
  return {
    name,
    namespace: `soak-${index % namespaces}`,
    kustomization: shares ? neighbour.kustomization : name,
    variable: `VERSION_${index}`,
    isReal,
    check: isReal ? 'kustomization' : check,
    ...gates,
    denied,
    timezone: pick(draw, ['UTC', 'Europe/Zagreb', 'America/New_York', 'Asia/Kolkata']),
    spec: drawSpec(draw),
  };
}

function drawSpec(draw: Draw): Application['spec'] {
  const retryPolicy = pick(draw, [undefined, undefined, undefined, { limit: 1, interval: '10s' }]);
  const releaseOrder = pick(draw, [undefined, undefined, undefined, 'Sequential']);
  return {
    bakeTime: pick(draw, ['5s', '5s', '10s', '30s']),
    failurePolicy: pick(draw, ['Rollback', 'Rollback', 'Halt']),
    versionHistoryLimit: pick(draw, [5, 10, 50]),
    deployTimeout: pick(draw, ['1m', '2m']),
    ...(retryPolicy !== undefined && { retryPolicy }),
    ...(releaseOrder !== undefined && { releaseOrder }),
  };
}

/** What becomes of a version is written in its tag, as for pods on kwok. */
export const tagOf = (minor: number, fails = false): string => `1.${minor}.${fails ? 666 : 0}`;
export const failsAs = (tag: string): boolean => tag.endsWith('.666');
export const minorOf = (tag: string): number => Number(tag.split('.')[1] ?? -1);

/** What a person writes into a Kustomization past its Rollout. */
export const MEDDLED = '0.0.1';
