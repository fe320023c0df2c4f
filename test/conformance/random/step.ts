/**
 * `random` puts sequences of requests that nobody thought of to the sandbox's API server and to a real one, and compares
 * the answers. This file: what a sequence is made of.
 */
import type { KindName } from './kinds.ts';

/** What a sequence is about: one object, or all of a kind. */
export interface Place {
  readonly kind: KindName;
  /** Absent: all of the kind. */
  readonly name?: string;
}

/**
 * One request. `$(...)` in query and body is what that server said earlier: `$(rv kind/name)` the last revision of an
 * object, `$(rv1 kind/name)` the one before, `$(uid kind/name)`; `$(list kind)` and `$(list1 kind)` revisions of lists,
 * `$(continue kind)` a token, `$(start)` the revision at the beginning; `$(run)` the sequence's own name.
 */
export interface Step extends Place {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly subresource?: 'status' | 'scale';
  readonly query?: Readonly<Record<string, string>>;
  /** Text goes as it is, anything else as JSON. */
  readonly body?: unknown;
  /** The body is the object as it was seen last, changed by this merge patch. */
  readonly seen?: object;
  /** Of the body. Default `application/json`. */
  readonly type?: string;
  readonly accept?: string;
}

export interface Sequence {
  readonly seed: number;
  readonly kinds: readonly KindName[];
  /** Objects own others, and what follows a write by itself is waited for. */
  readonly owners: boolean;
  readonly steps: readonly Step[];
}

/** What never ends by itself, and is read until the sequence has. */
export const isWatch = ({ query }: Step): boolean => query?.watch !== undefined;
