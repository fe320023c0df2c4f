/** `actions` are what people do: a row for each kind. This file: what a row is, and what several of them need. */
import type { KubeObject } from '../../../src/api/meta.ts';
import type { ResourceType } from '../../../src/api/resource-type.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import type { Application } from '../application.ts';
import type { Behaviour, TagForm } from '../versions.ts';
import type { SimulatedWorld } from '../world.ts';

/** What an action is about. */
export interface Matter {
  /** Milliseconds since the start. */
  readonly at: number;
  /** Index of the application. */
  readonly app: number;
  /** The version that it is about is `1.<minor>.*`. */
  readonly minor: number;
  /** Of a version that is pushed. */
  readonly behaviour?: Behaviour;
  readonly form?: TagForm;
  /** For whatever else has to be chosen, below 1000. */
  readonly salt: number;
}

export interface ActionKind {
  /** How often, compared with others. */
  readonly weight: number;
  carryOut(world: SimulatedWorld, matter: Matter, app: Application): Promise<void>;
}

export const keyOfApp = ({ namespace, name }: Application) => ({ namespace, name });

/** One of them, by the salt of an action. */
export function oneOf<T>(from: readonly T[], { salt }: Matter): T {
  return from[salt % from.length]!;
}

export async function merge(
  { people }: SimulatedWorld,
  type: ResourceType,
  key: { readonly namespace: string; readonly name: string },
  body: object,
): Promise<void> {
  await people.patch(type, key, { type: 'merge', body: { ...body } });
}

export function annotate(
  world: SimulatedWorld,
  app: Application,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  const annotations = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`rollout.kuberik.com/${key}`, value]),
  );
  return merge(world, Rollout, keyOfApp(app), { metadata: { annotations } });
}

/** Deletes an object and makes it anew, as somebody who starts over. */
export async function startOver(
  world: SimulatedWorld,
  { type, object }: { readonly type: ResourceType; readonly object: KubeObject },
): Promise<void> {
  const { namespace = '', name } = object.metadata;
  await world.people.remove(type, { namespace, name });
  await world.wait(20_000);
  await world.make({ role: 'check', type, object });
}
