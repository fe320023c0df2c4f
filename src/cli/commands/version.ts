/** `kuberik version`. */
import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { flagsOf, outputFlag, outputOption } from '../flags.ts';
import { renderData } from '../output.ts';
import { version } from '../version.ts';

export function versionCommand({ out }: CliContext): Command {
  return new Command('version')
    .description('Print which Kuberik this is')
    .addOption(outputOption(['table', 'json', 'yaml']))
    .action((_options, command: Command) => {
      const data = { version, node: process.versions.node };
      out(renderData(data, outputFlag(flagsOf(command))) ?? `kuberik ${data.version} (Node ${data.node})\n`);
    });
}
