/**
 * `kuberik explain rollout`: looks at the cluster as the controller does, decides as the controller does, writes nothing,
 * and says why. It needs no running controller.
 */
import { Argument, Command } from 'commander';
import { parseTag } from '../../api/tag.ts';
import { observeRollout } from '../../controllers/rollout/observe.ts';
import { decide } from '../../core/decide.ts';
import { withConnection } from '../connect.ts';
import type { CliContext } from '../context.ts';
import {
  connectionOptions,
  flagsOf,
  impersonationOptions,
  namespaceOption,
  outputFlag,
  outputOption,
  textFlag,
} from '../flags.ts';
import { lookAsController } from '../observation.ts';
import { renderData } from '../output.ts';
import { renderExplain } from '../views/explain.ts';
import { explanationData } from '../views/explanation-data.ts';

const examples = `
Examples:
  kuberik explain rollout my-app                     what it is doing, why it does not deploy, what happens next
  kuberik explain rollout my-app --version v1.4.0    why v1.4.0 is not deployed
  kuberik explain rollout my-app -o json             the same for other programs`;

export function explainCommand(context: CliContext): Command {
  const { clock, out, note, paint, width, zone } = context;
  const command = new Command('explain')
    .description('Say what a Rollout is doing, why it does not deploy, what would change that, and what happens next')
    .addArgument(new Argument('<kind>', 'what to explain').choices(['rollout']))
    .addArgument(new Argument('<name>', 'name of the Rollout'))
    .option('--version <tag>', 'why this version is not deployed (default: the newest)')
    .addOption(outputOption(['table', 'json', 'yaml']))
    .addHelpText('after', examples)
    .action(async (_kind: string, name: string, _options, self: Command) => {
      const flags = flagsOf(self);
      const text = textFlag(flags, 'version');
      const version = text === undefined ? undefined : parseTag(text);
      const { seen, unread } = await withConnection(flags, clock, ({ client, namespace }) =>
        lookAsController(context, client, { namespace, name }, version === undefined ? [] : [version], observeRollout),
      );
      for (const message of unread) note(`note: ${message}\n`);
      const { rollout, targets, releases } = seen;
      const explanation = {
        rollout,
        targets,
        plan: decide(seen, clock.now()),
        ...(version === undefined ? {} : { version, isInRegistry: releases.hasTag?.(version) }),
      };
      const data = renderData(explanationData(explanation), outputFlag(flags));
      out(data ?? renderExplain(explanation, { moment: { now: clock.now(), zone }, paint, width }));
    });
  return connectionOptions(impersonationOptions(namespaceOption(command)));
}
