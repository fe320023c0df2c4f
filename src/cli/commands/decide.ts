/** `kuberik approve` and `kuberik reject`: one person's decision about one version at a gate. */
import { Command } from 'commander';
import type { ApprovalDecision } from '../../api/approval.ts';
import { GATE_CLASS_MANUAL, RolloutGate } from '../../api/rollout-gate.ts';
import type { CliContext } from '../context.ts';
import { CliError, ExitCode, usageError } from '../errors.ts';
import { type Flags, flagsOf, textFlag } from '../flags.ts';
import { planDecision } from '../operations/decide-gate.ts';
import { placeOf } from '../operations/facts.ts';
import { refuse } from '../operations/plan.ts';
import type { Planned } from '../verbs/change.ts';
import { lookAt } from '../verbs/look.ts';
import { type Link, runVerb } from '../verbs/verb.ts';
import { messageOption, namespacedVerbOptions, waitOption } from '../verbs/verb-flags.ts';

const approveExamples = `
Examples:
  kuberik approve change-board                           the newest version that the gate holds
  kuberik approve change-board v1.4.0 -m CHG-1234        this one, and why
  kuberik approve --rollout my-app v1.4.0                at every gate of class manual of the Rollout`;

export function approveCommand(context: CliContext): Command {
  const command = decisionCommand(context, 'approve', 'Approve', 'Approve a version at a gate of class manual');
  command.addHelpText('after', approveExamples);
  return waitOption(command, 'the gate lets it go');
}

const rejectExamples = `
Examples:
  kuberik reject change-board v1.4.0 -m "the load test failed"`;

export function rejectCommand(context: CliContext): Command {
  const what = 'Reject a version at a gate of class manual, which keeps it closed for it';
  return decisionCommand(context, 'reject', 'Reject', what).addHelpText('after', rejectExamples);
}

function decisionCommand(context: CliContext, name: string, decision: ApprovalDecision, description: string): Command {
  const command = new Command(name)
    .description(description)
    .argument('[gate]', 'name of the RolloutGate; not with --rollout')
    .argument('[version]', 'a tag, or the digest of one (default: the newest candidate that is held)')
    .option('--rollout <name>', 'every gate of class manual of this Rollout')
    .action(async (first: string | undefined, second: string | undefined, _options, self: Command) => {
      const flags = flagsOf(self);
      await runVerb(context, flags, (link) => prepare(context, flags, link, decision, first, second));
    });
  return namespacedVerbOptions(messageOption(command, 'why, kept in the Approval'));
}

async function prepare(
  context: CliContext,
  flags: Flags,
  link: Link,
  decision: ApprovalDecision,
  first: string | undefined,
  second: string | undefined,
): Promise<Planned> {
  const { client, namespace } = link;
  const reason = textFlag(flags, 'message');
  const rolloutName = textFlag(flags, 'rollout');
  if (rolloutName !== undefined) {
    if (second !== undefined) throw usageError('a gate and --rollout contradict each other', 'leave one of them out');
    const facts = await lookAt(context, link, { namespace, name: rolloutName }, first);
    const gates = facts.gates.filter(({ spec }) => spec.class === GATE_CLASS_MANUAL);
    if (gates.length === 0) {
      throw refuse(`${placeOf(facts.rollout)} has no gate of class manual`, `see its gates: kuberik get gates`);
    }
    return { facts, plan: planDecision(facts, gates, decision, first, reason) };
  }
  if (first === undefined) throw usageError('which gate?', 'name it, or the Rollout with --rollout');
  const gate = await client.get(RolloutGate, { namespace, name: first }, { signal: context.signal });
  const name = gate.spec.rolloutRef.name ?? '';
  if (name === '') {
    throw new CliError(ExitCode.Failure, `gate ${first} names no Rollout`, 'set its spec.rolloutRef.name');
  }
  const facts = await lookAt(context, link, { namespace, name }, second);
  return { facts, plan: planDecision(facts, [gate], decision, second, reason) };
}
