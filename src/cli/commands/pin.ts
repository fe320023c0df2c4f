/** `kuberik pin` and `kuberik unpin`. */
import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { flagsOf, textFlag } from '../flags.ts';
import { planPin, planUnpin } from '../operations/pin.ts';
import { lookAt } from '../verbs/look.ts';
import { runVerb } from '../verbs/verb.ts';
import { messageOption, namespacedVerbOptions, waitOption } from '../verbs/verb-flags.ts';

const examples = `
Examples:
  kuberik pin my-app v1.2.0 -m "until the migration is over"
  kuberik unpin my-app`;

export function pinCommand(context: CliContext): Command {
  const command = new Command('pin')
    .description('Deploy a version now and keep it until it is unpinned (spec.wantedVersion)')
    .argument('<rollout>', 'name of the Rollout')
    .argument('<version>', 'a tag, or the digest of one')
    .addHelpText('after', examples)
    .action(async (name: string, version: string, _options, self: Command) => {
      const flags = flagsOf(self);
      await runVerb(context, flags, async (link) => {
        const facts = await lookAt(context, link, { namespace: link.namespace, name }, version);
        return { facts, plan: planPin(facts, version, textFlag(flags, 'message')) };
      });
    });
  return namespacedVerbOptions(waitOption(messageOption(command), 'it is deployed and its bake has ended'));
}

export function unpinCommand(context: CliContext): Command {
  const command = new Command('unpin')
    .description('Remove the pin, so that automation goes on')
    .argument('<rollout>', 'name of the Rollout')
    .action(async (name: string, _options, self: Command) => {
      await runVerb(context, flagsOf(self), async (link) => {
        const facts = await lookAt(context, link, { namespace: link.namespace, name });
        return { facts, plan: planUnpin(facts) };
      });
    });
  return namespacedVerbOptions(waitOption(command, 'the controller has seen it'));
}
