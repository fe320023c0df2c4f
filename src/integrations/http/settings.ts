/** From `spec.http` to what is asked, how long that may take, and when it is asked again. */
import { parseDuration } from '../../api/duration.ts';
import { InvalidValueError } from '../../api/errors.ts';
import { GateConditionReason, type GateHttp } from '../../api/rollout-gate.ts';
import type { AllowedHosts } from './allowed-hosts.ts';
import { compileSuccess, type Success } from './success.ts';

export interface HttpSettings {
  readonly url: URL;
  /** For people: neither credentials nor the query. */
  readonly where: string;
  readonly method: NonNullable<GateHttp['method']>;
  /** Milliseconds for the whole exchange, redirects included. */
  readonly timeout: number;
  /** After which a refusal or a failure is asked again. */
  readonly interval: Temporal.Duration;
  readonly success: Success;
}

export interface SettingsFault {
  readonly reason: typeof GateConditionReason.InvalidSpec | typeof GateConditionReason.HostNotAllowed;
  readonly message: string;
}

const longestTimeout = 60_000;
const shortestWait = Temporal.Duration.from({ seconds: 10 });
const longestWait = Temporal.Duration.from({ hours: 24 });

export function readSettings(http: GateHttp, hosts: AllowedHosts): HttpSettings | SettingsFault {
  const url = URL.parse(http.url);
  if (url === null || !/^https?:$/.test(url.protocol))
    return invalid('url is no URL such as https://api.example.com/check');
  if (url.username !== '' || url.password !== '') {
    return invalid('url carries credentials: put them into the Secret that headersSecretRef names');
  }
  if (!hosts.allows(url)) {
    const message = `the controller may not call ${url.host}: whoever runs it adds the host to --http-gate-hosts`;
    return { reason: GateConditionReason.HostNotAllowed, message };
  }
  const timeout = readDuration('timeout', http.timeout ?? '10s');
  if (typeof timeout === 'string') return invalid(timeout);
  const interval = readDuration('interval', http.interval ?? '1m');
  if (typeof interval === 'string') return invalid(interval);
  if (timeout.sign <= 0) return invalid('timeout is nothing: write for example 10s');
  const success = compileSuccess(http.success);
  if (typeof success === 'string') return invalid(`success is no CEL expression over status and body: ${success}`);
  return {
    url,
    where: shownUrl(url),
    method: http.method ?? 'POST',
    timeout: Math.min(timeout.total('milliseconds'), longestTimeout),
    interval: boundedWait(interval),
    success,
  };
}

/** Nobody is asked more often than every ten seconds, or forgotten for more than a day. */
export function boundedWait(wait: Temporal.Duration): Temporal.Duration {
  if (Temporal.Duration.compare(wait, shortestWait) < 0) return shortestWait;
  return Temporal.Duration.compare(wait, longestWait) > 0 ? longestWait : wait;
}

/** Where it leads, without what may be secret. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`.slice(0, 300);
}

function readDuration(name: string, text: string): Temporal.Duration | string {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof InvalidValueError) return `${name}: ${error.message}`;
    throw error;
  }
}

function invalid(fault: string): SettingsFault {
  return { reason: GateConditionReason.InvalidSpec, message: `spec.http: ${fault}` };
}
