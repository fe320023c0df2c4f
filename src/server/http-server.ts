/**
 * `server` is the HTTP side: probes and metrics here. It is handed what it shows and starts nothing itself.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { type BindAddress, formatBindAddress } from './address.ts';
import { ServerError } from './errors.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** By path, without the query. */
export type Routes = Readonly<Record<string, () => Answer | Promise<Answer>>>;

/** One thing that must hold; undefined when it does, else what is wrong. */
export type Check = () => string | undefined;

export type Checks = Readonly<Record<string, Check>>;

const text = 'text/plain; charset=utf-8';

/** The form of Kubernetes' own probes: https://kubernetes.io/docs/reference/using-api/health-checks/ */
function probe(checks: Checks): () => Answer {
  return () => {
    const results = Object.entries(checks).map(([name, check]) => ({ name, fault: check() }));
    const healthy = results.every(({ fault }) => fault === undefined);
    const lines = results.map(({ name, fault }) => (fault === undefined ? `[+]${name} ok` : `[-]${name}: ${fault}`));
    const body = healthy ? 'ok' : `${lines.join('\n')}\n`;
    return { status: healthy ? 200 : 503, contentType: text, body };
  };
}

/** `/healthz`: the process works. `/readyz`: it can do its work. */
export function probeRoutes(health: Checks, readiness: Checks): Routes {
  return { '/healthz': probe(health), '/readyz': probe(readiness) };
}

/** `/metrics` in the text format of Prometheus. */
export function metricsRoutes(registry: Registry): Routes {
  return {
    '/metrics': async () => ({ status: 200, contentType: registry.contentType, body: await registry.metrics() }),
  };
}

export interface HttpServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Listens until it is disposed of, which also cuts open connections.
 * @throws ServerError KBK_SERVER_ADDRESS_UNAVAILABLE when the address is taken or is not ours.
 */
export async function listen(where: BindAddress, routes: Routes): Promise<HttpServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
    void answer(routes, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'another program listens there' : cause.message;
      const address = formatBindAddress(where);
      const message = `cannot listen on ${address}: ${why}; choose another address`;
      reject(new ServerError('KBK_SERVER_ADDRESS_UNAVAILABLE', address, message, { cause }));
    });
    server.listen(where, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : where.port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, contentType, body } = await route(routes, request);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function route(routes: Routes, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const found = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (found === undefined) {
    return {
      status: 404,
      contentType: text,
      body: `There is no ${path}: there is ${Object.keys(routes).join(', ')}\n`,
    };
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, contentType: text, body: 'Only GET and HEAD are answered here\n' };
  }
  try {
    return await found();
  } catch (error) {
    return {
      status: 500,
      contentType: text,
      body: `${path} failed: ${error instanceof Error ? error.message : 'unknown'}\n`,
    };
  }
}
