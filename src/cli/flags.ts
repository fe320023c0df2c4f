/** Options as they come from the command line: read by name and type, since commander hands out anything. */
import { type Command, Option } from 'commander';
import { FailurePolicy } from '../api/rollout.ts';
import { usageError } from './errors.ts';
import { type LogLevel, logLevels } from './log.ts';
import { type OutputFormat, outputFormats, parseOutput } from './output.ts';

export type Flags = Readonly<Record<string, unknown>>;

/** The options of a command and of those above it. */
export function flagsOf(command: Command): Flags {
  return command.optsWithGlobals();
}

/** Undefined when it was not given, or was empty. */
export function textFlag(flags: Flags, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * On when it was given bare or as `true`; `false` is how an environment variable switches it off.
 * @throws CliError for any other value.
 */
export function switchFlag(flags: Flags, name: string): boolean {
  const value = flags[name];
  if (value === undefined || value === false || value === 'false') return false;
  if (value === true || value === 'true') return true;
  throw usageError(`${name} is ${JSON.stringify(value)}`, 'write true or false');
}

/** A comma-separated list; empty when it was not given. */
export function listFlag(flags: Flags, name: string): readonly string[] {
  const parts = (textFlag(flags, name) ?? '').split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

/** Of an option that can be given again; empty when it was not given. */
export function repeatedFlag(flags: Flags, name: string): readonly string[] {
  const value = flags[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** @throws CliError when it is no whole number of at least 1. */
export function countFlag(flags: Flags, name: string): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw usageError(`--${name} is "${text}"`, 'write a whole number of at least 1');
}

/** @throws CliError when it is no port. */
export function portFlag(flags: Flags, name: string): number | undefined {
  const text = textFlag(flags, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0 && value <= 65_535) return value;
  throw usageError(`"${text}" is no port`, 'write a number from 1 to 65535, or 0 for any free one');
}

/** @throws CliError for an unknown format. */
export function outputFlag(flags: Flags): OutputFormat {
  return parseOutput(textFlag(flags, 'output') ?? 'table');
}

/** Which cluster. */
export function connectionOptions(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'kubeconfig to use (default: KUBECONFIG, then ~/.kube/config, then the pod)')
    .option('--context <name>', 'context of the kubeconfig (default: the current one)');
}

/** On behalf of whom; whoever runs the command must be allowed to impersonate. */
export function impersonationOptions(command: Command): Command {
  return command
    .option('--as <user>', 'user to act as')
    .option('--as-group <group>', 'group to act as, can be given again', collect);
}

/** For an option that can be given again. @param before undefined the first time */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** Which namespace. */
export function namespaceOption(command: Command): Command {
  return command.option('-n, --namespace <name>', "namespace (default: the context's)");
}

export function outputOption(formats: readonly OutputFormat[] = outputFormats): Option {
  return new Option('-o, --output <format>', 'how to print').choices([...formats]).default('table');
}

/** A flag that can be an environment variable too: `--log-level` is `KUBERIK_LOG_LEVEL`. */
export function environmentOption(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.env(`KUBERIK_${option.name().toUpperCase().replaceAll('-', '_')}`);
}

/** For Rollouts that do not say themselves. */
export function failurePolicyOption(): Option {
  return environmentOption('--default-failure-policy <policy>', 'what a failed bake does, where a Rollout does not say')
    .choices([...FailurePolicy])
    .default('Rollback');
}

export function logLevelOption(standard: LogLevel): Option {
  return environmentOption('--log-level <level>', 'what is logged')
    .choices([...logLevels])
    .default(standard);
}

/** The value of an option with choices, as one of them; `otherwise` when it was not given. */
export function choiceFlag<T extends string>(flags: Flags, name: string, choices: readonly T[], otherwise: T): T {
  const text = textFlag(flags, name);
  return choices.find((known) => known === text) ?? otherwise;
}
