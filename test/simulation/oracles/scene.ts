/** What an oracle has before it. */
import type { Plan } from '../plan.ts';
import type { SimulatedWorld } from '../world.ts';
import type { Hearing } from './hearing.ts';
import { type Kinds, kindOf, type Ledger, type Version } from './ledger.ts';
import type { Report } from './violation.ts';

export interface Scene {
  readonly world: SimulatedWorld;
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly hearing: Hearing;
  readonly report: Report;
}

/** One write of the controllers, as somebody sees it who knows what they have heard. */
export class Moment {
  readonly actor: string;
  readonly #scene: Scene;

  constructor(scene: Scene, actor: string) {
    this.#scene = scene;
    this.actor = actor;
  }

  get now(): number {
    return this.#scene.world.clock.milliseconds;
  }

  /** From a decision to its commit, and how far clocks may be apart, in milliseconds. */
  get slack(): number {
    return this.#scene.hearing.slack(this.actor);
  }

  /** Everything that the controllers may have taken this object for. */
  seen<R extends keyof Kinds>(resource: R, key: string): readonly (Kinds[R] | undefined)[] {
    return this.#objects(resource, this.#scene.ledger.since(resource, key, this.#revision(resource)));
  }

  /** The same of each object of the resource. */
  *each<R extends keyof Kinds>(
    resource: R,
  ): Generator<readonly [key: string, versions: readonly (Kinds[R] | undefined)[]]> {
    for (const [key, versions] of this.#scene.ledger.each(resource, this.#revision(resource))) {
      yield [key, this.#objects(resource, versions)];
    }
  }

  /** Whether somebody else than the controllers wrote the object, in any of these states. */
  isForeign(resource: keyof Kinds, key: string, ours: string): boolean {
    const versions = this.#scene.ledger.since(resource, key, this.#revision(resource));
    return versions.some(({ object, actor }) => object !== undefined && actor?.startsWith(ours) !== true);
  }

  /** @param _ says what they are */
  #objects<R extends keyof Kinds>(_: R, versions: readonly Version[]): readonly (Kinds[R] | undefined)[] {
    return versions.map(({ object }) => living(object) as Kinds[R] | undefined);
  }

  #revision(resource: string): number {
    return this.#scene.hearing.revision(this.actor, kindOf[resource] ?? '');
  }
}

/** What is under deletion is not there any more for those who decide. */
function living(object: unknown): unknown {
  const { metadata } = (object ?? {}) as { metadata?: { deletionTimestamp?: string } };
  return metadata?.deletionTimestamp === undefined ? object : undefined;
}

export const namespaceOf = (key: string): string => key.slice(0, key.indexOf('/'));
export const instant = (text: string | null | undefined): number =>
  text === undefined || text === null ? Number.NaN : Temporal.Instant.from(text).epochMilliseconds;
