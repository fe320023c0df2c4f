/** `--health-check-hosts`: what the controllers may call on behalf of health checks. */
import type { Option } from 'commander';
import type { HostList } from '../integrations/http/allowed-hosts.ts';
import { environmentOption, type Flags, listFlag } from './flags.ts';
import { hostPattern } from './http-gate-hosts.ts';

/** In the list: every host but this machine and its link. */
const others = '*';

export function healthCheckHostsOption(): Option {
  const description = 'hosts that health checks may call; * is every host but loopback and link-local addresses';
  const option = environmentOption('--health-check-hosts <list>', `${description}, separated by commas`);
  return option.default(others);
}

/** @throws CliError for what is no host. */
export function healthCheckHostsFlag(flags: Flags): HostList {
  const texts = listFlag(flags, 'healthCheckHosts');
  const listed = texts.filter((text) => text !== others).map((text) => hostPattern('--health-check-hosts', text));
  return { listed, others: texts.length === 0 || texts.includes(others) };
}
