/** Durations as Go writes them (`1h30m`, `1.5h`, `500ms`), the form of every duration in a resource. */
import Type from 'typebox';
import { InvalidValueError } from './errors.ts';

/** The subset of Go's durations that the CRDs accept: no sign, no days, units ms, s, m and h. */
export const DURATION_PATTERN = '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$';

const nanosecondsPer: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3, // U+00B5, micro sign
  μs: 1e3, // U+03BC, Greek mu
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

// https://pkg.go.dev/time#ParseDuration
const partExpression = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/**
 * Parses Go's `time.ParseDuration` grammar, sign included.
 * @throws InvalidValueError for anything else, and beyond Go's range of about 292 years.
 */
export function parseDuration(text: string): Temporal.Duration {
  const negative = text.startsWith('-');
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return new Temporal.Duration();
  let total = 0;
  let position = 0;
  while (position < body.length) {
    partExpression.lastIndex = position;
    const part = partExpression.exec(body);
    const [whole, number, unit] = part ?? [];
    if (whole === undefined || number === undefined || unit === undefined) throw invalidDuration(text);
    total += Number(number) * (nanosecondsPer[unit] ?? 0);
    position += whole.length;
  }
  if (body === '' || total > 2 ** 63) throw invalidDuration(text);
  const nanoseconds = Math.round(total) * (negative ? -1 : 1);
  return Temporal.Duration.from({
    milliseconds: Math.trunc(nanoseconds / 1e6),
    nanoseconds: nanoseconds % 1e6,
  }).round({ largestUnit: 'hours' });
}

function invalidDuration(text: string): InvalidValueError {
  return new InvalidValueError(
    'KBK_API_INVALID_DURATION',
    text,
    `"${text.slice(0, 200)}" is not a duration: write for example 30s, 5m, 1h30m or 1.5h (units ms, s, m, h)`,
  );
}

/** Prints a duration as Go does: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(duration: Temporal.Duration): string {
  const nanoseconds = duration.total('nanoseconds');
  if (nanoseconds === 0) return '0s';
  const sign = nanoseconds < 0 ? '-' : '';
  const rest = Math.abs(nanoseconds);
  if (rest < 1e3) return `${sign}${rest}ns`;
  if (rest < 1e6) return `${sign}${rest / 1e3}µs`;
  if (rest < 1e9) return `${sign}${rest / 1e6}ms`;
  const hours = Math.floor(rest / 3600e9);
  const minutes = Math.floor((rest % 3600e9) / 60e9);
  const seconds = Math.round(rest % 60e9) / 1e9;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}

/** A duration field of a resource. */
export const DurationSchema = (description: string) => Type.String({ description, pattern: DURATION_PATTERN });
