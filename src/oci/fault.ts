/** What a registry's refusal, or no answer at all, means to a caller. */

import { isRecord } from '../api/json.ts';
import type { Clock } from '../kube/clock.ts';
import { OciError } from './errors.ts';
import { type HttpResponse, TooLargeError } from './http.ts';
import { listAt, parseObject, text } from './json.ts';
import { redacted } from './redact.ts';
import type { Access } from './registry.ts';

const longestDetail = 200;
// A registry that wants more than this is asked again anyway.
const longestRetryAfter = Temporal.Duration.from({ hours: 1 });

/**
 * `subject` stands first in the message: what was asked for, or the token endpoint on its behalf.
 * @param shown further secrets that the answer may repeat: headers, tokens that were issued
 */
export function refusal(
  subject: string,
  reference: string,
  response: HttpResponse,
  access: Access,
  clock: Clock,
  shown: Iterable<string> = [],
): OciError {
  const { status } = response;
  const detail = explain(response, access, shown);
  const answered = `${subject}: ${response.url.host} answered ${status}${detail === '' ? '' : ` (${detail})`}`;
  const terminal = { retryable: false };
  if (status === 401 || status === 403) {
    const remedy = access.credentials ? 'check that the credentials may read it' : 'give credentials that may read it';
    return new OciError('KBK_OCI_UNAUTHORIZED', reference, `${answered}; ${remedy}`, terminal);
  }
  if (status === 404) {
    const message = `${answered}; push it, or correct the name`;
    return new OciError('KBK_OCI_NOT_FOUND', reference, message, terminal);
  }
  if (status === 429) {
    const message = `${answered}; it is asked again later, credentials often raise the limit`;
    return new OciError('KBK_OCI_RATE_LIMITED', reference, message, mayRetry(response, clock));
  }
  if (status === 408 || status >= 500) {
    const message = `${answered}; it is asked again later`;
    return new OciError('KBK_OCI_UNAVAILABLE', reference, message, mayRetry(response, clock));
  }
  const message = `${answered}; check that a registry serves this address`;
  return new OciError('KBK_OCI_INVALID_RESPONSE', reference, message, terminal);
}

/** No answer: refused, reset, untrusted, timed out or cancelled. */
export function unreachable(subject: string, reference: string, host: string, cause: unknown): OciError {
  if (cause instanceof OciError) return cause;
  if (cause instanceof TooLargeError) {
    const message = `${subject}: ${host} answered too much: ${cause.message}; check that a registry serves this address`;
    return new OciError('KBK_OCI_INVALID_RESPONSE', reference, message, { retryable: false, cause });
  }
  const fault = cause instanceof Error ? `${codeOf(cause)}${cause.message}` : 'unknown failure';
  const message = `${subject}: no answer from ${host}: ${fault.slice(0, longestDetail)}; check the address, the network and the certificate`;
  return new OciError('KBK_OCI_UNAVAILABLE', reference, message, { retryable: true, cause });
}

/** The code of a system or library error, also when a wrapper hides it; undefined when there is none. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return errorCode(error.cause);
}

/** The instant of `Retry-After`, in seconds or as a date, at most `longest` (default: an hour) from now. */
export function readRetryAfter(
  response: HttpResponse,
  clock: Clock,
  longest = longestRetryAfter,
): Temporal.Instant | undefined {
  const value = response.headers('retry-after')[0]?.trim();
  if (value === undefined || value === '') return undefined;
  const now = clock.now();
  const latest = now.add(longest);
  if (/^\d+$/.test(value)) {
    const seconds = Math.min(Number(value), longest.total('seconds'));
    return now.add({ seconds });
  }
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) return undefined;
  const instant = Temporal.Instant.fromEpochMilliseconds(milliseconds);
  return Temporal.Instant.compare(instant, latest) > 0 ? latest : instant;
}

function mayRetry(response: HttpResponse, clock: Clock): { retryable: true; retryAt?: Temporal.Instant } {
  const retryAt = readRetryAfter(response, clock);
  return retryAt === undefined ? { retryable: true } : { retryable: true, retryAt };
}

function codeOf(error: Error): string {
  const code = errorCode(error);
  return code === undefined || error.message.includes(code) ? '' : `${code} `;
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
function explain(response: HttpResponse, access: Access, shown: Iterable<string>): string {
  const [first] = listAt(parseObject(response.body.toString('utf8')) ?? {}, 'errors');
  if (!isRecord(first)) return '';
  const words = [text(first.code), text(first.message)].filter((word) => word !== undefined).join(': ');
  return redact(words, access, shown)
    .replace(/[^\x20-\x7e]/g, ' ')
    .slice(0, longestDetail);
}

// A registry may repeat in its answer what it was sent.
function redact(words: string, access: Access, shown: Iterable<string>): string {
  const { username = '', password, identityToken, registryToken } = access.credentials ?? {};
  const basic = password === undefined ? undefined : Buffer.from(`${username}:${password}`).toString('base64');
  const bare = [...shown].map((header) => header.replace(/^\S+ /, ''));
  const secrets = [basic, password, identityToken, registryToken, ...bare].filter((secret) => secret !== undefined);
  return redacted(words, secrets).replace(/\b(basic|bearer)\s+\S+/gi, '$1 ***');
}
