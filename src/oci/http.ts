/** One HTTP exchange: a connection per kind of access, a turn at the host, a time-out, a bound on the answer's size. */
import { createHash, X509Certificate } from 'node:crypto';
import { Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici';
import type { Clock } from '../kube/clock.ts';
import { startDeadline } from './deadline.ts';
import { OciError } from './errors.ts';
import { createHostLimit } from './host-limit.ts';
import { createRecentMap } from './recent-map.ts';
import type { Access } from './registry.ts';

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Largest answer that is read, in bytes. */
  readonly maxBytes: number;
  /** Milliseconds from the first byte sent to the last one read; the default is the client's. */
  readonly timeout?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Every value of a header; the name is in lower case. */
  headers(name: string): readonly string[];
  readonly body: Buffer;
  /** What answered, after redirects. */
  readonly url: URL;
}

/** For metrics: one exchange, whatever came of it. `status` is absent when no answer came. */
export interface ExchangeRecord {
  readonly host: string;
  readonly method: HttpMethod;
  readonly status?: number;
  readonly milliseconds: number;
}

export interface HttpOptions {
  readonly clock: Clock;
  /** Passed on to undici, for example `connect.lookup`. */
  readonly dispatcherOptions?: Agent.Options;
  /** The process' own proxies, used where an access names none. Default: none. */
  readonly proxies?: { readonly httpProxy: string; readonly httpsProxy: string; readonly noProxy: string };
  readonly onRequest?: (record: ExchangeRecord) => void;
  /** Requests at once to one host. Default 16. */
  readonly concurrencyPerHost?: number;
  /** Milliseconds for one exchange. Default 15,000. */
  readonly timeout?: number;
  /** Default `kuberik`. */
  readonly userAgent?: string;
}

export interface Http {
  /** Rejects with what went wrong below HTTP; every status is an answer. */
  exchange(request: HttpRequest, access: Access, signal: AbortSignal): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** The answer is larger than what the caller reads. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';

  constructor(maxBytes: number) {
    super(`the answer is larger than ${maxBytes} bytes`);
  }
}

const longestQueue = 10_000;
const connectTimeout = 10_000;
// Kinds of trust and proxies, not hosts: each has its own connections.
const mostDispatchers = 100;

export function createHttp(options: HttpOptions): Http {
  const { clock, concurrencyPerHost = 16, timeout = 15_000, userAgent = 'kuberik' } = options;
  const limit = createHostLimit(concurrencyPerHost, longestQueue);
  const dispatchers = createRecentMap<Dispatcher>(mostDispatchers, (forgotten) => {
    // Runs to the end of what it is doing; nobody waits for it.
    forgotten.close().catch(() => undefined);
  });

  function dispatcherFor(access: Access): Dispatcher {
    const key = fingerprint([access.certificateAuthority, access.clientCertificate, access.proxy]);
    const known = dispatchers.get(key);
    if (known) return known;
    const made = createDispatcher(access, options, concurrencyPerHost);
    dispatchers.set(key, made);
    return made;
  }

  return {
    async exchange(request, access, signal) {
      const dispatcher = dispatcherFor(access);
      using held = new DisposableStack();
      held.use(await limit.enter(request.url.host, signal));
      const deadline = held.use(startDeadline(clock, request.timeout ?? timeout, signal));
      const started = clock.now();
      let status: number | undefined;
      try {
        const answer = await dispatcher.request({
          origin: request.url.origin,
          path: `${request.url.pathname}${request.url.search}`,
          method: request.method,
          headers: { 'user-agent': userAgent, ...request.headers },
          body: request.body ?? null,
          signal: deadline.signal,
        });
        status = answer.statusCode;
        const body = await readBody(answer.body, request.method === 'HEAD' ? 0 : request.maxBytes);
        return { status, headers: (name) => asList(answer.headers[name]), body, url: request.url };
      } catch (error) {
        // What undici makes of an aborted signal differs; the reason is what matters.
        deadline.signal.throwIfAborted();
        throw error;
      } finally {
        const milliseconds = clock.now().since(started).total('milliseconds');
        const { method, url } = request;
        options.onRequest?.({ host: url.host, method, milliseconds, ...(status === undefined ? {} : { status }) });
      }
    },
    async close() {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
    },
  };
}

/** The same for the same values, and says nothing about them. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}

async function readBody(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Leaving the loop closes the connection.
    if (size > maxBytes) throw new TooLargeError(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function asList(value: string | string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function createDispatcher(access: Access, options: HttpOptions, connections: number): Dispatcher {
  checkTrust(access);
  const trust = {
    ...(access.certificateAuthority === undefined ? {} : { ca: access.certificateAuthority }),
    ...(access.clientCertificate && { cert: access.clientCertificate.certificate, key: access.clientCertificate.key }),
  };
  const given = options.dispatcherOptions ?? {};
  const shared: Agent.Options = {
    connections,
    allowH2: false,
    // The clock bounds every exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
    ...given,
    connect:
      typeof given.connect === 'function' ? given.connect : { timeout: connectTimeout, ...given.connect, ...trust },
  };
  if (access.proxy !== undefined) return new ProxyAgent({ ...shared, uri: access.proxy, requestTls: trust });
  if (options.proxies) return new EnvHttpProxyAgent({ ...shared, ...options.proxies, requestTls: trust });
  return new Agent(shared);
}

// Refused here with a clear message: OpenSSL takes a bundle it cannot read for an empty one.
function checkTrust(access: Access): void {
  const fail = (fault: string) => {
    const message = `Registry access: ${fault}; correct the Secret it comes from`;
    return new OciError('KBK_OCI_INVALID_CREDENTIALS', '', message, { retryable: false });
  };
  const certificates = [access.certificateAuthority, access.clientCertificate?.certificate];
  for (const certificate of certificates) {
    if (certificate !== undefined && !isCertificate(certificate)) throw fail('a certificate is not PEM');
  }
  if (access.proxy === undefined) return;
  const proxy = URL.parse(access.proxy);
  if (!proxy || !/^https?:$/.test(proxy.protocol)) throw fail('the proxy is not a URL such as http://proxy:3128');
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}
