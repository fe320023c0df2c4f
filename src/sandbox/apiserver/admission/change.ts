/** A write that is about to be stored. */
import type { User } from '../authorization/question.ts';
import type { Json } from '../json.ts';
import type { Target } from '../resource.ts';

export interface Change {
  readonly kind: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly target: Target;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly dryRun: boolean;
  readonly user: User;
  /** Absent for `DELETE`. */
  readonly object: Json | undefined;
  /** Absent for `CREATE`. */
  readonly oldObject: Json | undefined;
  /** The namespace that it is in, or is; absent for what is in none. */
  readonly namespaceObject: Json | undefined;
}
