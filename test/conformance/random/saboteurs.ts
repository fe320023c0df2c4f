/**
 * Small ways in which a server can be wrong: requests are changed on their way to one that is right, or its answers on their
 * way back. The comparison must find each of them.
 */
import { createServer, type Server as HttpServer } from 'node:http';
import { request } from 'undici';
import { isObject, type Json, objectOf, objects, remove } from '../../../src/sandbox/apiserver/json.ts';
import type { Server } from '../session.ts';

interface Message {
  readonly method: string;
  readonly url: URL;
  readonly type: string;
  readonly body: unknown;
}

export interface Saboteur {
  readonly name: string;
  /** @returns what is asked instead */
  readonly request?: (message: Message) => Partial<Message> | undefined;
  /** Changes an object or a Status in an answer. */
  readonly answer?: (body: Json, asked: Message) => void;
  /** @returns whether an event of a watch is lost */
  readonly loses?: (event: Json) => boolean;
}

const isMerge = ({ type }: Message): boolean => type.includes('merge-patch+json');
const without = (url: URL, ...names: readonly string[]): URL => {
  const changed = new URL(url);
  for (const name of names) changed.searchParams.delete(name);
  return changed;
};
const withMetadata = (body: unknown, change: (metadata: Json) => void): unknown => {
  const copy: unknown = structuredClone(body);
  if (isObject(copy) && isObject(copy.metadata)) change(copy.metadata);
  return copy;
};
const drop =
  (key: string) =>
  (object: Json): void => {
    remove(object, key);
  };
const eachObject = (body: Json, change: (metadata: Json) => void): void => {
  for (const object of [body, ...objects(body.items)]) change(objectOf(object.metadata));
};
const withoutNulls = (value: unknown): unknown => {
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutNulls(one)]));
};

export const saboteurs: readonly Saboteur[] = [
  {
    name: 'a null in a merge patch takes nothing away',
    request: (message) => (isMerge(message) ? { body: withoutNulls(message.body) } : undefined),
  },
  {
    name: 'the generation is never counted',
    answer: (body) => {
      eachObject(body, (metadata) => {
        if (typeof metadata.generation === 'number') metadata.generation = 1;
      });
    },
  },
  {
    name: 'finalizers are not kept',
    request: ({ body }) => ({ body: withMetadata(body, drop('finalizers')) }),
  },
  {
    name: 'an old revision is no conflict',
    request: ({ body, method }) =>
      method === 'PUT' || method === 'PATCH' ? { body: withMetadata(body, drop('resourceVersion')) } : undefined,
  },
  {
    name: 'who applied is forgotten',
    answer: (body) => {
      eachObject(body, (metadata) => {
        const entries = objects(metadata.managedFields).filter(({ operation }) => operation !== 'Apply');
        if (Array.isArray(metadata.managedFields)) metadata.managedFields = entries;
      });
    },
  },
  {
    name: 'every apply is by force',
    request: ({ type, url }) => {
      if (!type.includes('apply-patch')) return undefined;
      const forced = new URL(url);
      forced.searchParams.set('force', 'true');
      return { url: forced };
    },
  },
  { name: 'a dry run is written', request: ({ url }) => ({ url: without(url, 'dryRun') }) },
  { name: 'a deletion has no preconditions', request: deletion(drop('preconditions')) },
  { name: 'labels are not selected by', request: ({ url }) => ({ url: without(url, 'labelSelector') }) },
  { name: 'lists have one page', request: ({ url }) => ({ url: without(url, 'limit') }) },
  {
    name: 'an exact revision is the newest',
    request: ({ url }) =>
      url.searchParams.get('resourceVersionMatch') === 'Exact'
        ? { url: without(url, 'resourceVersion', 'resourceVersionMatch') }
        : undefined,
  },
  { name: 'unknown fields are let pass', request: ({ url }) => ({ url: without(url, 'fieldValidation') }) },
  {
    name: 'a write to the status is one to the object',
    request: ({ method, url }) =>
      method === 'GET' ? undefined : { url: new URL(url.href.replace(/\/status(?=\?|$)/, '')) },
  },
  { name: 'deletions are not told to watches', loses: ({ type }) => type === 'DELETED' },
  { name: 'the end of the state is not told to watches', loses: ({ type }) => type === 'BOOKMARK' },
];

function deletion(change: (options: Json) => void): NonNullable<Saboteur['request']> {
  return ({ method, body }) => {
    if (method !== 'DELETE' || !isObject(body)) return undefined;
    const options = structuredClone(body);
    change(options);
    return { body: options };
  };
}

/** A server in front of another one. */
export async function sabotaged(server: Server, saboteur: Saboteur): Promise<Server & AsyncDisposable> {
  const front = createServer((incoming, outgoing) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString('utf8');
      const { method = 'GET', headers } = incoming;
      const url = new URL(incoming.url ?? '/', server.url);
      const asked = { method, url, type: headers['content-type'] ?? '', body: parsed(text) };
      const sent = { ...asked, ...saboteur.request?.(asked) };
      const { connection: _, 'content-length': __, 'transfer-encoding': ___, host: ____, ...kept } = headers;
      const answer = await request(sent.url, {
        method,
        headers: kept,
        ...(text !== '' && { body: sent.body === asked.body ? text : JSON.stringify(sent.body) }),
      });
      const { 'content-length': _____, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode, rest);
      outgoing.flushHeaders();
      outgoing.on('close', () => answer.body.destroy());
      let left = '';
      for await (const chunk of answer.body.setEncoding('utf8')) {
        const lines = (left + String(chunk)).split('\n');
        left = lines.pop() ?? '';
        for (const line of lines) {
          const event = parsed(line);
          if (!isObject(event) || saboteur.loses?.(event) !== true) outgoing.write(`${line}\n`);
        }
      }
      const body = parsed(left);
      if (isObject(body)) saboteur.answer?.(body, asked);
      outgoing.end(isObject(body) && saboteur.answer !== undefined ? JSON.stringify(body) : left);
    })().catch(() => outgoing.destroy());
  });
  const port = await listen(front);
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        front.close(() => {
          resolve();
        });
        front.closeAllConnections();
      }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function listen(server: HttpServer): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
