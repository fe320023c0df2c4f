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
import { Store, type StoreEvent } from '../../src/sandbox/apiserver/store.ts';
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

/** Who is writing, while a request is served. */
export interface Writer {
  readonly actor: string;
}

const eventWindow = 5_000;
const coarseFrom = 20_000;

export class SimulatedApiServer {
  readonly #clock: VirtualClock;
  readonly #core: Core;
  readonly #handler: RequestHandler;
  #turn: Promise<unknown> = Promise.resolve();
  #writer: Writer | undefined;
  /** Ids of objects count up, so that they are the same in every run. */
  #ids = 0;

  constructor(clock: VirtualClock, random: () => number) {
    this.#clock = clock;
    const store = new Store({ window: eventWindow });
    const uid = (): string => `00000000-0000-4000-8000-${String((this.#ids += 1)).padStart(12, '0')}`;
    this.#core = { store, registry: new Registry(), clock: coarse(clock), random, uid };
    const queue = new WorkQueue();
    const followers = [
      new DefinitionController(this.#core, queue),
      new GarbageCollector(this.#core, queue),
      new NamespaceController(this.#core, queue),
    ];
    store.subscribe((event) => {
      for (const follower of followers) follower.observe(event);
    });
    installDefaults(this.#core);
    for (const object of [...crdObjects(), ...fluxDefinitions, datadogMonitorDefinition]) install(this.#core, object);
    this.#handler = new RequestHandler({
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
    this.#core.store.subscribe((event) => {
      listener(event, this.#writer);
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
    await this.#inTurn({ method: 'GET', path }, response, writer);
    return {
      status: response.statusCode,
      text: response.text,
      [Symbol.dispose]: () => void response.emit('close'),
    };
  }

  async #inTurn(request: WireRequest, response: FakeResponse, writer: Writer): Promise<void> {
    const served = this.#turn.then(async () => {
      this.#clock.stir();
      this.#writer = writer;
      await this.#handler.handle(requestOf(request), response as unknown as ServerResponse);
      this.#writer = undefined;
    });
    this.#turn = served;
    await served;
  }
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
