/**
 * A reader for people who may not see everything: what a decision can do without is left out, and said. Freezes belong to
 * no namespace, so that somebody with rights in one alone cannot list them.
 */
import { Approval } from '../api/approval.ts';
import { ClusterRolloutSchedule } from '../api/cluster-rollout-schedule.ts';
import { Freeze } from '../api/freeze.ts';
import type { KubeObject } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { RolloutSchedule } from '../api/rollout-schedule.ts';
import { isForbidden, isNotFound } from '../kube/errors.ts';
import type { Reader } from '../kube/reader.ts';

const dispensable: ReadonlySet<string> = new Set(
  [Approval, Freeze, RolloutSchedule, ClusterRolloutSchedule].map(({ plural }) => plural),
);

export interface LenientReader {
  readonly reader: Reader;
  /** What was left out so far, for people. */
  readonly unread: () => readonly string[];
}

export function createLenientReader(reader: Reader): LenientReader {
  const unread = new Set<string>();
  const tolerate = async <T>(type: ResourceType, read: () => Promise<T>, nothing: T): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      // A cluster whose definitions are older does not have the kind.
      if (!dispensable.has(type.plural) || !(isForbidden(error) || isNotFound(error))) throw error;
      if (isForbidden(error)) unread.add(`you may not read ${type.plural}, so that they are not considered here`);
      return nothing;
    }
  };
  return {
    reader: {
      get: <T extends KubeObject>(type: ResourceType<T>, key: Parameters<Reader['get']>[1]) =>
        tolerate<T | undefined>(type, () => reader.get(type, key), undefined),
      list: (type, options) => tolerate(type, () => reader.list(type, options), []),
      find: (type, lookup) => tolerate(type, () => reader.find(type, lookup), []),
    },
    unread: () => [...unread],
  };
}
