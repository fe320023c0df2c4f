/** The options that every verb has. */
import { type Command, Option } from 'commander';
import { parseDuration } from '../../api/duration.ts';
import { usageError } from '../errors.ts';
import { connectionOptions, type Flags, impersonationOptions, namespaceOption, outputOption } from '../flags.ts';

const longestWait = '10m';

export function verbOptions(command: Command): Command {
  command
    .option('-y, --yes', 'do not ask, even on a terminal')
    .addOption(new Option('--dry-run <mode>', 'let the API server check it, and change nothing').choices(['server']))
    .addOption(outputOption(['table', 'json', 'yaml']));
  return impersonationOptions(connectionOptions(command));
}

export function namespacedVerbOptions(command: Command): Command {
  return verbOptions(namespaceOption(command));
}

export function waitOption(command: Command, what: string): Command {
  return command.option('--wait [duration]', `wait until ${what} (at most ${longestWait}, or as long as it says)`);
}

export function messageOption(command: Command, what = 'why, for the history'): Command {
  return command.option('-m, --message <text>', what);
}

/** Undefined: it is not waited for. @throws CliError for what is no duration */
export function waitFlag(flags: Flags): Temporal.Duration | undefined {
  const value = flags.wait;
  if (value === undefined || value === false) return undefined;
  const text = typeof value === 'string' && value !== '' ? value : longestWait;
  const duration = parseSpan(text);
  if (duration.sign > 0) return duration;
  throw usageError(`--wait=${text} is no time to wait`, 'write for example --wait=30m');
}

/** A duration as resources write it, or days: `7d`. @throws CliError InvalidValueError */
export function parseSpan(text: string): Temporal.Duration {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  return days === undefined ? parseDuration(text) : Temporal.Duration.from({ hours: Number(days) * 24 });
}
