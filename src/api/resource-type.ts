/**
 * How one kind of object is addressed and read. Every kind that any room touches, ours or foreign, is a value of
 * `ResourceType`: the client takes the address from it, the informer store the parser.
 */
import type { KubeObject } from './meta.ts';

export interface ResourceType<T extends KubeObject = KubeObject> {
  /** `group/version`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
  /** Lower-case plural, as in the URL. */
  readonly plural: string;
  readonly namespaced: boolean;
  /**
   * Reads what came from a cluster. Unknown fields survive; older shapes are brought to the present one.
   * @throws InvalidObjectError when the object does not fit.
   */
  readonly parse: (object: unknown) => T;
}

export function groupOf(type: { readonly apiVersion: string }): string {
  const slash = type.apiVersion.indexOf('/');
  return slash === -1 ? '' : type.apiVersion.slice(0, slash);
}

export function versionOf(type: { readonly apiVersion: string }): string {
  return type.apiVersion.slice(type.apiVersion.indexOf('/') + 1);
}
