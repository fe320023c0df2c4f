/** One client's requests to one server, in their order: later ones may speak of what earlier ones were answered. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';
import { objectOf, own, text as textOf } from '../../src/sandbox/apiserver/json.ts';
import { normal } from './normal.ts';
import type { Settling, TableRequest, WatchStory } from './table/request.ts';
import { eventsOf } from './watch.ts';

const longest = 60_000;

export interface Answer {
  readonly code: number;
  /** Its media type. */
  readonly type?: string;
  readonly warnings?: readonly string[];
  readonly body?: unknown;
}

export interface Server {
  readonly url: string;
  readonly token?: string;
  /** Knows the server's certificate. */
  readonly dispatcher?: Dispatcher;
}

export class Session {
  readonly #server: Server;
  readonly #bodies = new Map<string, unknown>();
  readonly #revisions = new Map<string, string>();

  constructor(server: Server) {
    this.#server = server;
  }

  /** @returns what is compared: without what is random, or the clock's */
  async ask(row: TableRequest): Promise<Answer> {
    const response = await this.#send(row);
    const body = row.watch === undefined ? parsed(await response.body.text()) : await this.#watch(response, row.watch);
    this.#bodies.set(row.name, body);
    if (row.awaits !== undefined) await this.#settled(row.awaits);
    const answer = {
      code: response.statusCode,
      type: String(response.headers['content-type'] ?? ''),
      warnings: warningsOf(response.headers.warning).map((one) => String(normal(one, this.#revisions))),
    };
    if (row.codeOnly === true) return { code: response.statusCode };
    const picked = row.pick === undefined ? body : row.pick(objectOf(body));
    return { ...answer, body: normal(picked, this.#revisions) };
  }

  #send(row: TableRequest): Promise<Dispatcher.ResponseData> {
    const { url, token, dispatcher } = this.#server;
    const body = typeof row.body === 'string' ? row.body : JSON.stringify(row.body);
    return request(url + this.#filled(row.path, encodeURIComponent), {
      method: row.method,
      headers: {
        'user-agent': 'table/1',
        ...(row.accept === undefined ? {} : { accept: row.accept }),
        ...(row.body === undefined ? {} : { 'content-type': row.type ?? 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...impersonation(row.as ?? []),
      },
      ...(row.body === undefined ? {} : { body: this.#filled(body) }),
      ...(dispatcher === undefined ? {} : { dispatcher }),
    });
  }

  #filled(template: string, write = (value: string): string => value): string {
    return template.replaceAll(/\$\((.+?): ([\w.]+)\)/g, (_whole, name: string, path: string) =>
      write(textOf(path.split('.').reduce<unknown>((at, key) => own(at, key), this.#bodies.get(name)))),
    );
  }

  async #watch(response: Dispatcher.ResponseData, { writes, last }: WatchStory): Promise<unknown> {
    if (response.statusCode !== 200) return parsed(await response.body.text());
    const events = eventsOf(response.body, last);
    // Settling below: it must not count as nobody's while the writes go on.
    events.catch(() => undefined);
    for (const write of writes) {
      const { code, body } = await this.ask(write);
      if (code >= 300) throw new Error(`'${write.name}' was refused: ${JSON.stringify(body)}`);
    }
    return await events;
  }

  async #settled({ path, text = '', code = 200, method = 'GET', ...rest }: Settling): Promise<void> {
    const end = performance.now() + longest;
    for (;;) {
      const response = await this.#send({ name: '', method, path, ...rest });
      const body = await response.body.text();
      if (response.statusCode === code && body.includes(text)) return;
      if (performance.now() > end) throw new Error(`${path} does not say '${text}', but ${body}`);
      await sleep(20);
    }
  }
}

function impersonation([user = '', ...groups]: readonly string[]): Record<string, string | string[]> {
  return { ...(user && { 'impersonate-user': user }), ...(groups.length > 0 && { 'impersonate-group': groups }) };
}

/** In one header or in several, in no order. */
export function warningsOf(header: string | string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .flatMap((one) => one.split(/, (?=299 )/))
    .sort();
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Puts all rows to a server. @returns the answers by the names of their rows */
export async function askAll(server: Server, rows: readonly TableRequest[]): Promise<Map<string, Answer>> {
  const session = new Session(server);
  const answers = new Map<string, Answer>();
  for (const row of rows) answers.set(row.name, await session.ask(row));
  return answers;
}
