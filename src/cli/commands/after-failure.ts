/** `kuberik retry`, `unblock`, `revoke` and `cancel`. */
import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { type Flags, flagsOf, textFlag } from '../flags.ts';
import { planRetry, planRevoke, planUnblock } from '../operations/after-failure.ts';
import { planCancel } from '../operations/cancel.ts';
import type { Facts } from '../operations/facts.ts';
import type { Plan } from '../operations/plan.ts';
import { lookAt } from '../verbs/look.ts';
import { runVerb } from '../verbs/verb.ts';
import { messageOption, namespacedVerbOptions, waitOption } from '../verbs/verb-flags.ts';

/** A verb that needs the name of a Rollout and nothing else. */
function rolloutVerb(
  context: CliContext,
  name: string,
  description: string,
  plan: (facts: Facts, flags: Flags) => Plan,
): Command {
  const command = new Command(name)
    .description(description)
    .argument('<rollout>', 'name of the Rollout')
    .action(async (rollout: string, _options, self: Command) => {
      const flags = flagsOf(self);
      await runVerb(context, flags, async (link) => {
        const facts = await lookAt(context, link, { namespace: link.namespace, name: rollout });
        return { facts, plan: plan(facts, flags) };
      });
    });
  return namespacedVerbOptions(command);
}

export function retryCommand(context: CliContext): Command {
  const command = rolloutVerb(context, 'retry', 'Start the bake of a failed deployment over', planRetry);
  return waitOption(command, 'the bake has ended');
}

export function unblockCommand(context: CliContext): Command {
  const what = 'Let automation go on after a failed bake';
  const command = rolloutVerb(context, 'unblock', what, (facts, flags) =>
    planUnblock(facts, textFlag(flags, 'message')),
  );
  return waitOption(messageOption(command), 'the next version is deployed and its bake has ended');
}

export function cancelCommand(context: CliContext): Command {
  const what = 'Take back what was asked of a Rollout and has not had its effect yet';
  return rolloutVerb(context, 'cancel', what, planCancel);
}

const revokeExamples = `
Examples:
  kuberik revoke my-app v1.4.0 -m "it loses orders"`;

export function revokeCommand(context: CliContext): Command {
  const command = new Command('revoke')
    .description('Keep a release from ever being selected automatically again')
    .argument('<rollout>', 'name of the Rollout')
    .argument('<version>', 'a tag, or the digest of one')
    .addHelpText('after', revokeExamples)
    .action(async (name: string, version: string, _options, self: Command) => {
      const flags = flagsOf(self);
      await runVerb(context, flags, async (link) => {
        const facts = await lookAt(context, link, { namespace: link.namespace, name });
        return { facts, plan: planRevoke(facts, version, textFlag(flags, 'message')) };
      });
    });
  return namespacedVerbOptions(waitOption(messageOption(command), 'the controller has taken note of it'));
}
