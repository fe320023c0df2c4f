/** `kuberik history`: what ran, when, why, and how it went. */
import { Command } from 'commander';
import { Rollout } from '../../api/rollout.ts';
import { withConnection } from '../connect.ts';
import type { CliContext } from '../context.ts';
import {
  connectionOptions,
  flagsOf,
  impersonationOptions,
  namespaceOption,
  outputFlag,
  outputOption,
} from '../flags.ts';
import { renderData } from '../output.ts';
import { createTable } from '../table.ts';
import { historyColumns } from '../views/history.ts';

const examples = `
Examples:
  kuberik history my-app            deployments, newest first
  kuberik history my-app -o wide    with revisions and digests`;

export function historyCommand(context: CliContext): Command {
  const { clock, out, note, paint, signal } = context;
  const command = new Command('history')
    .description('Show every deployment of a Rollout that is still recorded')
    .argument('<rollout>', 'name of the Rollout')
    .addOption(outputOption(['table', 'wide', 'json', 'yaml']))
    .addHelpText('after', examples)
    .action(async (name: string, _options, self: Command) => {
      const flags = flagsOf(self);
      const format = outputFlag(flags);
      const rollout = await withConnection(flags, clock, ({ client, namespace }) =>
        client.get(Rollout, { namespace, name }, { signal }),
      );
      const entries = rollout.status?.history ?? [];
      const data = renderData(entries, format);
      const table = createTable(
        historyColumns(() => clock.now()),
        format === 'wide',
        paint,
      );
      const lines = table.lines(entries).map((line) => `${line}\n`);
      if (data === undefined && lines.length === 0) note(`Nothing has been deployed by Rollout ${name} yet.\n`);
      out(data ?? lines.join(''));
    });
  return impersonationOptions(connectionOptions(namespaceOption(command)));
}
