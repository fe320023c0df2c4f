/** What the API server has held: every object as it is, and as it was for as long as somebody may still believe it. */
import type { Approval } from '../../../src/api/approval.ts';
import type { ClusterRolloutSchedule } from '../../../src/api/cluster-rollout-schedule.ts';
import type { Freeze } from '../../../src/api/freeze.ts';
import type { HealthCheck } from '../../../src/api/health-check.ts';
import type { Rollout } from '../../../src/api/rollout.ts';
import type { RolloutGate } from '../../../src/api/rollout-gate.ts';
import type { RolloutSchedule } from '../../../src/api/rollout-schedule.ts';
import type { StoreEvent } from '../../../src/sandbox/apiserver/store.ts';
import type { Snapshot } from '../api-server.ts';

export type Stored = Readonly<Record<string, unknown>>;

export interface Version {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly revision: number;
  /** Who wrote it; undefined: the API server itself. */
  readonly actor: string | undefined;
  /** Undefined: it is not there. */
  readonly object: Stored | undefined;
}

/** Nobody believes for longer what is no longer true. */
const memory = 900_000;
const manyVersions = 24;

export const ROLLOUTS = 'kuberik.com/rollouts';
export const GATES = 'kuberik.com/rolloutgates';
export const APPROVALS = 'kuberik.com/approvals';
export const FREEZES = 'kuberik.com/freezes';
export const CHECKS = 'kuberik.com/healthchecks';
export const SCHEDULES = 'kuberik.com/rolloutschedules';
export const CLUSTER_SCHEDULES = 'kuberik.com/clusterrolloutschedules';
export const KUSTOMIZATIONS = 'kustomize.toolkit.fluxcd.io/kustomizations';
export const REPOSITORIES = 'source.toolkit.fluxcd.io/ocirepositories';

/** What the objects of a resource are. */
export interface Kinds {
  readonly [ROLLOUTS]: Rollout;
  readonly [GATES]: RolloutGate;
  readonly [APPROVALS]: Approval;
  readonly [FREEZES]: Freeze;
  readonly [CHECKS]: HealthCheck;
  readonly [SCHEDULES]: RolloutSchedule;
  readonly [CLUSTER_SCHEDULES]: ClusterRolloutSchedule;
  readonly [KUSTOMIZATIONS]: Stored;
  readonly [REPOSITORIES]: Stored;
}

/** The kinds that the controllers decide upon. */
export const kindOf: Readonly<Record<string, string>> = {
  [ROLLOUTS]: 'Rollout',
  [GATES]: 'RolloutGate',
  [APPROVALS]: 'Approval',
  [FREEZES]: 'Freeze',
  [CHECKS]: 'HealthCheck',
  [SCHEDULES]: 'RolloutSchedule',
  [CLUSTER_SCHEDULES]: 'ClusterRolloutSchedule',
  [KUSTOMIZATIONS]: 'Kustomization',
  [REPOSITORIES]: 'OCIRepository',
};

const absent: Version = { from: 0, revision: 0, actor: undefined, object: undefined };

export class Ledger {
  readonly #versions = new Map<string, Map<string, Version[]>>();
  readonly #counts = new Map<string, number>();

  /** @param actor who is writing */
  record({ type, resource, namespace, name, object, revision }: StoreEvent, at: number, actor?: string): void {
    const count = this.#counts.get(resource) ?? 0;
    if (type !== 'MODIFIED') this.#counts.set(resource, count + (type === 'ADDED' ? 1 : -1));
    // Events are only counted: nobody asks what one has been.
    if (resource.endsWith('/events')) return;
    const objects = this.#versions.get(resource) ?? new Map<string, Version[]>();
    this.#versions.set(resource, objects);
    const key = `${namespace}/${name}`;
    const versions = objects.get(key) ?? [];
    objects.set(key, versions);
    if (versions.length >= manyVersions) forget(versions, at - memory);
    versions.push({ from: at, revision, actor, object: type === 'DELETED' ? undefined : object });
  }

  /** The store is another one. */
  restored({ revision, collections }: Snapshot, at: number): void {
    this.#versions.clear();
    this.#counts.clear();
    for (const [resource, objects] of collections) {
      for (const object of objects) {
        const { namespace = '', name } = object.metadata as { namespace?: string; name: string };
        this.record({ type: 'ADDED', resource, namespace, name, object, revision, previous: undefined }, at);
      }
    }
  }

  /** How many objects there are of each resource. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  now(resource: string, key: string): Stored | undefined {
    return this.#versions.get(resource)?.get(key)?.at(-1)?.object;
  }

  /** How it came to be as it is. */
  last(resource: string, key: string): Version | undefined {
    return this.#versions.get(resource)?.get(key)?.at(-1);
  }

  /** The objects that are there, with their keys. */
  *living(resource: string): Generator<readonly [key: string, object: Stored]> {
    for (const [key, versions] of this.#versions.get(resource) ?? []) {
      const object = versions.at(-1)?.object;
      if (object !== undefined) yield [key, object];
    }
  }

  /** All that it was for somebody who knows this revision or a later one, the oldest first. */
  since(resource: string, key: string, revision: number): readonly Version[] {
    return span(this.#versions.get(resource)?.get(key) ?? [], (version) => version.revision <= revision);
  }

  /** All that it was since then. */
  after(resource: string, key: string, from: number): readonly Version[] {
    return span(this.#versions.get(resource)?.get(key) ?? [], (version) => version.from <= from);
  }

  /** The same as `since` of each object of the resource that is or may be believed to be there. */
  *each(resource: string, revision: number): Generator<readonly [key: string, versions: readonly Version[]]> {
    for (const [key, versions] of this.#versions.get(resource) ?? []) {
      const newest = versions.at(-1);
      if (newest?.object === undefined && (newest?.revision ?? 0) <= revision) continue;
      yield [key, span(versions, (version) => version.revision <= revision)];
    }
  }
}

function span(versions: readonly Version[], isBefore: (version: Version) => boolean): readonly Version[] {
  for (let index = versions.length - 1; index >= 0; index -= 1) {
    if (isBefore(versions[index]!)) return versions.slice(index);
  }
  return [absent, ...versions];
}

/** The newest of the old ones is what it was until the first of the others came. */
function forget(versions: Version[], before: number): void {
  const firstLater = versions.findIndex(({ from }) => from >= before);
  const old = firstLater === -1 ? versions.length : firstLater;
  if (old > 1) versions.splice(0, old - 1);
}
