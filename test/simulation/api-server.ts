/** The API server of the sandbox, without sockets: a request is a call, and what it does is done when the call ends. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { crdObjects } from '../../src/api/crds.ts';
import type { Clock } from '../../src/kube/clock.ts';
import { Authorizer } from '../../src/sandbox/apiserver/authorization/authorizer.ts';
import { DefinitionController } from '../../src/sandbox/apiserver/control/definitions.ts';
import { GarbageCollector } from '../../src/sandbox/apiserver/control/garbage.ts';
import { NamespaceController } from '../../src/sandbox/apiserver/control/namespaces.ts';
import { WorkQueue } from '../../src/sandbox/apiserver/control/queue.ts';
import { RequestHandler } from '../../src/sandbox/apiserver/http/server.ts';
import { install, installDefaults } from '../../src/sandbox/apiserver/install.ts';
import { Registry } from '../../src/sandbox/apiserver/registry.ts';
import { Store, type Stored, type StoreEvent } from '../../src/sandbox/apiserver/store.ts';
import type { Core } from '../../src/sandbox/apiserver/write/operation.ts';
import { datadogMonitorDefinition } from '../../src/sandbox/crds/datadog.ts';
import { fluxDefinitions } from '../../src/sandbox/crds/flux-definitions.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly text: string;
}

/** An open watch: lines come to `heard` as they are written. */
export interface WireWatch extends Disposable {
  readonly status: number;
}

/** All that there was at one time, as a backup of etcd holds it. */
export interface Snapshot {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly revision: number;
  readonly collections: ReadonlyMap<string, readonly Stored[]>;
}

/** How revisions go on after a backup was brought back: where they were then, or above all that anybody has seen. */
export type RestoredRevision = 'back' | 'bumped';

/** Who is writing, while a request is served. */
export interface Writer {
  readonly actor: string;
}

const eventWindow = 5_000;
const revisionGap = 1_000_000;
const coarseFrom = 20_000;

export class SimulatedApiServer {
  readonly #clock: VirtualClock;
  readonly #writeListeners: ((event: StoreEvent, writer: Writer | undefined) => void)[] = [];
  readonly #restoreListeners: ((snapshot: Snapshot) => void)[] = [];
  readonly #watches = new Set<FakeResponse>();
  #core: Core;
  #handler: RequestHandler;
  #turn: Promise<unknown> = Promise.resolve();
  #writer: Writer | undefined;
  /** Ids of objects count up, so that they are the same in every run. */
  #ids = 0;

  constructor(clock: VirtualClock, random: () => number) {
    this.#clock = clock;
    const store = new Store({ window: eventWindow });
    const uid = (): string => `00000000-0000-4000-8000-${String((this.#ids += 1)).padStart(12, '0')}`;
    this.#core = { store, registry: new Registry(), clock: coarse(clock), random, uid };
    this.#handler = this.#serve();
    installDefaults(this.#core);
    for (const object of [...crdObjects(), ...fluxDefinitions, datadogMonitorDefinition]) install(this.#core, object);
  }

  /** What a server does with the store that it has. */
  #serve(): RequestHandler {
    const { store } = this.#core;
    const queue = new WorkQueue();
    const followers = [
      new DefinitionController(this.#core, queue),
      new GarbageCollector(this.#core, queue),
      new NamespaceController(this.#core, queue),
    ];
    store.subscribe((event) => {
      for (const follower of followers) follower.observe(event);
      try {
        for (const listener of this.#writeListeners) listener(event, this.#writer);
      } catch (error) {
        // Whoever looks on must not fail: as the answer to a request it would look like a fault of the server.
        queueMicrotask(() => {
          throw error;
        });
      }
    });
    return new RequestHandler({
      core: this.#core,
      authorizer: new Authorizer(store),
      flushed: async () => undefined,
      tokens: new Map(),
      open: true,
      opened: () => undefined,
    });
  }

  /** Called inside of each write; the writer is undefined for what the server does by itself. */
  onWrite(listener: (event: StoreEvent, writer: Writer | undefined) => void): void {
    this.#writeListeners.push(listener);
  }

  /**
   * Called when the server has come back with what it held some time ago; before, `onWrite` tells of each object that
   * is another one now, without a writer.
   */
  onRestored(listener: (snapshot: Snapshot) => void): void {
    this.#restoreListeners.push(listener);
  }

  snapshot(): Snapshot {
    const { store } = this.#core;
    const collections = new Map(store.resources().map((resource) => [resource, store.list(resource)]));
    return { at: this.#clock.milliseconds, revision: store.revision, collections };
  }

  /** The server goes down, and comes back with what it held then: whatever came later is lost, and watches are cut. */
  async restore(snapshot: Snapshot, how: RestoredRevision): Promise<void> {
    await this.#alone(async () => {
      const revision = how === 'back' ? snapshot.revision : this.#core.store.revision + revisionGap;
      const store = new Store({ window: eventWindow, revision });
      for (const [resource, objects] of snapshot.collections) {
        for (const object of objects) {
          const { namespace, name } = placeOf(object);
          store.restore(resource, namespace, name, object);
        }
      }
      const before = this.#core.store;
      this.#core = { ...this.#core, store };
      this.#handler = this.#serve();
      for (const watch of [...this.#watches]) watch.destroy();
      for (const event of differences(before, store)) {
        for (const listener of this.#writeListeners) listener(event, undefined);
      }
      for (const listener of this.#restoreListeners) listener({ ...snapshot, revision });
    });
  }

  /** Past events are forgotten: a watch that begins before now is answered with 410. */
  compact(): void {
    this.#core.store.compact();
  }

  /** One request at a time. */
  async serve(request: WireRequest, writer: Writer): Promise<WireAnswer> {
    const response = new FakeResponse();
    await this.#inTurn(request, response, writer);
    return { status: response.statusCode, text: response.text };
  }

  /** @param heard called for each line, and with undefined at the end */
  async watch(
    path: string,
    writer: Writer,
    heard: (line: string | undefined) => void,
  ): Promise<WireWatch & WireAnswer> {
    const response = new FakeResponse(heard);
    this.#watches.add(response);
    response.on('close', () => void this.#watches.delete(response));
    await this.#inTurn({ method: 'GET', path }, response, writer);
    return {
      status: response.statusCode,
      text: response.text,
      [Symbol.dispose]: () => void response.emit('close'),
    };
  }

  #inTurn(request: WireRequest, response: FakeResponse, writer: Writer): Promise<void> {
    return this.#alone(async () => {
      this.#writer = writer;
      await this.#handler.handle(requestOf(request), response as unknown as ServerResponse);
      this.#writer = undefined;
    });
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(() => {
      this.#clock.stir();
      return work();
    });
    this.#turn = done;
    await done;
  }
}

/** What is another object in the one store than in the other. */
function differences(before: Store, after: Store): StoreEvent[] {
  const { revision } = after;
  return [...new Set([...before.resources(), ...after.resources()])].flatMap((resource) => {
    const were = new Map(before.list(resource).map((object) => [keyOf(object), object]));
    const changed = after.list(resource).flatMap((object): StoreEvent[] => {
      const previous = were.get(keyOf(object));
      were.delete(keyOf(object));
      const type = previous === undefined ? 'ADDED' : 'MODIFIED';
      return previous === object ? [] : [{ type, resource, ...placeOf(object), revision, object, previous }];
    });
    const gone = [...were.values()].map(
      (object): StoreEvent => ({ type: 'DELETED', resource, ...placeOf(object), revision, object, previous: object }),
    );
    return [...gone, ...changed];
  });
}

function placeOf(object: Stored): { readonly namespace: string; readonly name: string } {
  const { namespace = '', name } = object.metadata as { namespace?: string; name: string };
  return { namespace, name };
}

function keyOf(object: Stored): string {
  const { namespace, name } = placeOf(object);
  return `${namespace}/${name}`;
}

/** Bookmarks and ends of all watches come together: each instant costs something, and these are most of them. */
function coarse(clock: VirtualClock): Clock {
  return {
    now: () => clock.now(),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
    after: (milliseconds, callback) => {
      const due = clock.milliseconds + milliseconds;
      const exact = milliseconds < coarseFrom ? due : Math.ceil(due / coarseFrom) * coarseFrom;
      return clock.after(exact - clock.milliseconds, callback);
    },
  };
}

function requestOf({ method, path, contentType, body }: WireRequest): IncomingMessage {
  const headers = { ...(contentType !== undefined && { 'content-type': contentType }), 'user-agent': 'simulation' };
  async function* chunks() {
    if (body !== undefined) yield Buffer.from(body);
  }
  return {
    method,
    url: path,
    headers,
    headersDistinct: {},
    [Symbol.asyncIterator]: chunks,
  } as unknown as IncomingMessage;
}

/** What the server's handlers use of a response. */
class FakeResponse extends EventEmitter {
  statusCode = 200;
  headersSent = false;
  readonly writableLength = 0;
  text = '';
  readonly #heard: ((line: string | undefined) => void) | undefined;

  constructor(heard?: (line: string | undefined) => void) {
    super();
    this.#heard = heard;
  }

  writeHead(status: number): this {
    this.statusCode = status;
    this.headersSent = true;
    return this;
  }

  appendHeader(): this {
    return this;
  }

  flushHeaders(): void {
    this.headersSent = true;
  }

  write(chunk: string): boolean {
    if (this.#heard !== undefined && this.statusCode === 200) this.#heard(chunk);
    else this.text += chunk;
    return true;
  }

  end(chunk?: Buffer | string): this {
    if (chunk !== undefined) this.write(String(chunk));
    this.#heard?.(undefined);
    return this;
  }

  destroy(): this {
    this.#heard?.(undefined);
    this.emit('close');
    return this;
  }
}
