/** HTTP to one API server over shared connections: a request has a time-out, a watch has none once it is answered. */
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { Clock } from './clock.ts';
import type { ClientCertificate, Impersonation, KubeCluster } from './cluster.ts';

export interface TransportOptions {
  readonly cluster: KubeCluster;
  readonly clock: Clock;
  /** Connections for requests; more wait in line. */
  readonly connections: number;
  /** Milliseconds until a request, or the answer to a watch, is given up. */
  readonly timeout: number;
  readonly userAgent: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Default: `application/json`. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter?: string;
  readonly text: string;
}

export interface HttpStream {
  readonly status: number;
  readonly retryAfter?: string;
  readonly body: Dispatcher.ResponseData['body'];
}

/** The request was given up after the time-out. */
export class RequestTimeoutError extends Error {
  override readonly name = 'RequestTimeoutError';
}

// Below the 60 s after which common load balancers cut an idle connection.
const keepAlive = 45_000;
// One connection per watch: kinds x selectors x namespaces.
const mostWatches = 1000;

export class Transport {
  readonly #options: TransportOptions;
  #lines: Lines | undefined;
  /** With a certificate that has been renewed: what is under way on them goes on. */
  readonly #retired = new Set<Lines>();
  readonly #origin: string;
  /** A server behind a proxy may live under a path. */
  readonly #prefix: string;

  constructor(options: TransportOptions) {
    this.#options = options;
    const { origin, pathname } = new URL(options.cluster.server);
    this.#origin = origin;
    this.#prefix = pathname.replace(/\/+$/, '');
  }

  /** Sends and reads the whole answer within the time-out. */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    using bound = new Bound(this.#options.clock, this.#options.timeout, request.signal);
    const { statusCode, headers, body } = await this.#dispatch('requests', request, bound.signal);
    return { status: statusCode, ...retryAfterOf(headers), text: await body.text() };
  }

  /** Sends, and returns the body unread; `signal` cuts it at any time. */
  async open(request: HttpRequest & { readonly signal: AbortSignal }): Promise<HttpStream> {
    request.signal.throwIfAborted();
    using bound = new Bound(this.#options.clock, this.#options.timeout, request.signal);
    // The bound is lifted at the answer, so the body hangs on the caller's signal alone.
    const cut = new AbortController();
    const stop = (): void => {
      cut.abort(request.signal.aborted ? request.signal.reason : bound.signal.reason);
    };
    bound.signal.addEventListener('abort', stop, { once: true });
    request.signal.addEventListener('abort', stop, { once: true });
    const { statusCode, headers, body } = await this.#dispatch('watches', request, cut.signal);
    body.once('close', () => {
      request.signal.removeEventListener('abort', stop);
    });
    return { status: statusCode, ...retryAfterOf(headers), body };
  }

  /** Cuts what is still open. */
  async close(): Promise<void> {
    const lines = [...this.#retired, ...(this.#lines === undefined ? [] : [this.#lines])];
    await Promise.all(lines.flatMap(({ requests, watches }) => [requests.destroy(), watches.destroy()]));
  }

  /** Connections belong to the certificate that they were opened with: a new one gets new ones. */
  #linesWith(certificate: ClientCertificate | undefined): Lines {
    const present = this.#lines;
    if (present !== undefined && isSame(present.certificate, certificate)) return present;
    const { cluster, connections } = this.#options;
    const lines = {
      certificate,
      requests: dispatcherFor(cluster, certificate, connections),
      watches: dispatcherFor(cluster, certificate, mostWatches),
    };
    this.#lines = lines;
    if (present !== undefined) {
      this.#retired.add(present);
      void Promise.allSettled([present.requests.close(), present.watches.close()]).then(() =>
        this.#retired.delete(present),
      );
    }
    return lines;
  }

  async #dispatch(
    use: 'requests' | 'watches',
    request: HttpRequest,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    signal.throwIfAborted();
    const { cluster, userAgent } = this.#options;
    const send = async (rejected: boolean): Promise<Dispatcher.ResponseData> => {
      const headers = await cluster.headers(rejected);
      const certificate = await cluster.certificate?.(rejected);
      return this.#linesWith(certificate)[use].request({
        origin: this.#origin,
        path: this.#prefix + request.path,
        method: request.method,
        headers: {
          accept: 'application/json',
          'user-agent': userAgent,
          ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
          ...headers,
          ...impersonationHeaders(cluster.impersonate),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        signal,
      });
    };
    const answer = await orAborted(send(false), signal);
    if (answer.statusCode !== 401) return answer;
    // The credentials may have expired between two looks at them; a second refusal is final.
    await answer.body.dump();
    return orAborted(send(true), signal);
  }
}

/** A header of its own for each group. */
function impersonationHeaders(as: Impersonation | undefined): Record<string, string | string[]> {
  if (as === undefined) return {};
  return { 'impersonate-user': as.user, ...(as.groups.length > 0 && { 'impersonate-group': [...as.groups] }) };
}

/** undici looks at a request's signal when it has a connection for it, and a server may be too silent to give one. */
async function orAborted<R>(work: Promise<R>, signal: AbortSignal): Promise<R> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => {
    reject(signal.reason);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}

/** Aborts at the time-out or with the caller's signal, whichever comes first. */
class Bound implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: Disposable;
  readonly #outer: AbortSignal | undefined;
  readonly #stop = (): void => {
    this.#controller.abort(this.#outer?.reason);
  };

  constructor(clock: Clock, timeout: number, outer: AbortSignal | undefined) {
    this.#outer = outer;
    this.#timer = clock.after(timeout, () => {
      this.#controller.abort(new RequestTimeoutError(`no answer within ${timeout} ms`));
    });
    if (outer?.aborted === true) this.#stop();
    outer?.addEventListener('abort', this.#stop, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#outer?.removeEventListener('abort', this.#stop);
  }
}

interface Lines {
  readonly certificate: ClientCertificate | undefined;
  readonly requests: Dispatcher;
  readonly watches: Dispatcher;
}

function isSame(one: ClientCertificate | undefined, other: ClientCertificate | undefined): boolean {
  if (one === other) return true;
  return String(one?.cert) === String(other?.cert) && String(one?.key) === String(other?.key);
}

function dispatcherFor(
  cluster: KubeCluster,
  certificate: ClientCertificate | undefined,
  connections: number,
): Dispatcher {
  const tls = {
    ...(cluster.ca === undefined ? {} : { ca: cluster.ca }),
    ...certificate,
    ...(cluster.serverName === undefined ? {} : { servername: cluster.serverName }),
    rejectUnauthorized: cluster.insecure !== true,
  };
  const options = {
    connections,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: keepAlive,
    keepAliveMaxTimeout: keepAlive,
    // Bounds are ours and hang on the injected clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  if (cluster.proxyUrl !== undefined) return new ProxyAgent({ ...options, uri: cluster.proxyUrl, requestTls: tls });
  return new Agent({ ...options, connect: { ...tls, keepAlive: true, keepAliveInitialDelay: 30_000 } });
}

function retryAfterOf(headers: Record<string, string | string[] | undefined>): { retryAfter?: string } {
  const value = headers['retry-after'];
  return typeof value === 'string' ? { retryAfter: value } : {};
}
