/** `--http-gate-hosts`: what the controllers may call on behalf of gates of class `http`. */
import type { Option } from 'commander';
import { type HostPattern, parseHostPattern } from '../integrations/http/allowed-hosts.ts';
import { usageError } from './errors.ts';
import { environmentOption, type Flags, listFlag } from './flags.ts';

export function httpGateHostsOption(): Option {
  const description = 'hosts that gates of class http may call, such as api.example.com or *.example.com:8443';
  return environmentOption('--http-gate-hosts <list>', `${description}, separated by commas`);
}

/** @throws CliError for what is no host. */
export function httpGateHostsFlag(flags: Flags): readonly HostPattern[] {
  return listFlag(flags, 'httpGateHosts').map((text) => hostPattern('--http-gate-hosts', text));
}

/** @throws CliError for what is no host. */
export function hostPattern(flag: string, text: string): HostPattern {
  const pattern = parseHostPattern(text);
  if (pattern !== undefined) return pattern;
  const remedy = 'write api.example.com, *.example.com or an address, each with a :port if you like';
  throw usageError(`${flag}: "${text}" is no host`, remedy);
}
