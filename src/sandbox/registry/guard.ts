/** Who may come in: basic authentication, or tokens from the registry's own endpoint. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../kube/clock.ts';
import { type Answer, type Call, json } from './exchange.ts';
import { Refusal } from './refusal.ts';

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
  /** A refresh token that the token endpoint takes in place of the password. */
  readonly identityToken?: string;
  /** What is asked for. Basic is understood in either case. Default `bearer`. */
  readonly scheme?: 'basic' | 'bearer';
}

export interface Guard {
  /** @throws Refusal 401 with a challenge */
  admit(call: Call, repository: string | undefined): void;
  /** `GET` or `POST /token`. @throws Refusal */
  issueToken(call: Call): Promise<Answer>;
}

const lifetime = 300;
const mostTokens = 10_000;
const service = 'sandbox-registry';
const largestForm = 16 * 1024;

interface Grant {
  readonly scopes: ReadonlySet<string>;
  readonly until: Temporal.Instant;
}

export function createGuard(credentials: RegistryCredentials, clock: Clock, url: () => string): Guard {
  const grants = new Map<string, Grant>();

  function challenge(scope: string | undefined): Refusal {
    const bearer = `Bearer realm="${url()}/token",service="${service}"${scope === undefined ? '' : `,scope="${scope}"`}`;
    const wanted = credentials.scheme === 'basic' ? `Basic realm="${service}"` : bearer;
    return new Refusal(401, 'UNAUTHORIZED', 'authentication is required', { 'www-authenticate': wanted });
  }

  function isBasic(authorization: string): boolean {
    const expected = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    return isEqual(authorization, `Basic ${expected}`);
  }

  function isGranted(authorization: string, scope: string | undefined): boolean {
    const grant = grants.get(authorization.replace(/^Bearer /, ''));
    if (!grant || Temporal.Instant.compare(clock.now(), grant.until) >= 0) return false;
    return scope === undefined || grant.scopes.has(scope);
  }

  function grant(scopes: readonly string[]): Answer {
    const token = randomBytes(24).toString('base64url');
    const single = scopes.flatMap((scope) => scope.split(' ')).flatMap(splitActions);
    grants.set(token, { scopes: new Set(single), until: clock.now().add({ seconds: lifetime }) });
    for (const oldest of grants.keys()) {
      if (grants.size <= mostTokens) break;
      grants.delete(oldest);
    }
    return json(200, { token, access_token: token, expires_in: lifetime, issued_at: clock.now().toString() });
  }

  return {
    admit(call, repository) {
      const action = call.method === 'GET' || call.method === 'HEAD' ? 'pull' : 'push';
      const scope = repository === undefined ? undefined : `repository:${repository}:${action}`;
      const authorization = call.header('authorization') ?? '';
      if (isBasic(authorization) || isGranted(authorization, scope)) return;
      throw challenge(action === 'push' && repository !== undefined ? `repository:${repository}:pull,push` : scope);
    },
    async issueToken(call) {
      if (call.method === 'GET' && isBasic(call.header('authorization') ?? '')) {
        return grant(call.url.searchParams.getAll('scope'));
      }
      if (call.method === 'POST') {
        const form = new URLSearchParams((await call.read(largestForm)).toString('utf8'));
        const isRefresh = isEqual(form.get('refresh_token') ?? '', credentials.identityToken);
        const isPassword =
          isEqual(form.get('username') ?? '', credentials.username) &&
          isEqual(form.get('password') ?? '', credentials.password);
        if (isRefresh || isPassword) return grant([form.get('scope') ?? '']);
      }
      throw new Refusal(401, 'UNAUTHORIZED', 'the user or the password is wrong');
    },
  };
}

function splitActions(scope: string): string[] {
  const colon = scope.lastIndexOf(':');
  return scope
    .slice(colon + 1)
    .split(',')
    .map((action) => `${scope.slice(0, colon)}:${action}`);
}

function isEqual(given: string, expected: string | undefined): boolean {
  if (expected === undefined || expected === '') return false;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}
