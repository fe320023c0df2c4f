/** All oracles on one world. */
import type { Rollout } from '../../../src/api/rollout.ts';
import { START } from '../chance.ts';
import { CONTROLLERS, type ControllerProcess } from '../controllers.ts';
import { wrongWindows } from '../final.ts';
import type { Plan } from '../plan.ts';
import type { SimulatedWorld } from '../world.ts';
import { Commits } from './commits.ts';
import { Growth } from './growth.ts';
import { Hearing } from './hearing.ts';
import { KUSTOMIZATIONS, Ledger, REPOSITORIES, ROLLOUTS } from './ledger.ts';
import type { Scene } from './scene.ts';
import { inspectTarget } from './targets.ts';
import { Traffic } from './traffic.ts';
import type { Violation } from './violation.ts';
import { Waits } from './waits.ts';

export interface Watch {
  readonly violations: readonly Violation[];
  readonly ledger: Ledger;
  readonly deployments: number;
  end(): void;
}

/** What comes after these says nothing new. */
const mostOfEach = 5;
const isOurs = (actor: string | undefined): actor is string => actor?.startsWith(`${CONTROLLERS}.`) === true;

export function watchOver(world: SimulatedWorld, plan: Plan, controllers: ControllerProcess): Watch {
  const { clock, journal, api } = world;
  const violations: Violation[] = [];
  const report = (invariant: string, message: string): void => {
    if (violations.at(-1)?.message === message) return;
    if (violations.filter((one) => one.invariant === invariant).length >= mostOfEach) return;
    violations.push({ invariant, at: clock.milliseconds, message });
    journal.note('VIOLATION', `${invariant}: ${message}`);
  };
  const scene: Scene = { world, plan, ledger: new Ledger(), hearing: new Hearing(clock), report };
  const { ledger, hearing } = scene;
  const commits = new Commits(scene);
  const traffic = new Traffic(scene);
  const waits = new Waits(scene, commits);
  const growth = new Growth(scene);
  const isRest = (): boolean => clock.milliseconds > START.epochMilliseconds + plan.span.rest;
  let changes = 0;
  let seen = 0;

  api.onWrite((event, writer) => {
    const { resource, object, previous, type } = event;
    changes += 1;
    const { actor } = writer ?? {};
    ledger.record(event, clock.milliseconds, actor);
    if (type === 'DELETED') return;
    if (resource === ROLLOUTS) commits.inspect(event, isOurs(actor) ? actor : undefined);
    if (!isOurs(actor)) return;
    if (resource === '/events') {
      traffic.event(object, commits.deployedAs);
      return;
    }
    traffic.wrote(event);
    if (resource === ROLLOUTS) growth.inspect(object as unknown as Rollout);
    if (resource === KUSTOMIZATIONS || resource === REPOSITORIES) inspectTarget(object, previous, ledger, report);
  });
  journal.onHeard((actor, kind, revision) => {
    if (isOurs(actor)) hearing.heard(actor, kind, revision);
  });
  journal.onNote((actor, text) => {
    waits.noted(actor);
    if (actor === 'fault') traffic.troubled();
    hearing.noted(actor, text);
  });
  api.onRestored((snapshot) => {
    ledger.restored(snapshot, clock.milliseconds);
    hearing.restored();
    commits.restored([...ledger.living(ROLLOUTS)].map(([, object]) => object as unknown as Rollout));
    traffic.restored();
    waits.troubled();
  });
  journal.onRequest((actor, call, status) => {
    const changed = changes !== seen;
    seen = changes;
    if (!isOurs(actor)) return;
    if (status >= 400) waits.troubled();
    traffic.asked(call, actor, status, changed, isRest());
  });

  const causes = (): number => commits.deployments + controllers.starts * 4 + plan.actions.length + plan.faults.length;
  const lookEvery = Math.min(3_600_000, plan.span.end / 36);
  const look = (): void => {
    waits.look();
    growth.look(causes());
    traffic.woken(controllers.wakes, isRest());
    clock.after(lookEvery, look);
  };
  clock.after(lookEvery, look);

  return {
    violations,
    ledger,
    get deployments() {
      return commits.deployments;
    },
    end() {
      waits.look();
      growth.look(causes());
      traffic.end(causes());
      if (!isRest()) return;
      for (const message of wrongWindows(ledger, clock.milliseconds)) report('convergence', message);
    },
  };
}
