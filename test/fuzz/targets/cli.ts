/** What people write on a command line, and texts of others that are shown to them. */
import { isDeepStrictEqual } from 'node:util';
import { InvalidValueError } from '../../../src/api/errors.ts';
import { ageSince, formatMoment, readInstant } from '../../../src/cli/age.ts';
import { parseAssumption, parseSpan } from '../../../src/cli/assumption.ts';
import { CliError } from '../../../src/cli/errors.ts';
import { countFlag, listFlag, portFlag, switchFlag } from '../../../src/cli/flags.ts';
import { oneLine } from '../../../src/cli/paint.ts';
import { wrap } from '../../../src/cli/text.ts';
import { formatBindAddress, parseBindAddress } from '../../../src/server/address.ts';
import { ServerError } from '../../../src/server/errors.ts';
import { holds, lines, type Target } from '../engine/target.ts';

const isUsage = (error: unknown): boolean =>
  error instanceof CliError || error instanceof InvalidValueError || error instanceof ServerError;

const assumption: Target = {
  name: 'assumption',
  refuses: isUsage,
  run(input) {
    const parsed = parseAssumption(input);
    holds('it has a verb', parsed.if.length > 0);
  },
};

const span: Target = {
  name: 'span',
  refuses: isUsage,
  run(input) {
    const hours = parseSpan(input).total('hours');
    holds('it is up to a year', hours > 0 && hours <= 366 * 24);
  },
};

const flags: Target = {
  name: 'flags',
  refuses: isUsage,
  run(input) {
    const [name = '', value = ''] = lines(input, 1);
    const given = { value };
    if (name === 'list') for (const part of listFlag(given, 'value')) holds('a part is not empty', part.trim() !== '');
    if (name === 'count') holds('it is a count', (countFlag(given, 'value') ?? 1) >= 1);
    if (name === 'port') holds('it is a port', (portFlag(given, 'value') ?? 0) <= 65_535);
    if (name === 'switch') switchFlag(given, 'value');
    if (name === 'address') {
      const address = parseBindAddress(value);
      if (address === undefined) return;
      holds('what is printed is read', isDeepStrictEqual(parseBindAddress(formatBindAddress(address)), address));
    }
  },
};

const now = Temporal.Instant.from('2026-11-21T12:00:00Z');

const age: Target = {
  name: 'age',
  run(input) {
    holds('it is a word', /^(<unknown>|\d+[smhdy](\d+[smhd])?)$/.test(ageSince(input, now)));
    const instant = readInstant(input);
    if (instant !== undefined) for (const zone of ['UTC', 'Pacific/Kiritimati']) formatMoment(instant, { now, zone });
  },
};

const text: Target = {
  name: 'shown-text',
  run(input) {
    const line = oneLine(input);
    // Of a terminal's own language nothing may be left.
    holds('it is one line without control characters', !/[\p{Cc}]/u.test(line));
    holds('no word is lost', wrap(line, 40).join(' ').replaceAll(' ', '') === line.replaceAll(' ', ''));
  },
};

export const cliTargets: readonly Target[] = [assumption, span, flags, age, text];
