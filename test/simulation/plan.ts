/** What is going to happen in a world, made from a seed before anything happens: setups, actions, faults. */
import { randomOf } from '../support/random.ts';
import { type Action, actionKinds, closingActions, drawAction } from './actions.ts';
import { type Application, type Draw, pick, type Setting } from './application.ts';
import { type FaultAt, faultKinds } from './faults.ts';

const hour = 3_600_000;
/** People act, then they make up their minds; faults end; the rest is for coming to rest. */
export const ACTIONS_END = 18 * hour;
const FAULTS_END = 20 * hour;
export const END = 30 * hour;
/** From here on nothing is due any more. */
export const REST = 28 * hour;

export interface Plan extends Setting {
  readonly actions: readonly Action[];
  readonly faults: readonly FaultAt[];
}

export function planOf(seed: number): Plan {
  const draw = randomOf(seed);
  const applications = drawApplications(draw);
  const actions = drawActions(draw, applications);
  return { seed, applications, actions, faults: drawFaults(draw, actions) };
}

function drawApplications(draw: Draw): Application[] {
  const count = 1 + Math.floor(draw() * 4);
  const applications: Application[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `app-${index}`;
    const shares = index > 0 && draw() < 0.4;
    const check = shares ? 'foreign' : pick(draw, ['foreign', 'foreign', 'kustomization', 'none'] as const);
    const bakeTime = pick(draw, [undefined, '5m', '10m']);
    const deployTimeout = pick(draw, [undefined, '10m']);
    const retryPolicy = pick(draw, [undefined, undefined, { limit: 1, interval: '2m' }]);
    const releaseOrder = pick(draw, [undefined, undefined, 'Sequential']);
    const spec = {
      failurePolicy: pick(draw, ['Rollback', 'Rollback', 'Halt']),
      versionHistoryLimit: 50,
      ...(bakeTime !== undefined && { bakeTime }),
      ...(deployTimeout !== undefined && { deployTimeout }),
      ...(retryPolicy !== undefined && { retryPolicy }),
      ...(releaseOrder !== undefined && { releaseOrder }),
    };
    const kustomization = shares ? applications[index - 1]!.kustomization : name;
    const gates = { flagGate: draw() < 0.5, manualGate: draw() < 0.25, scheduled: draw() < 0.25 };
    applications.push({ name, check, kustomization, spec, ...gates });
  }
  // Who shares is judged by a controller of its own: what Flux says is about both.
  const shared = (one: Application) =>
    applications.some((other) => other !== one && other.kustomization === one.kustomization);
  return applications.map((one) => (shared(one) && one.check === 'kustomization' ? { ...one, check: 'foreign' } : one));
}

function drawActions(draw: Draw, applications: readonly Application[]): Action[] {
  const actions: Action[] = applications.map((_, app) => ({ at: 0, do: 'push', app, minor: 0 }));
  const newest = applications.map(() => 0);
  const weighted = Object.entries(actionKinds).flatMap(([name, { weight }]) =>
    Array.from({ length: weight }, () => name as Action['do']),
  );
  const count = 8 + Math.floor(draw() * 20);
  const times = Array.from({ length: count }, () => Math.floor((0.5 + draw() * 17) * hour)).toSorted((a, b) => a - b);
  for (const at of times) {
    const app = Math.floor(draw() * applications.length);
    const action = drawAction(draw, pick(draw, weighted), at, app, newest[app]!);
    if (action.do === 'push') newest[app] = action.minor;
    actions.push(action);
  }
  return [...actions, ...closingActions(applications, newest, ACTIONS_END)];
}

/** Mostly right after somebody did something, since that is when there is something to break. */
function drawFaults(draw: Draw, actions: readonly Action[]): FaultAt[] {
  const count = 4 + Math.floor(draw() * 16);
  const faults = Array.from({ length: count }, (): FaultAt => {
    const near = pick(draw, actions).at + Math.floor(draw() * draw() * 900_000);
    const at = draw() < 0.8 ? near : Math.floor(draw() * FAULTS_END);
    return { at: Math.min(at, FAULTS_END), kind: pick(draw, faultKinds), salt: Math.floor(draw() * 1000) };
  });
  return faults.toSorted((a, b) => a.at - b.at);
}
