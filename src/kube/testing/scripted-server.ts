/** An API server that says what a test tells it to, and keeps a log of what it was asked. Plain HTTP on 127.0.0.1. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isRecord } from '../../api/json.ts';
import { type KubeCluster, openCluster } from '../cluster.ts';

export interface LoggedRequest {
  /** HTTP method, or `WATCH`. */
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Parsed when it is JSON. */
  readonly body: unknown;
}

/** What a script may do with one request. */
export interface Reply {
  json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void;
  /** A `metav1.Status`. */
  status(code: number, reason: string, message?: string, headers?: Readonly<Record<string, string>>): void;
  /** Starts a watch. */
  stream(): OpenWatch;
  /** Cuts the connection without an answer. */
  reset(): void;
}

interface OpenWatch {
  /** Sends one event as a line. */
  send(type: string, object: unknown): void;
  /** Sends bytes as they are. */
  write(text: string): void;
  /** Ends as a server does at its time-out. */
  end(): void;
  /** Cuts the connection. */
  cut(): void;
  readonly closed: boolean;
}

/** Not replying leaves the request open: silence. */
type Script = (request: LoggedRequest, reply: Reply) => void;

export interface ScriptedServer extends AsyncDisposable {
  readonly cluster: KubeCluster;
  readonly requests: LoggedRequest[];
  /** TCP connections accepted so far. */
  readonly connections: number;
  /** Watches that are open now, in the order of their requests. */
  readonly watches: readonly OpenWatch[];
  /** The latest script for a method and path wins. A request without script gets 404. */
  on(method: string, path: string, script: Script): void;
  /** Resolves when `condition` holds; rejects after 5 s. */
  until(condition: () => boolean): Promise<void>;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  const scripts = new Map<string, Script>();
  const requests: LoggedRequest[] = [];
  const watches: OpenWatch[] = [];
  let connections = 0;

  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
      const method = url.searchParams.has('watch') ? 'WATCH' : (incoming.method ?? 'GET');
      const request = { method, path: url.pathname, query: url.searchParams, headers: incoming.headers, body };
      requests.push(request);
      const script = scripts.get(`${method} ${url.pathname}`);
      const reply = replyFor(response, watches);
      if (script === undefined) reply.status(404, 'NotFound', `no script for ${method} ${url.pathname}`);
      else script(request, reply);
    });
  });
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    cluster: openCluster(`http://127.0.0.1:${port}`),
    requests,
    get connections() {
      return connections;
    },
    get watches() {
      return watches.filter((watch) => !watch.closed);
    },
    on: (method, path, script) => void scripts.set(`${method} ${path}`, script),
    until: waitUntil,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Resolves when `condition` holds; rejects after 5 s of real time. */
export async function waitUntil(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`condition does not hold after 5 s: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function replyFor(response: ServerResponse, watches: OpenWatch[]): Reply {
  const json: Reply['json'] = (status, body, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  return {
    json,
    status: (code, reason, message = reason, headers = {}) => {
      json(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message }, headers);
    },
    reset: () => void response.destroy(),
    stream() {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
      const watch: OpenWatch = {
        send: (type, object) => void response.write(`${JSON.stringify({ type, object })}\n`),
        write: (text) => void response.write(text),
        end: () => void response.end(),
        cut: () => void response.destroy(),
        get closed() {
          return response.closed || response.writableEnded;
        },
      };
      watches.push(watch);
      return watch;
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  if (text === '') return undefined;
  const parsed: unknown = JSON.parse(text);
  return isRecord(parsed) || Array.isArray(parsed) ? parsed : text;
}
