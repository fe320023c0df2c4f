/** Reading objects: from the informer store inside a manager, live from the API server in tests, tools and the CLI. */

import type { LabelMatcher } from '../api/label-selector.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import type { IndexDefinition } from './object-index.ts';

export interface ReadListOptions {
  /** Absent: every namespace. */
  readonly namespace?: string;
  readonly labels?: LabelMatcher;
}

/** Objects that are found under a value, without a look at all the others. */
export interface Lookup<T extends KubeObject> {
  /** Kept from the first use on: a constant of its module, since the same definition is one index. */
  readonly index: IndexDefinition<T>;
  readonly value: string;
  /** Absent: every namespace, which a person may not be allowed to read. */
  readonly namespace?: string;
}

export interface Reader {
  /**
   * Undefined when there is no such object.
   * @throws InvalidObjectError when the object does not fit its schema.
   */
  get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): Promise<T | undefined>;
  /** Sorted by namespace and name. Objects that do not fit their schema are left out. */
  list<T extends KubeObject>(type: ResourceType<T>, options?: ReadListOptions): Promise<readonly T[]>;
  /** Sorted as by `list`. */
  find<T extends KubeObject>(type: ResourceType<T>, lookup: Lookup<T>): Promise<readonly T[]>;
}
