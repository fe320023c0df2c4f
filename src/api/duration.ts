/** Durations as Go writes them (`1h30m`, `1.5h`, `500ms`), the form of every duration in a resource. */
import Type from 'typebox';
import { InvalidValueError } from './errors.ts';

/** The subset of Go's durations that the CRDs accept: no sign, no days, units ms, s, m and h. */
export const DURATION_PATTERN = '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$';

const nanosecondsPer: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // U+00B5, micro sign
  μs: 1_000n, // U+03BC, Greek mu
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Go counts nanoseconds in an int64: about 292 years. */
const LONGEST = 2n ** 63n - 1n;

// https://pkg.go.dev/time#ParseDuration
const partExpression = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;

/**
 * Parses Go's `time.ParseDuration` grammar, sign included, to the nanosecond.
 * @throws InvalidValueError for anything else, and beyond Go's range of about 292 years.
 */
export function parseDuration(text: string): Temporal.Duration {
  const negative = text.startsWith('-');
  const body = text.replace(/^[+-]/, '');
  if (body === '0') return new Temporal.Duration();
  let total = 0n;
  let position = 0;
  while (position < body.length) {
    partExpression.lastIndex = position;
    const part = partExpression.exec(body);
    const [whole, integer = '', fraction = '', unit = ''] = part ?? [];
    const factor = nanosecondsPer[unit];
    if (whole === undefined || factor === undefined || integer + fraction === '') throw invalidDuration(text);
    total += BigInt(integer) * factor + fractionOf(fraction, factor);
    if (total > LONGEST) throw tooLong(text);
    position += whole.length;
  }
  if (body === '') throw invalidDuration(text);
  const duration = Temporal.Duration.from({
    seconds: Number(total / 1_000_000_000n),
    nanoseconds: Number(total % 1_000_000_000n),
  }).round({ largestUnit: 'hours' });
  return negative ? duration.negated() : duration;
}

/** Undefined for what is none: whoever writes it must not stop a controller. */
export function durationOf(text: string | undefined): Temporal.Duration | undefined {
  if (text === undefined) return undefined;
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof InvalidValueError) return undefined;
    throw error;
  }
}

/** What is smaller than a nanosecond is cut off, as Go does; digits beyond the twentieth can only be that. */
function fractionOf(digits: string, factor: bigint): bigint {
  const kept = digits.slice(0, 20);
  return (BigInt(kept) * factor) / 10n ** BigInt(kept.length);
}

function tooLong(text: string): InvalidValueError {
  const message = `"${text.slice(0, 200)}" is longer than 292 years: write less than 2562047h`;
  return new InvalidValueError('KBK_API_INVALID_DURATION', text, message);
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
  if (duration.sign === 0) return '0s';
  const sign = duration.sign < 0 ? '-' : '';
  const parts = duration.abs().round({ largestUnit: 'hours' });
  const nanoseconds = parts.milliseconds * 1e6 + parts.microseconds * 1e3 + parts.nanoseconds;
  if (parts.hours + parts.minutes + parts.seconds === 0) return sign + formatSubSecond(nanoseconds);
  const seconds = `${decimal(parts.seconds, nanoseconds, 9)}s`;
  if (parts.hours > 0) return `${sign}${parts.hours}h${parts.minutes}m${seconds}`;
  return parts.minutes > 0 ? `${sign}${parts.minutes}m${seconds}` : sign + seconds;
}

function formatSubSecond(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${decimal(Math.floor(nanoseconds / 1e3), nanoseconds % 1e3, 3)}µs`;
  return `${decimal(Math.floor(nanoseconds / 1e6), nanoseconds % 1e6, 6)}ms`;
}

/** `fraction` counts units of 10^-digits. */
function decimal(integer: number, fraction: number, digits: number): string {
  return `${integer}.${String(fraction).padStart(digits, '0')}`.replace(/\.?0+$/, '');
}

/** A duration field of a resource. */
export const DurationSchema = (description: string) =>
  Type.String({ description: `${description} Units: \`ms\`, \`s\`, \`m\`, \`h\`.`, pattern: DURATION_PATTERN });
