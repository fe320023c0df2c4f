/**
 * I8, "every waiting state names its cause and its next check": whenever nothing has changed for a while, what
 * `Progressing` says is compared with what the Rollout waits for in truth; and a time that it names does not pass by.
 * Convergence: by then its targets carry what it records.
 */
import type { HistoryEntry, Rollout } from '../../../src/api/rollout.ts';
import { CONTROLLERS } from '../controllers.ts';
import type { Commits } from './commits.ts';
import { ROLLOUTS } from './ledger.ts';
import { instant, type Scene } from './scene.ts';
import { carriedBy } from './targets.ts';
import { Facts, type Truth, truthOf } from './truth.ts';

/** So long everything has been as it is: the controllers have heard of it, and have had time to say so. */
const quiet = 20_000;
/** So long nothing has gone wrong: whatever did is tried again by then. */
const recovery = 240_000;
/** How long the controllers may take to say why a new Rollout waits. */
const firstWord = 300_000;

export class Waits {
  readonly #scene: Scene;
  readonly #commits: Commits;
  #trouble: number;

  constructor(scene: Scene, commits: Commits) {
    this.#scene = scene;
    this.#commits = commits;
    this.#trouble = scene.world.clock.milliseconds;
  }

  /** Something went wrong that the controllers must get over first. */
  troubled(): void {
    this.#trouble = this.#scene.world.clock.milliseconds;
  }

  /** A note in the journal: processes that start and end, and faults. */
  noted(actor: string): void {
    if (actor === 'fault' || actor.startsWith(CONTROLLERS)) this.troubled();
  }

  look(): void {
    const { ledger, world } = this.#scene;
    const now = world.clock.milliseconds;
    for (const [key, object] of ledger.living(ROLLOUTS)) {
      const rollout = object as unknown as Rollout;
      if (rollout.metadata.deletionTimestamp !== undefined) continue;
      this.#askForAnything(key, rollout, now);
      if (this.#trouble > now - recovery) continue;
      const facts = new Facts(rollout, ledger, now);
      if (this.#isQuiet(key, facts)) this.#compare(key, facts);
    }
  }

  /** Even in trouble it says something. */
  #askForAnything(key: string, rollout: Rollout, now: number): void {
    const age = now - instant(rollout.metadata.creationTimestamp);
    const progressing = conditionOf(rollout, 'Progressing');
    if (age > firstWord && this.#trouble < now - recovery && !(progressing?.reason && progressing.message))
      this.#say(`${key} says nothing of what it waits for`);
  }

  #isQuiet(key: string, facts: Facts): boolean {
    const { ledger } = this.#scene;
    const since = facts.now - quiet;
    const objects = [[ROLLOUTS, key] as const, ...facts.objects];
    if (objects.some(([resource, name]) => (ledger.last(resource, name)?.from ?? 0) > since)) return false;
    const { skew } = this.#scene.hearing;
    return facts.edges.every((edge) => !(edge > since - skew && edge <= facts.now + skew));
  }

  #compare(key: string, facts: Facts): void {
    const { rollout, now } = facts;
    const said = conditionOf(rollout, 'Progressing');
    const told = `${said?.reason}: ${said?.message}`;
    const truth = truthOf(facts, this.#commits.memoryOf(rollout.metadata.uid ?? ''));
    if (truth !== undefined && !isTrue(truth, told)) this.#say(`${key} says "${told}" and ${truthText(truth)}`);
    const isHistory = said?.message.includes('since') === true;
    const [, until] = / until (\d{4}-\d\d-\d\dT[\d:]+Z)/.exec(said?.message ?? '') ?? [];
    if (until !== undefined && !isHistory && instant(until) < now - recovery) this.#say(`${key} still says "${told}"`);
    const [newest] = rollout.status?.history ?? [];
    const ready = conditionOf(rollout, 'Ready');
    if (newest !== undefined && ready?.reason !== 'RolloutFailed' && ready?.status !== readyOf(newest))
      this.#say(`${key} is Ready ${ready?.status} and ${newest.version.tag} has ${newest.bakeStatus}`);
    this.#compareGates(key, facts);
    this.#compareTargets(key, facts);
  }

  #compareGates(key: string, { rollout, gates }: Facts): void {
    const said = (rollout.status?.gates ?? []).map(({ name }) => name).toSorted();
    const there = gates.map(({ metadata }) => metadata.name).toSorted();
    if (said.join() !== there.join()) this.#say(`${key} tells of gates ${said.join()}; there are ${there.join()}`);
    for (const { name, passing, bypassGates } of rollout.status?.gates ?? []) {
      const gate = gates.find(({ metadata }) => metadata.name === name);
      if (gate?.spec.passing === false && passing === true && bypassGates !== true)
        this.#say(`${key} tells of RolloutGate ${name} as passing, and it is closed`);
    }
  }

  /** Convergence: what was not written, or what somebody else has written since, is written by now. */
  #compareTargets(key: string, { rollout, targets }: Facts): void {
    const tag = rollout.status?.history?.[0]?.version.tag;
    if (tag === undefined) return;
    for (const target of targets) {
      for (const { rollout: name, value } of carriedBy(target.object)) {
        if (name !== rollout.metadata.name || value === tag) continue;
        this.#scene.report('convergence', `${target.resource} ${target.key} carries ${value}; ${key} records ${tag}`);
      }
    }
  }

  #say(what: string): void {
    this.#scene.report('I8', what);
  }
}

function isTrue({ causes }: Truth, told: string): boolean {
  return causes.some(
    ({ reason, names }) => told.startsWith(`${reason}:`) && names.every((name) => told.includes(name)),
  );
}

function truthText({ causes, free }: Truth): string {
  if (free !== undefined) return `nothing holds ${free}`;
  return `waits for ${causes.map(({ reason, names }) => `${reason} (${names.join(', ')})`).join(' or ') || 'nothing'}`;
}

function readyOf({ bakeStatus }: HistoryEntry): string {
  if (bakeStatus === 'Failed') return 'False';
  return bakeStatus === 'Deploying' || bakeStatus === 'InProgress' ? 'Unknown' : 'True';
}

function conditionOf({ status }: Rollout, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}
