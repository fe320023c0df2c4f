/** What a kind is, for sequences about it. */
import type { Json } from '../../../src/sandbox/apiserver/json.ts';

/** Values for one place in an object. */
export interface Field {
  readonly path: readonly string[];
  readonly good: readonly unknown[];
  /** Refused, or not kept. */
  readonly bad: readonly unknown[];
}

export interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly apiVersion: string;
  /** Default true. */
  readonly namespaced?: boolean;
  readonly custom?: boolean;
  /** What every object has from the start, beside its metadata. */
  readonly base: Json;
  readonly fields: readonly Field[];
  /** Absent: no status subresource. */
  readonly status?: readonly Field[];
  readonly scale?: boolean;
  /** It does not go when it is deleted, but later. */
  readonly lingers?: boolean;
  /** Fields that lists can be selected by, beside those of all kinds. */
  readonly selectable?: Readonly<Record<string, string>>;
}

/** @param path dots between keys; `~` stands for a dot in a key */
export function field(path: string, good: readonly unknown[], bad: readonly unknown[] = []): Field {
  return { path: path.split('.').map((key) => key.replaceAll('~', '.')), good, bad };
}
