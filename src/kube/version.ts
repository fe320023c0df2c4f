/** One version of one object, as a list, a watch or a write brought it. */

import { InvalidObjectError } from '../api/errors.ts';
import { isRecord } from '../api/json.ts';
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';

export interface Version<T> {
  readonly key: ObjectKey;
  readonly uid: string;
  /** Opaque: compared for equality only. */
  readonly resourceVersion: string;
  /** `deletionTimestamp` is set. */
  readonly terminating: boolean;
  /** Exactly one of the two is there. */
  readonly object: T | undefined;
  readonly invalid: InvalidObjectError | undefined;
}

/** Undefined for something that has no identity: no API server sends that. */
export function readVersion<T extends KubeObject>(type: ResourceType<T>, raw: unknown): Version<T> | undefined {
  if (!isRecord(raw) || !isRecord(raw.metadata) || typeof raw.metadata.name !== 'string') return undefined;
  const metadata = { ...raw.metadata };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const identity = {
    key: { namespace: text(metadata.namespace), name: text(metadata.name) },
    uid: text(metadata.uid),
    resourceVersion: text(metadata.resourceVersion),
    terminating: typeof metadata.deletionTimestamp === 'string',
  };
  try {
    const object = type.parse({ ...raw, metadata });
    // A type may derive what it needs of them while parsing; nobody keeps them: they are half of every object.
    delete metadata.managedFields;
    return { ...identity, object, invalid: undefined };
  } catch (error) {
    if (error instanceof InvalidObjectError) return { ...identity, object: undefined, invalid: error };
    throw error;
  }
}

export function sameVersion(a: Version<unknown> | undefined, b: Version<unknown> | undefined): boolean {
  return a?.uid === b?.uid && a?.resourceVersion === b?.resourceVersion;
}

/** Freezes an object with everything in it. */
export function deepFreeze(value: unknown): void {
  // Not by calling itself: an object of somebody may be nested deeper than the stack is.
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const next = pending.pop();
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    for (const part of Object.values(next)) pending.push(part);
  }
}
