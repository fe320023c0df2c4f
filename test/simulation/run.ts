/** Plays one plan from its beginning to its end. */
import { schedule } from './actions.ts';
import { START } from './chance.ts';
import { ControllerProcess } from './controllers.ts';
import { amounts } from './faults/draw.ts';
import type { FaultKind } from './faults/fault.ts';
import { surgeonOf } from './faults/surgeon.ts';
import { Faults } from './faults.ts';
import { type Final, finalsOf } from './final.ts';
import { knownAs } from './known.ts';
import { watchOver } from './oracles/oracles.ts';
import type { Violation } from './oracles/violation.ts';
import type { Plan } from './plan.ts';
import type { Saboteur } from './saboteurs/saboteur.ts';
import { EndlessTurnsError } from './virtual-clock.ts';
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
  /** Looks at what still runs when all is over. */
  readonly atEnd?: (world: SimulatedWorld, controllers: ControllerProcess) => Promise<void>;
}

const isNews = (violation: Violation): boolean => knownAs(violation) === undefined;

export async function run(plan: Plan, { saboteur, isEnough = isNews, atEnd }: RunOptions = {}): Promise<Outcome> {
  const world = new SimulatedWorld(plan);
  const { clock, journal, api, services } = world;
  const crashes: Violation[] = [];
  const faults: Faults = new Faults({
    clock,
    services,
    surgeon: surgeonOf(world, () => controllers),
    lengths: amounts[plan.span.name],
    end: plan.span.closing,
  });
  const controllers: ControllerProcess = new ControllerProcess({
    api,
    clock,
    journal,
    registry: world.registry,
    network: world.network,
    weather: faults,
    seed: plan.seed,
    sabotage: saboteur?.wrap,
    crashed: (message) => {
      crashes.push({ invariant: 'crash', at: clock.milliseconds, message });
    },
  });
  const watch = watchOver(world, plan, controllers);
  const populated = world.populate();
  await clock.runUntil(START.epochMilliseconds + 10_000);
  await populated;
  schedule(world, plan.actions);
  faults.schedule(plan.faults);
  controllers.start();
  const origin = clock.milliseconds;
  try {
    await clock.runUntil(origin + plan.span.end, () => [...watch.violations, ...crashes].some(isEnough));
  } catch (error) {
    if (!(error instanceof EndlessTurnsError)) throw error;
    crashes.push({ invariant: 'I10', at: clock.milliseconds, message: error.message });
  }
  watch.end();
  await atEnd?.(world, controllers);
  controllers.kill();
  return {
    plan,
    violations: [...watch.violations, ...crashes],
    finals: finalsOf(world, watch.ledger),
    injected: faults.counts,
    deployments: watch.deployments,
    starts: controllers.starts,
    endedAt: clock.milliseconds,
    digest: journal.digest(),
    log: (details) => journal.text(details),
  };
}
