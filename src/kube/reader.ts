/** Reading objects: from the informer store inside a manager, live from the API server in tests, tools and the CLI. */

import type { LabelMatcher } from '../api/label-selector.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';

export interface ReadListOptions {
  /** Absent: every namespace. */
  readonly namespace?: string;
  readonly labels?: LabelMatcher;
}

export interface Reader {
  /**
   * Undefined when there is no such object.
   * @throws InvalidObjectError when the object does not fit its schema.
   */
  get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): Promise<T | undefined>;
  /** Sorted by namespace and name. Objects that do not fit their schema are left out. */
  list<T extends KubeObject>(type: ResourceType<T>, options?: ReadListOptions): Promise<readonly T[]>;
}
