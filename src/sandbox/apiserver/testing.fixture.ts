/** What the tests of this folder share: a server, and requests to it as plain JSON. */
import { request } from 'undici';
import { isObject, type Json, objectOf, text as textOf } from './json.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from './start.ts';

export interface Answer {
  readonly code: number;
  readonly body: Json;
  readonly headers: Record<string, string | string[] | undefined>;
}

export class TestServer implements AsyncDisposable {
  readonly server: ApiServer;

  constructor(server: ApiServer) {
    this.server = server;
  }

  static async start(options: ApiServerOptions = {}): Promise<TestServer> {
    return new TestServer(await startApiServer(options));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await request(this.server.url + path, {
      method: method === 'APPLY' ? 'PATCH' : method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': contentTypes[method] ?? 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.body.text();
    return {
      code: response.statusCode,
      body: text.startsWith('{') ? objectOf(JSON.parse(text)) : { text },
      headers: response.headers,
    };
  }

  get(path: string): Promise<Answer> {
    return this.ask('GET', path);
  }

  /** Opens a watch and collects its events. */
  async watch(path: string, headers: Record<string, string> = {}): Promise<TestWatch> {
    const abort = new AbortController();
    const response = await request(this.server.url + path, { headers, signal: abort.signal });
    return new TestWatch(response.body, abort);
  }
}

const contentTypes: Readonly<Record<string, string>> = {
  PATCH: 'application/merge-patch+json',
  APPLY: 'application/apply-patch+yaml',
};

export interface TestEvent {
  readonly type: string;
  readonly object: Json & { metadata: Json };
}

export class TestWatch implements Disposable {
  readonly events: TestEvent[] = [];
  ended = false;
  readonly #abort: AbortController;
  #wake: () => void = () => {};

  constructor(body: AsyncIterable<Uint8Array>, abort: AbortController) {
    this.#abort = abort;
    void this.#read(body);
  }

  [Symbol.dispose](): void {
    this.#abort.abort();
  }

  /** Waits for so many events (5 s at most) and returns them as `TYPE name`. */
  async take(count: number): Promise<string[]> {
    await this.#until(() => this.events.length >= count);
    return this.events.splice(0, count).map(({ type, object }) => `${type} ${String(object.metadata.name)}`);
  }

  async end(): Promise<void> {
    await this.#until(() => this.ended);
  }

  async #until(done: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(5000);
    while (!done()) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const late = new Promise<never>((_resolve, reject) => {
        deadline.addEventListener('abort', () => {
          reject(new Error(`still waiting; got ${JSON.stringify(this.events)}`));
        });
      });
      if (!done()) await Promise.race([woken, late]);
    }
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.events.push(eventOf(JSON.parse(line)));
        this.#wake();
      }
    } catch {
      // Cut: by us or by the server.
    }
    this.ended = true;
    this.#wake();
  }
}

function eventOf(value: unknown): TestEvent {
  const { type, object } = objectOf(value);
  const found = objectOf(object);
  return { type: textOf(type), object: { ...found, metadata: isObject(found.metadata) ? found.metadata : {} } };
}

/** A clock that stands still until it is moved. */
export class TestClock {
  #now = Temporal.Instant.from('2026-01-01T00:00:00Z');
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now(): Temporal.Instant {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): Disposable {
    const timer = { at: this.#now.epochMilliseconds + milliseconds, callback };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  advance(milliseconds: number): void {
    this.#now = this.#now.add({ milliseconds });
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now.epochMilliseconds) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}

export function configMap(name: string, data: Json = {}, metadata: Json = {}): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}
