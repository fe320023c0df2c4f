/**
 * Requests to registries: authentication, redirects, one retry, `Retry-After`. Credentials are shown to the registry
 * and to the token endpoint it names, never to where a redirect leads.
 */
import type { Clock } from '../kube/clock.ts';
import { createAuthenticator, type Session } from './authenticate.ts';
import { parseChallenges } from './challenge.ts';
import { OciError } from './errors.ts';
import { readRetryAfter, refusal, unreachable } from './fault.ts';
import {
  createHttp,
  fingerprint,
  type HttpMethod,
  type HttpOptions,
  type HttpRequest,
  type HttpResponse,
  TooLargeError,
} from './http.ts';
import { createRecentMap } from './recent-map.ts';
import { apiHost, type RepositoryName } from './reference.ts';
import type { Access } from './registry.ts';
import { type Scheme, schemesFor, speaksNoTls } from './scheme.ts';

export type TransportOptions = HttpOptions;

interface RegistryRequest {
  readonly name: RepositoryName;
  /** `registry/repository[:tag|@digest]`, for messages. */
  readonly reference: string;
  readonly access: Access;
  readonly method: HttpMethod;
  /** Below `/v2/<repository>/`; or, from the registry itself, a whole URL. */
  readonly path: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Default 64 KiB. */
  readonly maxBytes?: number;
  /** Milliseconds for one exchange; default is the transport's. */
  readonly timeout?: number;
  /** Default: to pull from the repository. */
  readonly scopes?: readonly string[];
}

export interface Transport {
  readonly clock: Clock;
  /** The answer of a request that was granted (status below 400). @throws OciError */
  send(request: RegistryRequest, signal: AbortSignal): Promise<HttpResponse>;
  close(): Promise<void>;
}

const mostRedirects = 5;
const defaultAnswer = 64 * 1024;
const backOff = 500;
// A shorter wait is worth a second try at once; a longer one is the caller's.
const longestWait = 5_000;
// A timer may fire a moment before its time.
const timerError = 5;
const mostHosts = 1_000;
const redirects = new Set([301, 302, 303, 307, 308]);
const worthASecondTry = new Set([408, 500, 502, 503, 504]);

export function createTransport(options: TransportOptions): Transport {
  const { clock } = options;
  const http = createHttp(options);
  const schemes = createRecentMap<Scheme>(mostHosts);
  // Who was told to come back later, and when: asking earlier would only prolong it.
  const pauses = createRecentMap<{ readonly until: Temporal.Instant }>(mostHosts);
  const authenticator = createAuthenticator(clock, follow);

  async function exchange(session: Session, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const pauseKey = `${request.url.host}\n${session.fingerprint}`;
    const paused = pauses.get(pauseKey);
    if (paused && Temporal.Instant.compare(clock.now(), paused.until) < 0)
      throw stillPaused(session, request, paused.until);
    const response = await http.exchange(request, session.access, signal);
    if (response.status === 429 || response.status === 503) {
      const until = readRetryAfter(response, clock);
      if (until) pauses.set(pauseKey, { until });
    }
    return response;
  }

  async function exchangeTwice(session: Session, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const isSafe = request.method === 'GET' || request.method === 'HEAD';
    let wait = backOff;
    try {
      const response = await exchange(session, request, signal);
      if (!isSafe || !worthASecondTry.has(response.status)) return response;
      const retryAt = readRetryAfter(response, clock);
      if (retryAt) wait = Math.max(0, Math.ceil(retryAt.since(clock.now()).total('milliseconds'))) + timerError;
      if (wait > longestWait) return response;
    } catch (error) {
      if (!isSafe || signal.aborted || error instanceof OciError || error instanceof TooLargeError) throw error;
      if (speaksNoTls(error)) throw error;
    }
    await clock.sleep(wait, signal);
    return exchange(session, request, signal);
  }

  // A function declaration, since the authenticator sends through it too.
  async function follow(session: Session, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    let current = request;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const response = await exchangeTwice(session, current, signal);
      if (!redirects.has(response.status)) return response;
      current = redirected(session, current, response);
    }
    throw redirectRefused(session, request.url, `redirects more than ${mostRedirects} times`);
  }

  async function authenticated(session: Session, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    // An upload may be sent elsewhere; who is there has no claim to the credentials.
    const isOurs = request.url.origin === session.origin;
    const prepared = isOurs ? await authenticator.prepare(session, signal) : undefined;
    if (prepared !== undefined) session.shown.add(prepared);
    const response = await follow(session, withAuthorization(request, prepared), signal);
    if (response.status !== 401 || response.url.origin !== session.origin) return response;
    const challenges = parseChallenges(response.headers('www-authenticate'));
    if (challenges.length === 0) return response;
    const answer = await authenticator.answer(session, challenges, prepared, signal);
    session.shown.add(answer);
    return follow(session, withAuthorization(request, answer), signal);
  }

  async function sendTo(scheme: Scheme, request: RegistryRequest, signal: AbortSignal): Promise<HttpResponse> {
    const { name, access, reference } = request;
    const origin = new URL(`${scheme}://${apiHost(name.registry)}`).origin;
    const scopes = request.scopes ?? [pullScope(name)];
    const shown = new Set<string>();
    const session: Session = { origin, access, reference, scopes, fingerprint: fingerprint(access), shown };
    const url =
      typeof request.path === 'string' ? new URL(`/v2/${name.repository}/${request.path}`, origin) : request.path;
    const response = await authenticated(
      session,
      {
        method: request.method,
        url,
        headers: request.headers ?? {},
        maxBytes: request.maxBytes ?? defaultAnswer,
        ...(request.body && { body: request.body }),
        ...(request.timeout === undefined ? {} : { timeout: request.timeout }),
      },
      signal,
    );
    if (response.status >= 400) throw refusal(reference, reference, response, access, clock, shown);
    return response;
  }

  return {
    clock,
    async send(request, signal) {
      const host = apiHost(request.name.registry);
      const possible = schemesFor(host, request.access);
      const known = schemes.get(host);
      const order = known !== undefined && possible.includes(known) ? [known] : possible;
      let failure: unknown;
      for (const scheme of order) {
        try {
          const response = await sendTo(scheme, request, signal);
          if (possible.length > 1) schemes.set(host, scheme);
          return response;
        } catch (error) {
          failure = error;
          if (error instanceof OciError || !speaksNoTls(error)) break;
          schemes.delete(host);
        }
      }
      throw unreachable(request.reference, request.reference, host, failure);
    },
    close: () => http.close(),
  };
}

/** https://distribution.github.io/distribution/spec/auth/scope/ */
export function pullScope(name: RepositoryName): string {
  return `repository:${name.repository}:pull`;
}

function withAuthorization(request: HttpRequest, authorization: string | undefined): HttpRequest {
  if (authorization === undefined) return request;
  return { ...request, headers: { ...request.headers, authorization } };
}

function redirected(session: Session, request: HttpRequest, response: HttpResponse): HttpRequest {
  const from = request.url;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw redirectRefused(session, from, `redirects a ${request.method}`);
  }
  const location = response.headers('location')[0] ?? '';
  const url = location === '' ? undefined : URL.parse(location, from.href);
  if (!url || !/^https?:$/.test(url.protocol)) throw redirectRefused(session, from, 'redirects to no address');
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw redirectRefused(session, from, `redirects to ${url.host} without TLS`);
  }
  if (url.origin === from.origin) return { ...request, url };
  const headers = Object.entries(request.headers).filter(([header]) => header !== 'authorization');
  return { ...request, url, headers: Object.fromEntries(headers) };
}

function redirectRefused(session: Session, from: URL, fault: string): OciError {
  const message = `${session.reference}: ${from.host} ${fault}; use the address that it leads to`;
  return new OciError('KBK_OCI_REDIRECT_REFUSED', session.reference, message, { retryable: false });
}

function stillPaused(session: Session, request: HttpRequest, retryAt: Temporal.Instant): OciError {
  const message = `${session.reference}: ${request.url.host} asked to be left alone until ${retryAt.toString()}; it is asked again then`;
  return new OciError('KBK_OCI_RATE_LIMITED', session.reference, message, { retryable: true, retryAt });
}
