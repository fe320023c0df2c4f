/**
 * Answers a registry's challenge with basic or bearer authentication:
 * https://distribution.github.io/distribution/spec/auth/token/ and https://distribution.github.io/distribution/spec/auth/oauth/
 */
import type { Clock } from '../kube/clock.ts';
import type { Challenge } from './challenge.ts';
import { OciError } from './errors.ts';
import { refusal } from './fault.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { parseObject, text } from './json.ts';
import { createRecentMap } from './recent-map.ts';
import type { Access } from './registry.ts';
import { createSharedFlight } from './shared-flight.ts';

/** Who speaks with whom about what. */
export interface Session {
  /** `https://host[:port]` of the registry. */
  readonly origin: string;
  readonly access: Access;
  /** Of the access: what one of them obtained, no other may use. */
  readonly fingerprint: string;
  /** For messages. */
  readonly reference: string;
  /** For example `repository:me/app:pull`. */
  readonly scopes: readonly string[];
  /** Headers that the registry was shown: what it says is told without them. */
  readonly shown: Set<string>;
}

export interface Authenticator {
  /** The `Authorization` header that the registry is known to want; undefined when it was never asked. */
  prepare(session: Session, signal: AbortSignal): Promise<string | undefined>;
  /** The header that answers a 401 to a request that carried `refused`. @throws OciError */
  answer(
    session: Session,
    challenges: readonly Challenge[],
    refused: string | undefined,
    signal: AbortSignal,
  ): Promise<string>;
}

/** Sends a request to a token endpoint; its credentials stay with that host. */
type Send = (session: Session, request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

interface BearerRealm {
  readonly realm: URL;
  readonly service: string | undefined;
}

interface Token {
  readonly value: string;
  readonly validUntil: Temporal.Instant;
}

const mostTokens = 10_000;
const largestAnswer = 256 * 1024;
// "For compatibility with older clients, a token without `expires_in` lives 60 seconds."
const defaultLifetime = 60;
const longestLifetime = 24 * 60 * 60;

export function createAuthenticator(clock: Clock, send: Send): Authenticator {
  const tokens = createRecentMap<Token>(mostTokens);
  const realms = createRecentMap<BearerRealm | 'basic'>(mostTokens);
  const flights = createSharedFlight<Token>();

  function currentToken(session: Session): string | undefined {
    const token = tokens.get(tokenKey(session));
    if (!token || Temporal.Instant.compare(clock.now(), token.validUntil) >= 0) return undefined;
    return `Bearer ${token.value}`;
  }

  async function bearer(session: Session, target: BearerRealm, scopes: readonly string[], signal: AbortSignal) {
    const key = tokenKey(session);
    const token = await flights.join(key, signal, (shared) => fetchToken(session, target, scopes, shared));
    tokens.set(key, token);
    return `Bearer ${token.value}`;
  }

  async function fetchToken(session: Session, target: BearerRealm, scopes: readonly string[], signal: AbortSignal) {
    const response = await send(session, tokenRequest(session, target, scopes), signal);
    const subject = `${session.reference}: token from ${target.realm.host}`;
    // The endpoint's own 404 says nothing about the image.
    if (response.status === 404) throw unauthorized(session, `names ${target.realm.host} for tokens, which has none`);
    if (response.status >= 300) throw refusal(subject, session.reference, response, session.access, clock);
    return readToken(session, target, response, clock.now());
  }

  return {
    async prepare(session, signal) {
      const { credentials } = session.access;
      if (credentials?.registryToken !== undefined) return `Bearer ${credentials.registryToken}`;
      const cached = currentToken(session);
      if (cached !== undefined) return cached;
      const known = realms.get(realmKey(session));
      if (known === undefined) return undefined;
      return known === 'basic' ? basic(session) : bearer(session, known, session.scopes, signal);
    },

    async answer(session, challenges, refused, signal) {
      // Another request may have got a newer token in the meantime.
      const cached = currentToken(session);
      if (cached !== undefined && cached !== refused) return cached;
      tokens.delete(tokenKey(session));
      if (session.access.credentials?.registryToken !== undefined)
        throw unauthorized(session, 'refused the registry token');
      const target = findRealm(session, challenges);
      if (target) {
        const asked = challenges.find((challenge) => challenge.scheme === 'bearer')?.parameters.get('scope') ?? '';
        const scopes = new Set([...session.scopes, ...asked.split(' ').filter((scope) => scope !== '')]);
        const header = await bearer(session, target, [...scopes], signal);
        realms.set(realmKey(session), target);
        return header;
      }
      if (!challenges.some((challenge) => challenge.scheme === 'basic')) {
        throw unauthorized(session, 'asks for an authentication that is neither basic nor bearer');
      }
      const header = basic(session);
      if (header === undefined) throw unauthorized(session, 'asks for a user and a password');
      realms.set(realmKey(session), 'basic');
      return header;
    },
  };
}

function tokenKey(session: Session): string {
  return [session.origin, session.fingerprint, ...session.scopes].join('\n');
}

function realmKey(session: Session): string {
  return [session.origin, session.fingerprint].join('\n');
}

function basic({ access: { credentials } }: Session): string | undefined {
  if (credentials?.username === undefined || credentials.password === undefined) return undefined;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
}

function findRealm(session: Session, challenges: readonly Challenge[]): BearerRealm | undefined {
  const challenge = challenges.find(({ scheme }) => scheme === 'bearer');
  if (!challenge) return undefined;
  const realm = URL.parse(challenge.parameters.get('realm') ?? '');
  if (!realm || !/^https?:$/.test(realm.protocol))
    throw unauthorized(session, 'names a token endpoint that is not a URL');
  if (session.origin.startsWith('https:') && realm.protocol === 'http:') {
    throw unauthorized(session, 'names a token endpoint without TLS');
  }
  // A user name in the address would be sent as a credential of its own.
  realm.username = '';
  realm.password = '';
  realm.hash = '';
  return { realm, service: challenge.parameters.get('service') };
}

function tokenRequest(session: Session, { realm, service }: BearerRealm, scopes: readonly string[]): HttpRequest {
  const identityToken = session.access.credentials?.identityToken;
  const shared = { maxBytes: largestAnswer };
  if (identityToken !== undefined) {
    const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'kuberik' });
    if (service !== undefined) form.set('service', service);
    form.set('scope', scopes.join(' '));
    form.set('refresh_token', identityToken);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    return { ...shared, method: 'POST', url: realm, headers, body: Buffer.from(form.toString()) };
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const authorization = basic(session);
  const headers = { accept: 'application/json', ...(authorization === undefined ? {} : { authorization }) };
  return { ...shared, method: 'GET', url, headers };
}

function readToken(session: Session, target: BearerRealm, response: HttpResponse, now: Temporal.Instant): Token {
  const answer = parseObject(response.body.toString('utf8'));
  const value = text(answer?.token) ?? text(answer?.access_token);
  // It becomes a header, so nothing that could end one.
  if (value === undefined || !/^[\x21-\x7e]+$/.test(value)) {
    const message = `${session.reference}: ${target.realm.host} answered without a token; check that it is a token endpoint`;
    throw new OciError('KBK_OCI_INVALID_RESPONSE', session.reference, message, { retryable: true });
  }
  const said = answer?.expires_in;
  const lifetime = typeof said === 'number' && said > 0 ? Math.min(said, longestLifetime) : defaultLifetime;
  // A tenth early: it has to arrive while it is still valid.
  return { value, validUntil: now.add({ milliseconds: Math.floor(lifetime * 900) }) };
}

function unauthorized(session: Session, fault: string): OciError {
  const message = `${session.reference}: ${new URL(session.origin).host} ${fault}; check the registry's credentials`;
  return new OciError('KBK_OCI_UNAUTHORIZED', session.reference, message, { retryable: false });
}
