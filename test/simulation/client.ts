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

export interface Refused {
  readonly status: number;
  readonly reason: string;
  readonly retryAfter?: string;
}

/** What happens to a request on its way. */
export type Fate =
  | { readonly is: 'served' }
  | { readonly is: 'refused'; readonly answer: Refused }
  /** Nobody hears of it for as long as a time-out. */
  | { readonly is: 'lost'; readonly done: boolean }
  | { readonly is: 'killed'; readonly done: boolean };

export interface Weather {
  fateOf(call: Call): Fate;
  /** Milliseconds more until what a watch tells of this kind arrives. */
  lateness(kind: string): number;
}

export const fairWeather: Weather = { fateOf: () => ({ is: 'served' }), lateness: () => 0 };

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
const timeout = 30_000;

export class SimulatedClient implements KubeClient {
  readonly #options: ClientOptions;
  readonly #weather: Weather;
  readonly #watches = new Set<WatchStream>();
  #dead = false;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#weather = options.weather ?? fairWeather;
  }

  /** Nothing that was asked for is ever answered; what is on its way there still arrives. */
  kill(): void {
    this.#dead = true;
    for (const watch of this.#watches) watch.close();
    this.#watches.clear();
  }

  /** Ends every watch of a kind, or of all. @param status of the error; undefined: without one */
  cutWatches(status: number | undefined, kind?: string): number {
    const cut = [...this.#watches].filter((watch) => kind === undefined || watch.kind === kind);
    for (const watch of cut) watch.cut(status);
    return cut.length;
  }

  async get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): Promise<T> {
    const call = { verb: 'get', kind: type.kind, key } as const;
    return type.parse(await this.#send(call, { method: 'GET', path: objectPath(type, key) }));
  }

  async list(type: ResourceType, options: Parameters<KubeClient['list']>[1] = {}) {
    const { namespace = '', labelSelector, fieldSelector, limit, resourceVersion } = options;
    const query = { labelSelector, fieldSelector, limit, resourceVersion, continue: options.continue };
    const call = { verb: 'list', kind: type.kind, key: { namespace, name: '' } } as const;
    const body = await this.#send(call, { method: 'GET', path: collectionPath(type, namespace, query) });
    if (!isRecord(body) || !isRecord(body.metadata)) throw new Error(`list ${type.kind}: the answer is no list`);
    const next = body.metadata.continue;
    const items = (Array.isArray(body.items) ? body.items : []).map((item: object) => ({
      apiVersion: type.apiVersion,
      kind: type.kind,
      ...item,
    }));
    return {
      items,
      resourceVersion: String(body.metadata.resourceVersion),
      continue: typeof next === 'string' && next !== '' ? next : undefined,
    };
  }

  async *watch(type: ResourceType, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    const { namespace = '', labelSelector, fieldSelector, resourceVersion, timeoutSeconds, signal } = options;
    const query = { labelSelector, fieldSelector, resourceVersion, timeoutSeconds };
    const path = collectionPath(type, namespace, { watch: true, allowWatchBookmarks: true, ...query });
    const call: Call = { verb: 'watch', kind: type.kind, key: { namespace, name: '' } };
    await this.#meet(call);
    await this.#back();
    const { api, actor, clock } = this.#options;
    const stream = new WatchStream(type.kind, clock, () => this.#hopTime() + this.#weather.lateness(type.kind));
    const stop = (): void => {
      stream.fail(signal?.reason);
    };
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    const open = await api.watch(path, { actor }, (line) => {
      stream.heard(line);
    });
    this.#watches.add(stream);
    try {
      if (open.status !== 200) throw this.#refusal(call, { status: open.status, text: open.text });
      for await (const line of stream.lines()) {
        const event = parseWatchLine(line);
        if (event.type === 'ERROR') {
          const status = typeof event.object.code === 'number' ? event.object.code : 500;
          throw this.#refusal(call, { status, text: JSON.stringify(event.object) });
        }
        yield event as WatchEvent;
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      this.#watches.delete(stream);
      open[Symbol.dispose]();
      if (this.#dead) await never();
    }
  }

  async create<T extends KubeObject>(type: ResourceType<T>, object: KubeObject): Promise<T> {
    const key = keyOf(object);
    const call = { verb: 'create', kind: type.kind, key } as const;
    return type.parse(await this.#write(call, 'POST', collectionPath(type, key.namespace), object));
  }

  async replace<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    options: Parameters<KubeClient['replace']>[2] = {},
  ): Promise<T> {
    const key = keyOf(object);
    const { subresource, fieldManager } = options;
    const path = objectPath(type, key, subresource, { fieldManager });
    return type.parse(
      await this.#write({ verb: 'update', kind: type.kind, key, ...of(subresource) }, 'PUT', path, object),
    );
  }

  async patch<T extends KubeObject>(
    type: ResourceType<T>,
    key: ObjectKey,
    patch: Parameters<KubeClient['patch']>[2],
    options: Parameters<KubeClient['patch']>[3] = {},
  ): Promise<T> {
    const { subresource, fieldManager } = options;
    const path = objectPath(type, key, subresource, { fieldManager });
    const body = patch.type === 'json' ? patch.operations : patch.body;
    const contentType = patch.type === 'json' ? 'application/json-patch+json' : 'application/merge-patch+json';
    const call = { verb: 'patch', kind: type.kind, key, ...of(subresource) } as const;
    return type.parse(await this.#write(call, 'PATCH', path, body, contentType));
  }

  async apply<T extends KubeObject>(
    type: ResourceType<T>,
    object: KubeObject,
    options: Parameters<KubeClient['apply']>[2],
  ): Promise<T> {
    const key = keyOf(object);
    const { subresource, fieldManager, force } = options;
    const path = objectPath(type, key, subresource, { fieldManager, force });
    const call = { verb: 'apply', kind: type.kind, key, ...of(subresource) } as const;
    return type.parse(await this.#write(call, 'PATCH', path, object, 'application/apply-patch+yaml'));
  }

  async remove(type: ResourceType, key: ObjectKey, options: Parameters<KubeClient['remove']>[2] = {}): Promise<void> {
    const { uid } = options;
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...(uid !== undefined && { preconditions: { uid } }) };
    await this.#write({ verb: 'delete', kind: type.kind, key }, 'DELETE', objectPath(type, key), body);
  }

  #write(call: Call, method: string, path: string, body: unknown, contentType = 'application/json'): Promise<unknown> {
    return this.#send(call, { method, path, contentType, body: JSON.stringify(body) });
  }

  async #send(call: Call, request: WireRequest): Promise<unknown> {
    const { api, actor, clock } = this.#options;
    if (this.#dead) await never();
    const fate = this.#weather.fateOf(call);
    if (fate.is === 'killed' && !fate.done) await never();
    await this.#hop();
    if (fate.is === 'refused') return this.#refuse(call, fate.answer);
    if (fate.is === 'lost' && !fate.done) return this.#giveUp(call);
    const answer = await api.serve(request, { actor });
    this.#tell(call, answer);
    if (fate.is === 'killed') await never();
    if (fate.is === 'lost') return this.#giveUp(call);
    await this.#back();
    clock.stir();
    if (answer.status >= 300) throw this.#refusal(call, answer);
    return JSON.parse(answer.text);
  }

  /** What a watch meets before it is open. */
  async #meet(call: Call): Promise<void> {
    if (this.#dead) await never();
    const fate = this.#weather.fateOf(call);
    if (fate.is === 'refused') await this.#refuse(call, fate.answer);
    if (fate.is === 'lost') await this.#giveUp(call);
    if (fate.is === 'killed') await never();
  }

  async #refuse(call: Call, { status, reason, retryAfter }: Refused): Promise<never> {
    this.#tell(call, { status });
    await this.#back();
    const text = JSON.stringify({ kind: 'Status', reason, message: 'a fault of the simulation', code: status });
    throw this.#refusal(call, { status, text, ...(retryAfter !== undefined && { retryAfter }) });
  }

  async #giveUp({ verb, kind, key }: Call): Promise<never> {
    await this.#wait(timeout);
    if (this.#dead) await never();
    const message = `${verb} ${kind} ${keyText(key)}: no answer within ${timeout} ms`;
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
    if (this.#dead) await never();
  }

  async #wait(milliseconds: number): Promise<void> {
    const { clock } = this.#options;
    clock.stir();
    await new Promise<void>((resolve) => void clock.after(milliseconds, resolve));
    clock.stir();
  }
}

function of(subresource: string | undefined): { subresource?: string } {
  return subresource === undefined ? {} : { subresource };
}

/** For those who are dead. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Lines arrive in the order in which they were sent, each a little later. */
class WatchStream {
  readonly kind: string;
  readonly #clock: VirtualClock;
  readonly #delay: () => number;
  readonly #arrived: (string | undefined)[] = [];
  #lastArrival = 0;
  #failure: unknown;
  #failed = false;
  #closed = false;
  #wake: () => void = () => undefined;

  constructor(kind: string, clock: VirtualClock, delay: () => number) {
    this.kind = kind;
    this.#clock = clock;
    this.#delay = delay;
  }

  heard(line: string | undefined): void {
    if (this.#closed) return;
    const delay = line?.startsWith('{"type":"BOOKMARK"') === true ? 1 : this.#delay();
    const at = Math.max(this.#lastArrival, this.#clock.milliseconds + delay);
    this.#lastArrival = at;
    this.#clock.after(at - this.#clock.milliseconds, () => {
      if (this.#closed) return;
      this.#clock.stir();
      this.#arrived.push(line);
      this.#wake();
    });
  }

  fail(reason: unknown): void {
    this.#failure = reason;
    this.#failed = true;
    this.#clock.stir();
    this.#wake();
  }

  cut(status: number | undefined): void {
    if (status === undefined) this.#arrived.push(undefined);
    else {
      const object = { kind: 'Status', code: status, reason: 'Expired', message: 'too old resource version' };
      this.#arrived.push(JSON.stringify({ type: 'ERROR', object }));
    }
    this.#clock.stir();
    this.#wake();
  }

  close(): void {
    this.#closed = true;
  }

  async *lines(): AsyncGenerator<string, void, undefined> {
    for (;;) {
      if (this.#closed) await never();
      if (this.#failed) throw this.#failure;
      if (this.#arrived.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const line = this.#arrived.shift();
      if (line === undefined) return;
      yield line;
    }
  }
}
