/**
 * A client of the simulated API server. Each request is on its way for a few milliseconds of virtual time, there and
 * back; what is done to it on the way is the matter of `Weather`.
 */
import { isRecord } from '../../src/api/json.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { refusalError } from '../../src/kube/api-status.ts';
import type { KubeClient, WatchEvent, WatchOptions } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/errors.ts';
import { collectionPath, objectPath } from '../../src/kube/paths.ts';
import { parseWatchLine } from '../../src/kube/watch-stream.ts';
import type { SimulatedApiServer, WireRequest } from './api-server.ts';
import type { Call } from './call.ts';
import type { Journal } from './journal.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { never, WatchStream } from './watch-stream.ts';

export interface Refused {
  readonly status: number;
  readonly reason: string;
  readonly retryAfter?: string;
}

/** What happens to a request on its way. */
export type Fate =
  | { readonly is: 'served' }
  | { readonly is: 'refused'; readonly answer: Refused }
  /** The connection breaks after so many milliseconds. */
  | { readonly is: 'lost'; readonly done: boolean; readonly after: number }
  /** What is asked for is done at once, and the answer takes so much longer. */
  | { readonly is: 'late'; readonly by: number }
  /** The one who asks is no more. */
  | { readonly is: 'killed'; readonly done: boolean };

/** What is between a client and the API server. Asked for each request and each line of a watch, so that it can count. */
export interface Weather {
  fateOf(call: Call, actor: string): Fate;
  /** Milliseconds more until what a watch tells of this kind arrives. */
  lateness(kind: string): number;
  /** How often it arrives. */
  copies(kind: string): number;
  /** Objects in one page of a list; undefined: as many as are asked for. */
  pageSize(): number | undefined;
  /** What a watch told has arrived. */
  arrived(kind: string, actor: string): void;
}

const fairWeather: Weather = {
  fateOf: () => ({ is: 'served' }),
  lateness: () => 0,
  copies: () => 1,
  pageSize: () => undefined,
  arrived: () => undefined,
};

export interface ClientOptions {
  readonly api: SimulatedApiServer;
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly actor: string;
  /** For how long a request is on its way. */
  readonly random: () => number;
  readonly weather?: Weather;
}

const longestHop = 12;

export class SimulatedClient implements KubeClient {
  readonly #options: ClientOptions;
  readonly #weather: Weather;
  readonly #watches = new Map<WatchStream, Disposable>();
  #dead = false;
  /** Resolved when the process goes on. */
  #standing: PromiseWithResolvers<void> | undefined;
  #holdsRequests = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#weather = options.weather ?? fairWeather;
  }

  /** Nothing that was asked for is ever answered; what is on its way there still arrives. */
  kill(): void {
    this.#dead = true;
    for (const [stream, open] of this.#watches) {
      stream.close();
      // The API server sees that nobody listens any more.
      open[Symbol.dispose]();
    }
    this.#watches.clear();
  }

  /**
   * The process stands still: what it hears waits. What it sends is on its way, or is about to be sent when it goes on,
   * after it was checked that it may be.
   */
  freeze(isSent: boolean): void {
    this.#standing ??= Promise.withResolvers();
    this.#holdsRequests = !isSent;
  }

  thaw(): void {
    this.#standing?.resolve();
    this.#standing = undefined;
    this.#options.clock.stir();
  }

  /** Ends every watch of a kind, or of all. @param status of the error; undefined: without one */
  cutWatches(status: number | undefined, kind?: string): number {
    const cut = [...this.#watches.keys()].filter((watch) => kind === undefined || watch.kind === kind);
    for (const watch of cut) watch.cut(status);
    return cut.length;
  }

  /** Of these kinds nothing is heard any more by the watches that are open. */
  silenceWatches(kinds: readonly string[]): number {
    const silenced = [...this.#watches.keys()].filter(({ kind }) => kinds.includes(kind));
    for (const watch of silenced) watch.silence();
    return silenced.length;
  }

  async get<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    { signal }: Parameters<KubeClient['get']>[2] = {},
  ): Promise<T> {
    const call = { verb: 'get', kind: type.kind, key } as const;
    return type.parse(await this.#send(call, { method: 'GET', path: objectPath(type, key) }, signal));
  }

  async list(type: ResourceType, options: Parameters<KubeClient['list']>[1] = {}) {
    const { namespace = '', labelSelector, fieldSelector, resourceVersion, signal } = options;
    const limit = this.#weather.pageSize() ?? options.limit;
    const query = { labelSelector, fieldSelector, limit, resourceVersion, continue: options.continue };
    const call = { verb: 'list', kind: type.kind, key: { namespace, name: '' } } as const;
    const body = await this.#send(call, { method: 'GET', path: collectionPath(type, namespace, query) }, signal);
    if (!isRecord(body) || !isRecord(body.metadata)) throw new Error(`list ${type.kind}: the answer is no list`);
    const next = body.metadata.continue;
    const isWhole = typeof next !== 'string' || next === '';
    if (isWhole) this.#options.journal.heard(this.#options.actor, type.kind, Number(body.metadata.resourceVersion));
    const items = (Array.isArray(body.items) ? body.items : []).map((item: object) => ({
      apiVersion: type.apiVersion,
      kind: type.kind,
      ...item,
    }));
    return {
      items,
      resourceVersion: String(body.metadata.resourceVersion),
      continue: isWhole ? undefined : next,
    };
  }

  async *watch(type: ResourceType, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    const { namespace = '', labelSelector, fieldSelector, resourceVersion, timeoutSeconds, signal } = options;
    const query = { labelSelector, fieldSelector, resourceVersion, timeoutSeconds };
    const path = collectionPath(type, namespace, { watch: true, allowWatchBookmarks: true, ...query });
    const call: Call = { verb: 'watch', kind: type.kind, key: { namespace, name: '' } };
    await this.#meet(call);
    await this.#back();
    const { api, actor, clock, journal } = this.#options;
    const { kind } = type;
    const stream = new WatchStream({
      kind,
      clock,
      delay: () => this.#hopTime() + this.#weather.lateness(kind),
      copies: () => this.#weather.copies(kind),
      standing: () => this.#standing?.promise,
    });
    const stop = (): void => {
      stream.fail(signal?.reason);
    };
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    const open = await api.watch(path, { actor }, (line) => {
      stream.heard(line);
    });
    if (this.#dead) {
      open[Symbol.dispose]();
      await never();
    }
    this.#watches.set(stream, open);
    try {
      if (open.status !== 200) throw this.#refusal(call, { status: open.status, text: open.text });
      for await (const line of stream.lines()) {
        journal.heard(actor, kind, revisionOf(line));
        const event = parseWatchLine(line);
        if (event.type === 'ERROR') {
          const status = typeof event.object.code === 'number' ? event.object.code : 500;
          throw this.#refusal(call, { status, text: JSON.stringify(event.object) });
        }
        this.#weather.arrived(kind, actor);
        yield event as WatchEvent;
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#watches.delete(stream);
      open[Symbol.dispose]();
      if (this.#dead) await never();
    }
  }

  async create<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    { signal }: Parameters<KubeClient['create']>[2] = {},
  ): Promise<T> {
    const key = keyOf(object);
    const call = { verb: 'create', kind: type.kind, key } as const;
    const request = bodied('POST', collectionPath(type, key.namespace), object);
    return type.parse(await this.#send(call, request, signal));
  }

  async replace<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    options: Parameters<KubeClient['replace']>[2] = {},
  ): Promise<T> {
    const key = keyOf(object);
    const { subresource, fieldManager, signal } = options;
    const path = objectPath(type, key, subresource, { fieldManager });
    const call = { verb: 'update', kind: type.kind, key, ...of(subresource) } as const;
    return type.parse(await this.#send(call, bodied('PUT', path, object), signal));
  }

  async patch<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: Parameters<KubeClient['patch']>[2],
    options: Parameters<KubeClient['patch']>[3] = {},
  ): Promise<T> {
    const { subresource, fieldManager, signal } = options;
    const path = objectPath(type, key, subresource, { fieldManager });
    const body = patch.type === 'json' ? patch.operations : patch.body;
    const contentType = patch.type === 'json' ? 'application/json-patch+json' : 'application/merge-patch+json';
    const call = { verb: 'patch', kind: type.kind, key, ...of(subresource) } as const;
    return type.parse(await this.#send(call, bodied('PATCH', path, body, contentType), signal));
  }

  async apply<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    options: Parameters<KubeClient['apply']>[2],
  ): Promise<T> {
    const key = keyOf(object);
    const { subresource, fieldManager, force, signal } = options;
    const path = objectPath(type, key, subresource, { fieldManager, force });
    const call = { verb: 'apply', kind: type.kind, key, ...of(subresource) } as const;
    const request = bodied('PATCH', path, object, 'application/apply-patch+yaml');
    return type.parse(await this.#send(call, request, signal));
  }

  async remove(type: ResourceType, key: ObjectKey, options: Parameters<KubeClient['remove']>[2] = {}): Promise<void> {
    const { uid, signal } = options;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...(uid !== undefined && { preconditions: { uid } }) };
    const call = { verb: 'delete', kind: type.kind, key } as const;
    await this.#send(call, bodied('DELETE', objectPath(type, key), body), signal);
  }

  /** The signal ends the waiting; what was sent is sent. */
  #send(call: Call, request: WireRequest, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal === undefined) return this.#exchange(call, request);
    return unlessAborted(signal, () => this.#exchange(call, request));
  }

  async #exchange(call: Call, request: WireRequest): Promise<unknown> {
    const { api, actor, clock } = this.#options;
    if (this.#dead) await never();
    const fate = this.#weather.fateOf(call, actor);
    if (fate.is === 'killed' && !fate.done) await never();
    await this.#hop();
    while (this.#holdsRequests && this.#standing !== undefined) await this.#standing.promise;
    if (fate.is === 'refused') return this.#refuse(call, fate.answer);
    if (fate.is === 'lost' && !fate.done) return this.#giveUp(call, fate.after);
    const answer = await api.serve(request, { actor });
    this.#tell(call, answer);
    if (fate.is === 'killed') await never();
    if (fate.is === 'lost') return this.#giveUp(call, fate.after);
    if (fate.is === 'late') await this.#wait(fate.by);
    await this.#back();
    clock.stir();
    if (answer.status >= 300) throw this.#refusal(call, answer);
    return JSON.parse(answer.text);
  }

  /** What a watch meets before it is open. */
  async #meet(call: Call): Promise<void> {
    if (this.#dead) await never();
    const fate = this.#weather.fateOf(call, this.#options.actor);
    if (fate.is === 'refused') await this.#refuse(call, fate.answer);
    if (fate.is === 'lost') await this.#giveUp(call, fate.after);
    if (fate.is === 'late') await this.#wait(fate.by);
    if (fate.is === 'killed') await never();
  }

  async #refuse(call: Call, { status, reason, retryAfter }: Refused): Promise<never> {
    this.#tell(call, { status });
    await this.#back();
    const text = JSON.stringify({ kind: 'Status', reason, message: 'a fault of the simulation', code: status });
    throw this.#refusal(call, { status, text, ...(retryAfter !== undefined && { retryAfter }) });
  }

  async #giveUp({ verb, kind, key }: Call, after: number): Promise<never> {
    await this.#wait(after);
    await this.#back();
    const message = `${verb} ${kind} ${keyText(key)}: no answer, and the connection is broken after ${after} ms`;
    throw new KubeError('KBK_KUBE_CONNECTION', message, { kind: 'retryable' });
  }

  #refusal({ verb, kind, key }: Call, answer: { status: number; text: string; retryAfter?: string }): KubeError {
    const { status, text, retryAfter } = answer;
    // What the server does not know at all it answers in plain text.
    const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
    const now = this.#options.clock.now();
    return refusalError({
      target: { verb, kind, key },
      status,
      body,
      now,
      ...(retryAfter !== undefined && { retryAfter }),
    });
  }

  #tell(call: Call, answer: { readonly status: number }): void {
    this.#options.journal.request(this.#options.actor, call, answer.status);
  }

  #hopTime(): number {
    return 1 + Math.floor(this.#options.random() * longestHop);
  }

  #hop(): Promise<void> {
    return this.#wait(this.#hopTime());
  }

  /** On the way back the one who asked may have died. */
  async #back(): Promise<void> {
    await this.#hop();
    while (this.#standing !== undefined) await this.#standing.promise;
    if (this.#dead) await never();
  }

  async #wait(milliseconds: number): Promise<void> {
    const { clock } = this.#options;
    clock.stir();
    await new Promise<void>((resolve) => void clock.after(milliseconds, resolve));
    clock.stir();
  }
}

/** Of the object that a line of a watch carries; NaN when it carries none. */
function revisionOf(line: string): number {
  return Number(/"resourceVersion":"(\d+)"/.exec(line)?.[1]);
}

function bodied(method: string, path: string, body: unknown, contentType = 'application/json'): WireRequest {
  return { method, path, contentType, body: JSON.stringify(body) };
}

function of(subresource: string | undefined): { subresource?: string } {
  return subresource === undefined ? {} : { subresource };
}

function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = (): void => {
      // The reason is whatever the caller aborted with.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    void work()
      .finally(() => {
        signal.removeEventListener('abort', stop);
      })
      .then(resolve, reject);
  });
}
