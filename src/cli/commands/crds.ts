/** `kuberik crds`: the definitions of Kuberik's resources, ready for `kubectl apply`. */
import { Command } from 'commander';
import { crdObjects } from '../../api/crds.ts';
import type { CliContext } from '../context.ts';
import { flagsOf, outputOption, textFlag } from '../flags.ts';
import { renderData } from '../output.ts';

const examples = `
Examples:
  kuberik crds | kubectl apply --server-side -f -    install or update them`;

export function crdsCommand({ out }: CliContext): Command {
  return new Command('crds')
    .description('Print the definitions of the Kuberik resources (CustomResourceDefinitions)')
    .addOption(outputOption(['yaml', 'json']).default('yaml'))
    .addHelpText('after', examples)
    .action((_options, command: Command) => {
      const definitions = crdObjects();
      const list = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: definitions };
      const json = textFlag(flagsOf(command), 'output') === 'json' ? renderData(list, 'json') : undefined;
      out(json ?? definitions.map((definition) => renderData(definition, 'yaml') ?? '').join('---\n'));
    });
}
