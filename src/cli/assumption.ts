/** `--if` and `--for` of a forecast, as a person writes them. */
import { parseDuration } from '../api/duration.ts';
import { InvalidValueError } from '../api/errors.ts';
import { parseTag } from '../api/tag.ts';
import type { Assumption } from '../core/forecast/assumptions.ts';
import { usageError } from './errors.ts';

const forms = 'approve GATE, open GATE, push TAG, deploy TAG, force TAG, rollback [TAG], pin TAG, unpin, unfreeze NAME';

/** @throws CliError for what is no assumption, InvalidValueError for what is no tag */
export function parseAssumption(text: string): Assumption {
  const [verb = '', object, ...more] = text.trim().split(/\s+/);
  const fault = usageError(`"${text}" is nothing that can be assumed`, `write one of: ${forms}`);
  if (more.length > 0) throw fault;
  if (object === undefined) {
    if (verb === 'unpin') return { if: verb };
    if (verb === 'rollback') return { if: verb, tag: undefined };
    throw fault;
  }
  switch (verb) {
    case 'approve':
    case 'open':
      return { if: verb, gate: object };
    case 'unfreeze':
      return { if: verb, name: object };
    case 'push':
    case 'pin':
    case 'deploy':
    case 'force':
    case 'rollback':
      return { if: verb, tag: parseTag(object) };
    default:
      throw fault;
  }
}

const longest = { days: 366 } as const;

/** A Go duration, or whole days and weeks: `36h`, `7d`, `2w`. At most a year. @throws CliError */
export function parseSpan(text: string): Temporal.Duration {
  const fault = usageError(`--for is "${text}"`, 'write a span of up to a year: 90m, 36h, 7d, 4w');
  const [, count, unit] = /^(\d{1,3})(d|w)$/.exec(text) ?? [];
  const hours = Number(count) * (unit === 'w' ? 7 * 24 : 24);
  const span = count === undefined ? goDuration(text) : Temporal.Duration.from({ hours });
  const limit = Temporal.Duration.from({ hours: longest.days * 24 });
  if (span === undefined || span.sign <= 0 || Temporal.Duration.compare(span, limit) > 0) throw fault;
  return span;
}

function goDuration(text: string): Temporal.Duration | undefined {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof InvalidValueError) return undefined;
    throw error;
  }
}
