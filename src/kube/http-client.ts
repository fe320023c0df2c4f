/** `KubeClient` over HTTP. */
import { isRecord } from '../api/json.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { refusalError, targetText } from './api-status.ts';
import type { KubeClient, ListPage, Patch, Subresource, WatchEvent, WatchOptions, WriteOptions } from './client.ts';
import type { Clock } from './clock.ts';
import type { KubeCluster } from './cluster.ts';
import { KubeError, type RequestTarget } from './errors.ts';
import { collectionPath, objectPath } from './paths.ts';
import { type HttpRequest, RequestTimeoutError, Transport } from './transport.ts';
import { linesOf, parseWatchLine } from './watch-stream.ts';

type RequestVerb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete';

/** Called after each request; `status` 0: there was no answer. A watch is reported once, when it is answered. */
export type RequestHook = (
  verb: RequestVerb,
  plural: string,
  subresource: string | undefined,
  status: number,
  milliseconds: number,
) => void;

export interface KubeClientOptions {
  readonly cluster: KubeCluster;
  readonly clock: Clock;
  /** Default: `kuberik`. */
  readonly userAgent?: string;
  /** Milliseconds for one request. Default: 30,000. */
  readonly timeout?: number;
  /** Connections for requests; watches have their own. Default: 256, as many as reconciles run at once. */
  readonly connections?: number;
  readonly onRequest?: RequestHook;
}

/** A client that holds connections; `close` cuts them, and what still waits for an answer is rejected. */
export interface HttpKubeClient extends KubeClient {
  close(): Promise<void>;
}

interface Call extends HttpRequest {
  readonly verb: RequestVerb;
  readonly type: ResourceType;
  readonly key: ObjectKey;
  readonly subresource?: Subresource;
}

/** One client per cluster: it owns the shared connections. */
export function createKubeClient(options: KubeClientOptions): HttpKubeClient {
  return new HttpClient(options);
}

class HttpClient implements HttpKubeClient {
  readonly #options: KubeClientOptions;
  readonly #transport: Transport;

  constructor(options: KubeClientOptions) {
    this.#options = options;
    const { cluster, clock, userAgent = 'kuberik', timeout = 30_000, connections = 256 } = options;
    this.#transport = new Transport({ cluster, clock, userAgent, timeout, connections });
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, options: WriteOptions = {}): Promise<T> {
    const path = objectPath(type, key);
    return type.parse(await this.#send({ verb: 'get', method: 'GET', type, key, path, ...signalOf(options) }));
  }

  async list(type: ResourceType, options: Parameters<KubeClient['list']>[1] = {}): Promise<ListPage> {
    const { namespace = '', labelSelector, fieldSelector, limit, resourceVersion } = options;
    const query = { labelSelector, fieldSelector, limit, resourceVersion, continue: options.continue };
    const path = collectionPath(type, namespace, query);
    const key = { namespace, name: '' };
    const body = await this.#send({ verb: 'list', method: 'GET', type, key, path, ...signalOf(options) });
    if (!isRecord(body) || !isRecord(body.metadata) || typeof body.metadata.resourceVersion !== 'string') {
      throw new KubeError('KBK_KUBE_RESPONSE', `list ${type.kind}: the answer is no list`, { kind: 'retryable' });
    }
    const next = body.metadata.continue;
    // Items of a built-in list carry neither apiVersion nor kind; an empty list may have no items at all.
    const items = (Array.isArray(body.items) ? body.items : []).map((item: unknown) =>
      isRecord(item) ? { apiVersion: type.apiVersion, kind: type.kind, ...item } : item,
    );
    return {
      items,
      resourceVersion: body.metadata.resourceVersion,
      continue: typeof next === 'string' && next !== '' ? next : undefined,
    };
  }

  async *watch(type: ResourceType, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    const { namespace = '', labelSelector, fieldSelector, resourceVersion, timeoutSeconds } = options;
    const query = { labelSelector, fieldSelector, resourceVersion, timeoutSeconds };
    const path = collectionPath(type, namespace, { watch: true, allowWatchBookmarks: true, ...query });
    const cut = new AbortController();
    const signal = options.signal === undefined ? cut.signal : AbortSignal.any([options.signal, cut.signal]);
    const call = { verb: 'watch', method: 'GET', type, key: { namespace, name: '' }, path, signal } as const;
    const target = targetOf(call);
    try {
      const stream = await this.#timed(call, () => this.#transport.open(call));
      if (stream.status !== 200) throw this.#refused(call, { ...stream, text: await stream.body.text() });
      for await (const line of linesOf(stream.body)) {
        const event = parseWatchLine(line);
        if (event.type === 'ERROR') {
          const status = typeof event.object.code === 'number' ? event.object.code : 500;
          throw refusalError({ target, status, body: event.object, now: this.#options.clock.now() });
        }
        if (isEventType(event.type)) yield { type: event.type, object: event.object };
      }
    } catch (error) {
      throw this.#wrap(call, error);
    } finally {
      cut.abort();
    }
  }

  async create<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    options: WriteOptions = {},
  ): Promise<T> {
    const key = keyOf(object);
    const path = collectionPath(type, key.namespace, writeQuery(options));
    const call = { verb: 'create', method: 'POST', type, key, path, body: object, ...signalOf(options) } as const;
    return type.parse(await this.#send(call));
  }

  async replace<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    options: Parameters<KubeClient['replace']>[2] = {},
  ): Promise<T> {
    const key = keyOf(object);
    const path = objectPath(type, key, options.subresource, writeQuery(options));
    const call = { verb: 'update', method: 'PUT', type, key, path, body: object, ...signalOf(options) } as const;
    return type.parse(await this.#send({ ...call, ...subresourceOf(options) }));
  }

  async patch<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: Patch,
    options: Parameters<KubeClient['patch']>[3] = {},
  ): Promise<T> {
    const path = objectPath(type, key, options.subresource, writeQuery(options));
    const body = patch.type === 'json' ? patch.operations : patch.body;
    const contentType = patch.type === 'json' ? 'application/json-patch+json' : 'application/merge-patch+json';
    const call = { verb: 'patch', method: 'PATCH', type, key, path, body, contentType, ...signalOf(options) } as const;
    return type.parse(await this.#send({ ...call, ...subresourceOf(options) }));
  }

  async apply<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    options: Parameters<KubeClient['apply']>[2],
  ): Promise<T> {
    const key = keyOf(object);
    const path = objectPath(type, key, options.subresource, { ...writeQuery(options), force: options.force });
    // JSON is YAML: https://kubernetes.io/docs/reference/using-api/server-side-apply/#serialization
    const contentType = 'application/apply-patch+yaml';
    const call = { verb: 'apply', method: 'PATCH', type, key, path, body: object, contentType } as const;
    return type.parse(await this.#send({ ...call, ...signalOf(options), ...subresourceOf(options) }));
  }

  async remove(type: ResourceType, key: ObjectKey, options: Parameters<KubeClient['remove']>[2] = {}): Promise<void> {
    const { uid, propagationPolicy } = options;
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(uid === undefined ? {} : { preconditions: { uid } }),
      ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    };
    const path = objectPath(type, key);
    await this.#send({ verb: 'delete', method: 'DELETE', type, key, path, body, ...signalOf(options) });
  }

  async #send(call: Call): Promise<unknown> {
    try {
      const answer = await this.#timed(call, () => this.#transport.send(call));
      if (answer.status >= 300) throw this.#refused(call, answer);
      return parseJson(call, answer.text);
    } catch (error) {
      throw this.#wrap(call, error);
    }
  }

  async #timed<A extends { readonly status: number }>(call: Call, send: () => Promise<A>): Promise<A> {
    const { clock, onRequest } = this.#options;
    const started = clock.now().epochMilliseconds;
    let status = 0;
    try {
      const answer = await send();
      status = answer.status;
      return answer;
    } finally {
      onRequest?.(call.verb, call.type.plural, call.subresource, status, clock.now().epochMilliseconds - started);
    }
  }

  #refused(call: Call, answer: { status: number; retryAfter?: string; text: string }): KubeError {
    const { status, text, retryAfter } = answer;
    const { clock, cluster } = this.#options;
    const complaint = status === 401 ? cluster.complaint?.() : undefined;
    return refusalError({
      target: targetOf(call),
      status,
      body: jsonOrText(text),
      now: clock.now(),
      ...(complaint === undefined ? {} : { complaint }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
  }

  /** The caller's own abort comes back as it is; everything that is not ours yet was a fault of the connection. */
  #wrap(call: Call, error: unknown): unknown {
    if (error instanceof KubeError || (call.signal?.aborted === true && error === call.signal.reason)) return error;
    const { server } = this.#options.cluster;
    const fault = error instanceof RequestTimeoutError ? error.message : `no answer (${faultOf(error)})`;
    const message = `${targetText(targetOf(call))}: ${fault} from ${server}`;
    return new KubeError('KBK_KUBE_CONNECTION', message, { kind: 'retryable' }, { cause: error });
  }
}

function targetOf({ verb, type, key }: Call): RequestTarget {
  return { verb, kind: type.kind, key };
}

function signalOf({ signal }: { readonly signal?: AbortSignal }): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function subresourceOf({ subresource }: { readonly subresource?: Subresource }): { subresource?: Subresource } {
  return subresource === undefined ? {} : { subresource };
}

function writeQuery({ fieldManager, dryRun }: WriteOptions): {
  fieldManager?: string | undefined;
  dryRun?: string | undefined;
} {
  return { fieldManager, dryRun: dryRun === true ? 'All' : undefined };
}

function isEventType(type: string): type is 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' {
  return type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED' || type === 'BOOKMARK';
}

function parseJson(call: Call, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `${targetText(targetOf(call))}: the answer is not JSON`;
    throw new KubeError('KBK_KUBE_RESPONSE', message, { kind: 'retryable' }, { cause });
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
