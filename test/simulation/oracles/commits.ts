/** Each write of a record by the controllers, before all oracles about deployments: was this one that may be made? */
import type { Rollout } from '../../../src/api/rollout.ts';
import type { StoreEvent } from '../../../src/sandbox/apiserver/store.ts';
import { inspectBake, inspectBirth } from './bakes.ts';
import { ceilingAfter, inspectChoice, inspectRejections } from './choices.ts';
import { emptyMemory, entryText, isRecovering, learn, type Memory, wishesIn } from './memory.ts';
import { Permission } from './permission.ts';
import { inspectRecord } from './record.ts';
import { Moment, type Scene } from './scene.ts';
import type { Report } from './violation.ts';

export class Commits {
  readonly #scene: Scene;
  readonly #permission: Permission;
  readonly #memories = new Map<string, Memory>();
  /** Of all Rollouts. */
  deployments = 0;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#permission = new Permission(scene.ledger, scene.report);
  }

  /** How often a version was deployed by this Rollout. */
  readonly deployedAs = (uid: string, tag: string): number =>
    [...(this.#memories.get(uid)?.entries.values() ?? [])].filter(({ version }) => version.tag === tag).length;

  /** What the record of a Rollout has said so far. */
  memoryOf(uid: string): Memory | undefined {
    return this.#memories.get(uid);
  }

  /** @param actor undefined: not the controllers; what others write into a record is what it says from then on */
  inspect({ object, previous }: StoreEvent, actor: string | undefined): void {
    const rollout = object as unknown as Rollout;
    const { uid = '', name } = rollout.metadata;
    const memory = this.#memories.get(uid) ?? emptyMemory();
    this.#memories.set(uid, memory);
    if (actor === undefined) {
      memory.wishes += wishesIn(rollout, previous as Rollout | undefined);
      this.#believe(rollout, memory);
      return;
    }
    const { report, world } = this.#scene;
    const moment = new Moment(this.#scene, actor);
    inspectRecord(rollout, memory, report);
    inspectRejections(rollout, previous as Rollout | undefined, memory, report);
    inspectBake(rollout, memory, moment, this.#scene);
    const history = rollout.status?.history ?? [];
    const added = history.filter(({ id = 0 }) => !memory.entries.has(id)).toReversed();
    const settled = { ...rollout, status: { ...rollout.status, history: history.slice(added.length) } };
    if (added.length > 0) learnEnds(memory, settled);
    for (const entry of added) {
      this.deployments += 1;
      world.journal.note('store', `${name}: ${entryText(entry)}`);
      inspectBirth(entry, rollout, this.#scene);
      this.#permission.inspect(entry, rollout, memory, moment, memory.entries.size === 0 && entry === added[0]);
      inspectChoice(entry, rollout, memory, moment, report);
      if (entry.trigger === 'Manual') inspectWish(`${name}: ${entryText(entry)}`, memory, report);
      memory.ceiling = ceilingAfter(entry, rollout, memory);
    }
    learn(memory, rollout);
  }

  /** The store is another one, with the records of some time ago. */
  restored(rollouts: Iterable<Rollout>): void {
    this.#memories.clear();
    for (const rollout of rollouts) {
      const memory = emptyMemory();
      this.#memories.set(rollout.metadata.uid ?? '', memory);
      memory.wishes = wishesIn(rollout, undefined);
      learn(memory, rollout);
    }
  }

  /** A person wrote a status, or took it away: what came before holds no more. */
  #believe(rollout: Rollout, memory: Memory): void {
    memory.recovering = isRecovering(rollout);
    const history = rollout.status?.history ?? [];
    if (memory.history[0]?.id === history[0]?.id && memory.history.length === history.length) return;
    const anew = { ...emptyMemory(), wishes: memory.wishes };
    this.#memories.set(rollout.metadata.uid ?? '', anew);
    learn(anew, rollout);
  }
}

/** I4: what a person asked for is deployed once. */
function inspectWish(told: string, memory: Memory, report: Report): void {
  if (memory.wishes === 0) report('I4', `${told}, which nobody asked for, or not again`);
  else memory.wishes -= 1;
}

/** One write may end the newest deployment and begin another: how the one ended counts for the other. */
function learnEnds(memory: Memory, settled: Rollout): void {
  const { recovering } = memory;
  learn(memory, settled);
  memory.recovering = recovering;
}
