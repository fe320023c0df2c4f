/** What a service's answer says of a version: allowed, refused, or nothing that can be used. */
import { parseDuration } from '../../api/duration.ts';
import { isRecord } from '../../api/json.ts';
import type { Clock } from '../../kube/clock.ts';
import { readRetryAfter } from '../../oci/fault.ts';
import type { HttpResponse } from '../../oci/http.ts';
import type { HttpAnswer, Success } from './success.ts';

export interface Outcome {
  /** Absent: the service has not said. */
  readonly allowed?: boolean;
  /** The service's words as they came, or why there is no answer. */
  readonly message?: string;
  /** After which the service wants to be asked again. */
  readonly retryAfter?: Temporal.Duration;
}

const longestMessage = 512;
const longestWait = Temporal.Duration.from({ hours: 24 });

/** Every status that the service has no hand in: too busy, or broken. */
function isFailure(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

export function outcomeOf(response: HttpResponse, success: Success, clock: Clock): Outcome {
  const answer = readAnswer(response);
  const later = retryAfter(answer.body, response, clock);
  if (isFailure(response.status)) return { message: `it answered ${response.status}`, ...later };
  const allowed = success(answer);
  if (typeof allowed === 'string') return { message: `it answered ${response.status}, and ${allowed}`, ...later };
  const said = isRecord(answer.body) && typeof answer.body.message === 'string' ? answer.body.message.trim() : '';
  const message = said === '' && !allowed ? `it answered ${response.status}` : said;
  return { allowed, ...(message === '' ? {} : { message }), ...later };
}

/** One line without control characters, of which a terminal might make anything. */
export function cleaned(text: string): string {
  return text
    .slice(0, longestMessage * 8)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, longestMessage)
    .toWellFormed();
}

/** What came, as JSON if it is any. */
export function readAnswer({ status, body }: HttpResponse): HttpAnswer {
  const text = body.toString('utf8').trim();
  if (text === '') return { status, body: null, isGarbage: false };
  try {
    const parsed: unknown = JSON.parse(text);
    return { status, body: parsed, isGarbage: false };
  } catch {
    return { status, body: null, isGarbage: true };
  }
}

/** The body knows better than the header; what cannot be read counts as not said. */
function retryAfter(body: unknown, response: HttpResponse, clock: Clock): Pick<Outcome, 'retryAfter'> {
  const said = isRecord(body) ? readWait(body.retryAfter) : undefined;
  if (said !== undefined) return { retryAfter: said };
  const instant = readRetryAfter(response, clock, longestWait);
  return instant === undefined ? {} : { retryAfter: instant.since(clock.now()) };
}

function readWait(value: unknown): Temporal.Duration | undefined {
  if (typeof value === 'number' && value >= 0) {
    return Temporal.Duration.from({ seconds: Math.ceil(Math.min(value, longestWait.total('seconds'))) });
  }
  if (typeof value !== 'string') return undefined;
  try {
    return parseDuration(/^\d+$/.test(value) ? `${value}s` : value);
  } catch {
    return undefined;
  }
}
