/**
 * `kube` talks to Kubernetes: client, informer store, work queue, controller, manager, leader lease, server-side apply,
 * events, kstatus. This file is the client's contract; `http-client.ts` is the one that speaks HTTP.
 */
import type { KubeObject, ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

export interface ListOptions extends RequestOptions {
  /** Absent or empty: every namespace. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Page size. Default: one page with everything. */
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
}

export interface ListPage {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  readonly continue: string | undefined;
}

export interface WatchOptions extends RequestOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion: string;
  readonly timeoutSeconds?: number;
}

export interface WatchEvent {
  /** An `ERROR` of the server is no event: it ends the watch with an `ApiStatusError`. */
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  /** Not parsed yet. */
  readonly object: unknown;
}

export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test' | 'move' | 'copy';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

export type Patch =
  | { readonly type: 'json'; readonly operations: readonly JsonPatchOperation[] }
  | { readonly type: 'merge'; readonly body: unknown };

export interface WriteOptions extends RequestOptions {
  /** Written to managedFields; at most 128 characters. */
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Take over fields that another manager owns. Default false: answer 409. */
  readonly force?: boolean;
}

export type Subresource = 'status' | 'scale';

/**
 * Every method rejects with a `KubeError`: `ApiStatusError` when the API server refused. Results are parsed by the
 * type, whose `InvalidObjectError` comes through. Every request has a time-out; `signal` ends it earlier, with its reason.
 */
export interface KubeClient {
  get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, options?: RequestOptions): Promise<T>;
  list(type: ResourceType, options?: ListOptions): Promise<ListPage>;
  /** Ends when the server closes the watch; rejects with `ApiStatusError` (410: list again) or on a broken connection. */
  watch(type: ResourceType, options: WatchOptions): AsyncIterable<WatchEvent>;
  create<T extends KubeObject>(type: ResourceType<T>, object: KubeObject, options?: WriteOptions): Promise<T>;
  /** PUT; with `metadata.resourceVersion` it is an optimistic lock. */
  replace<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    options?: WriteOptions & { readonly subresource?: Subresource },
  ): Promise<T>;
  patch<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: Patch,
    options?: WriteOptions & { readonly subresource?: Subresource },
  ): Promise<T>;
  /** Server-side apply: `object` carries just the fields that the manager owns. */
  apply<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    options: ApplyOptions & { readonly subresource?: Subresource },
  ): Promise<T>;
  remove(
    type: ResourceType,
    key: ObjectKey,
    options?: RequestOptions & {
      readonly uid?: string;
      readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
    },
  ): Promise<void>;
}
