/** `kuberik deploy` and `kuberik rollback`: a version of a person's choice. */
import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { usageError } from '../errors.ts';
import { flagsOf, switchFlag, textFlag } from '../flags.ts';
import { type DeployMode, planDeploy } from '../operations/deploy.ts';
import { planRollback } from '../operations/rollback.ts';
import { lookAt } from '../verbs/look.ts';
import { runVerb } from '../verbs/verb.ts';
import { messageOption, namespacedVerbOptions, waitOption } from '../verbs/verb-flags.ts';

const deployExamples = `
Examples:
  kuberik deploy my-app v1.4.0                            next, as soon as gates, freezes and health allow it
  kuberik deploy my-app v1.4.0 --through-gates -m hotfix  past the gates; freezes and health still count
  kuberik deploy my-app v1.4.0 --force --wait             now, past everything, and wait for the end of its bake`;

export function deployCommand(context: CliContext): Command {
  const command = new Command('deploy')
    .description('Deploy a version of your choice')
    .argument('<rollout>', 'name of the Rollout')
    .argument('<version>', 'a tag, or the digest of one')
    .option('--through-gates', 'past the gates; freezes and health checks still count')
    .option('--force', 'now, past gates, freezes and health checks')
    .addHelpText('after', deployExamples)
    .action(async (name: string, version: string, _options, self: Command) => {
      const flags = flagsOf(self);
      const message = textFlag(flags, 'message');
      const mode = modeOf(switchFlag(flags, 'throughGates'), switchFlag(flags, 'force'));
      await runVerb(context, flags, async (link) => {
        const facts = await lookAt(context, link, { namespace: link.namespace, name }, version);
        return { facts, plan: planDeploy(facts, version, mode, message) };
      });
    });
  return namespacedVerbOptions(waitOption(messageOption(command), 'it is deployed and its bake has ended'));
}

function modeOf(throughGates: boolean, force: boolean): DeployMode {
  if (throughGates && force) {
    throw usageError('--through-gates and --force contradict each other', '--force passes the gates, and all the rest');
  }
  if (force) return 'force';
  return throughGates ? 'through-gates' : 'plain';
}

const rollbackExamples = `
Examples:
  kuberik rollback my-app                   to the last version that was good here
  kuberik rollback my-app --to v1.2.0 -m "the checkout is broken"`;

export function rollbackCommand(context: CliContext): Command {
  const command = new Command('rollback')
    .description('Return now to a version that was good here, past gates, freezes and health checks')
    .argument('<rollout>', 'name of the Rollout')
    .option('--to <version>', 'a version that finished its bake here (default: the last good one before the present)')
    .addHelpText('after', rollbackExamples)
    .action(async (name: string, _options, self: Command) => {
      const flags = flagsOf(self);
      await runVerb(context, flags, async (link) => {
        const facts = await lookAt(context, link, { namespace: link.namespace, name });
        return { facts, plan: planRollback(facts, textFlag(flags, 'to'), textFlag(flags, 'message')) };
      });
    });
  return namespacedVerbOptions(waitOption(messageOption(command), 'it is deployed and its bake has ended'));
}
