/** Plays one plan from its beginning to its end. */
import { schedule } from './actions.ts';
import { START } from './application.ts';
import { ControllerProcess } from './controllers.ts';
import { type FaultKind, Faults } from './faults.ts';
import { type Final, finalsOf } from './final.ts';
import { knownAs } from './known.ts';
import { watchOver } from './oracles/oracles.ts';
import type { Violation } from './oracles/violation.ts';
import type { Plan } from './plan.ts';
import type { Saboteur } from './saboteurs.ts';
import { SimulatedWorld } from './world.ts';

export interface Outcome {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  readonly finals: readonly Final[];
  readonly injected: ReadonlyMap<FaultKind, number>;
  readonly deployments: number;
  readonly starts: number;
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
  readonly digest: string;
  /** @param details reads too */
  readonly log: (details?: boolean) => string;
}

export interface RunOptions {
  readonly saboteur?: Saboteur | undefined;
  /** After which the rest is not played. Default: what is not known yet. */
  readonly isEnough?: ((violation: Violation) => boolean) | undefined;
}

const isNews = (violation: Violation): boolean => knownAs(violation) === undefined;

export async function run(plan: Plan, { saboteur, isEnough = isNews }: RunOptions = {}): Promise<Outcome> {
  const world = new SimulatedWorld(plan);
  const { clock, journal, api, flux } = world;
  const faults: Faults = new Faults(
    clock,
    {
      kill: (downFor) => {
        controllers.kill();
        clock.after(downFor, () => {
          controllers.start();
        });
      },
      cutWatches: (status) => controllers.cutWatches(status),
      compact: () => {
        api.compact();
      },
      tell: (kind, what) => {
        journal.note('fault', `${kind} ${what}`.trimEnd());
      },
    },
    plan.span.longestDown,
  );
  const controllers: ControllerProcess = new ControllerProcess({
    api,
    clock,
    journal,
    registry: flux.registry,
    weather: faults,
    seed: plan.seed,
    sabotage: saboteur?.wrap,
  });
  const watch = watchOver(world, plan, controllers);
  const populated = world.populate();
  await clock.runUntil(START.epochMilliseconds + 10_000);
  await populated;
  schedule(world, plan.actions);
  faults.schedule(plan.faults);
  controllers.start();
  const origin = clock.milliseconds;
  await clock.runUntil(origin + plan.span.end, () => watch.violations.some(isEnough));
  watch.end();
  controllers.kill();
  return {
    plan,
    violations: watch.violations,
    finals: finalsOf(world, watch.ledger),
    injected: faults.counts,
    deployments: watch.deployments,
    starts: controllers.starts,
    endedAt: clock.milliseconds,
    digest: journal.digest(),
    log: (details) => journal.text(details),
  };
}
