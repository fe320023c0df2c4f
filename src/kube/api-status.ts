/** Turns a refusal of the API server (`metav1.Status`) into an `ApiStatusError`. */
import { isRecord } from '../api/json.ts';
import { keyText } from '../api/meta.ts';
import { ApiStatusError, type Disposition, type RequestTarget } from './errors.ts';

export interface Refusal {
  readonly target: RequestTarget;
  readonly status: number;
  /** The parsed body, or its text when it is no JSON. */
  readonly body: unknown;
  /** `Retry-After` as sent: seconds or an HTTP date. */
  readonly retryAfter?: string;
  /** What is known here of the cause, and the remedy. */
  readonly complaint?: string;
  readonly now: Temporal.Instant;
}

// Waiting for longer than this is not believed: a proxy with a broken clock must not stop a controller for a day.
const longestRetryAfter = Temporal.Duration.from({ minutes: 10 });

export function refusalError(refusal: Refusal): ApiStatusError {
  const { status, target, body } = refusal;
  const reason =
    isRecord(body) && typeof body.reason === 'string' && body.reason !== '' ? body.reason : `Http${status}`;
  const said = isRecord(body) && typeof body.message === 'string' ? body.message : textOf(body);
  const complaint = refusal.complaint === undefined ? '' : `: ${refusal.complaint}`;
  const message = `${targetText(target)}: ${said || 'no message'} (${status} ${reason})${complaint}`;
  return new ApiStatusError(status, reason, message, target, disposition(refusal));
}

/** For messages: `get Widget default/a`, or `list Widget` for those of all namespaces. */
export function targetText({ verb, kind, key }: RequestTarget): string {
  return `${verb} ${kind} ${keyText(key)}`.trimEnd();
}

function disposition({ status, body, retryAfter, now }: Refusal): Disposition {
  if (status === 429 || status === 503) {
    const wait = retryAfterOf(retryAfter, body, now);
    if (wait !== undefined) return { kind: 'waitUntil', until: now.add(wait) };
  }
  // 422 Invalid and 400 BadRequest come back the same until what was sent, or the schema, changes.
  if (status === 400 || status === 405 || status === 415 || status === 422) return { kind: 'terminal' };
  return { kind: 'retryable' };
}

/** https://httpwg.org/specs/rfc9110.html#field.retry-after, or `details.retryAfterSeconds` of the Status. */
function retryAfterOf(header: string | undefined, body: unknown, now: Temporal.Instant): Temporal.Duration | undefined {
  const seconds = header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : dateSeconds(header, now);
  const details = isRecord(body) && isRecord(body.details) ? body.details.retryAfterSeconds : undefined;
  const wait = seconds ?? (typeof details === 'number' && details > 0 ? details : undefined);
  if (wait === undefined) return undefined;
  return Temporal.Duration.from({
    milliseconds: Math.round(Math.min(wait, longestRetryAfter.total('seconds')) * 1000),
  });
}

function dateSeconds(header: string | undefined, now: Temporal.Instant): number | undefined {
  const at = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.epochMilliseconds) / 1000);
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body.slice(0, 200) : '';
}
