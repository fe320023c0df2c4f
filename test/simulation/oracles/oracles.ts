/** All oracles on one world. */
import type { Rollout } from '../../../src/api/rollout.ts';
import { START } from '../application.ts';
import { CONTROLLERS, type ControllerProcess } from '../controllers.ts';
import { KUSTOMIZATIONS } from '../flux.ts';
import type { Plan } from '../plan.ts';
import type { SimulatedWorld } from '../world.ts';
import { Commits } from './commits.ts';
import { Ledger } from './ledger.ts';
import { Traffic } from './traffic.ts';
import type { Violation } from './violation.ts';

export interface Watch {
  readonly violations: readonly Violation[];
  readonly ledger: Ledger;
  readonly deployments: number;
  end(): void;
}

/** What comes after these says nothing new. */
const mostOfEach = 5;
const ROLLOUTS = 'kuberik.com/rollouts';
/** How long the controllers may take to say why a new Rollout waits. */
const firstWord = 180_000;

export function watchOver(world: SimulatedWorld, plan: Plan, controllers: ControllerProcess): Watch {
  const { clock, journal, api } = world;
  const violations: Violation[] = [];
  const report = (invariant: string, message: string): void => {
    if (violations.filter((one) => one.invariant === invariant).length >= mostOfEach) return;
    violations.push({ invariant, at: clock.milliseconds, message });
    journal.note('VIOLATION', `${invariant}: ${message}`);
  };
  const ledger = new Ledger();
  const commits = new Commits(world, ledger, report);
  const traffic = new Traffic(world, report);
  let changes = 0;
  let seen = 0;

  api.onWrite((event, writer) => {
    const { resource, object, type } = event;
    changes += 1;
    ledger.record(event, clock.milliseconds);
    const isOurs = writer?.actor.startsWith(`${CONTROLLERS}.`) === true;
    if (!isOurs || type === 'DELETED') return;
    if (resource === ROLLOUTS) commits.inspect(object as unknown as Rollout);
    if (resource === KUSTOMIZATIONS) inspectTarget(world, ledger, event.name, object, report);
    if (resource === '/events') traffic.event(object, commits.deployedAs);
  });
  journal.onRequest((actor, call, status) => {
    const changed = changes !== seen;
    seen = changes;
    const isRest = clock.milliseconds > START.epochMilliseconds + plan.span.rest;
    if (actor.startsWith(`${CONTROLLERS}.`)) traffic.asked(call, status, changed, isRest);
  });

  const askEvery = Math.min(3_600_000, plan.span.end / 12);
  /** I8: every Rollout says what it does or waits for. */
  const askEach = (): void => {
    for (const { name } of plan.applications) {
      const said: unknown = ledger.of(ROLLOUTS, name, clock.milliseconds - firstWord, clock.milliseconds);
      const [first, ...later] = said as readonly (Rollout | undefined)[];
      if (first === undefined || later.includes(undefined)) continue;
      const rollout = later.at(-1) ?? first;
      const progressing = rollout.status?.conditions?.find((condition) => condition.type === 'Progressing');
      if (!progressing?.reason || !progressing.message) report('I8', `${name} says nothing of what it waits for`);
      const waiting = isWaiting(rollout) && progressing?.reason === 'UpToDate';
      if (waiting) report('I8', `${name} has candidates and says that it is up to date`);
    }
    clock.after(askEvery, askEach);
  };
  clock.after(askEvery, askEach);

  return {
    violations,
    ledger,
    get deployments() {
      return commits.deployments;
    },
    end() {
      traffic.end(commits.deployments + controllers.starts * 4 + plan.actions.length + plan.faults.length);
    },
  };
}

/** Something newer is there, and nothing is under way. */
function isWaiting({ status }: Rollout): boolean {
  const [newest] = status?.history ?? [];
  const isDone = newest?.bakeStatus === 'Succeeded' || newest?.bakeStatus === undefined;
  return isDone && (status?.gatedReleaseCandidates ?? []).length > 0;
}

/** I3: what a target is told is the newest entry of the record, which was written before. */
function inspectTarget(
  { setting, variableOf }: SimulatedWorld,
  ledger: Ledger,
  name: string,
  object: Readonly<Record<string, unknown>>,
  report: (invariant: string, message: string) => void,
): void {
  const { spec } = object as { spec?: { postBuild?: { substitute?: Record<string, string> } } };
  for (const app of setting.applications) {
    const carried = spec?.postBuild?.substitute?.[variableOf(app.name)];
    const rollout: unknown = ledger.now(ROLLOUTS, app.name);
    if (app.kustomization !== name || carried === undefined || carried === '0.0.1' || rollout === undefined) continue;
    const known = (rollout as Rollout).status?.history?.slice(0, 2).map(({ version }) => version.tag) ?? [];
    if (!known.some((tag) => tag === carried))
      report('I3', `Kustomization ${name} carries ${carried}, and ${app.name} records ${known.join()}`);
  }
}
