/** `kuberik freeze` and `kuberik unfreeze`: stop the line, and let it go on. */
import { Command } from 'commander';
import { Freeze } from '../../api/freeze.ts';
import { timestamp } from '../../api/instant.ts';
import { compileLabelSelector } from '../../api/label-selector.ts';
import { isForbidden, isNotFound } from '../../kube/errors.ts';
import type { CliContext } from '../context.ts';
import { usageError } from '../errors.ts';
import { type Flags, flagsOf, listFlag, textFlag } from '../flags.ts';
import { planFreeze, planUnfreeze } from '../operations/freeze.ts';
import type { Planned } from '../verbs/change.ts';
import { countFrozen } from '../verbs/look.ts';
import { type Link, runVerb } from '../verbs/verb.ts';
import { messageOption, parseSpan, verbOptions } from '../verbs/verb-flags.ts';

const examples = `
Examples:
  kuberik freeze black-friday -m "no changes on Black Friday" --until 2026-11-30T08:00
  kuberik freeze incident-42 -m "payments are down" --for 2h --namespace-selector team=payments`;

export function freezeCommand(context: CliContext): Command {
  const command = new Command('freeze')
    .description('Stop the line: nothing automatic is deployed until the freeze is over')
    .argument('<name>', 'name of the Freeze')
    .option('--until <time>', 'when it ends by itself: 2026-11-30T08:00, in your zone, or with a zone of its own')
    .option('--for <duration>', 'how long it lasts, for example 2h or 3d')
    .option('--namespace-selector <labels>', 'just the namespaces with these labels: team=payments,tier=1')
    .option('--rollout-selector <labels>', 'just the Rollouts with these labels')
    .addHelpText('after', examples)
    .action(async (name: string, _options, self: Command) => {
      const flags = flagsOf(self);
      const until = endOf(context, flags);
      const spec = specOf(flags, until);
      await runVerb(context, flags, (link) => prepare(context, link, name, spec, until));
    });
  return verbOptions(messageOption(command, 'the reason, which everybody sees; it must be given'));
}

async function prepare(
  { clock, signal }: CliContext,
  { client }: Link,
  name: string,
  spec: Freeze['spec'],
  until: Temporal.Instant | undefined,
): Promise<Planned> {
  const present = await client.get(Freeze, { namespace: '', name }, { signal }).catch((error: unknown) => {
    // Who may not read it may hardly create it, which is asked next.
    if (isNotFound(error) || isForbidden(error)) return undefined;
    throw error;
  });
  const count = await countFrozen(client, { spec });
  return { facts: undefined, plan: planFreeze({ name, spec, until, count, present, now: clock.now() }) };
}

export function unfreezeCommand(context: CliContext): Command {
  const command = new Command('unfreeze')
    .description('End a freeze')
    .argument('<name>', 'name of the Freeze')
    .action(async (name: string, _options, self: Command) => {
      await runVerb(context, flagsOf(self), async ({ client }) => {
        const freeze = await client.get(Freeze, { namespace: '', name }, { signal: context.signal });
        return { facts: undefined, plan: planUnfreeze(freeze, await countFrozen(client, freeze)) };
      });
    });
  return verbOptions(command);
}

function specOf(flags: Flags, until: Temporal.Instant | undefined): Freeze['spec'] {
  const reason = textFlag(flags, 'message');
  if (reason === undefined) throw usageError('a freeze needs a reason, which everybody sees', 'give one with -m');
  const namespaceSelector = selectorFlag(flags, 'namespaceSelector');
  const rolloutSelector = selectorFlag(flags, 'rolloutSelector');
  return {
    reason,
    ...(until !== undefined && { until: timestamp(until) }),
    ...(namespaceSelector !== undefined && { namespaceSelector }),
    ...(rolloutSelector !== undefined && { rolloutSelector }),
  };
}

function endOf({ clock, zone }: CliContext, flags: Flags): Temporal.Instant | undefined {
  const until = textFlag(flags, 'until');
  const span = textFlag(flags, 'for');
  if (until !== undefined && span !== undefined)
    throw usageError('--until and --for contradict each other', 'give one');
  if (span !== undefined) return clock.now().add(parseSpan(span));
  return until === undefined ? undefined : parseMoment(until, zone);
}

/** With an offset as it is, else on the reader's clock. */
function parseMoment(text: string, zone: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text);
  } catch {
    // No offset: a clock on the wall.
  }
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant();
  } catch {
    throw usageError(`--until=${text} is no time`, 'write for example 2026-11-30T08:00 or 2026-11-30T08:00:00Z');
  }
}

function selectorFlag(flags: Flags, name: string): Freeze['spec']['rolloutSelector'] {
  const parts = listFlag(flags, name);
  if (parts.length === 0) return undefined;
  const pairs = parts.map((part) => {
    const [key = '', value, ...rest] = part.split('=');
    if (value === undefined || rest.length > 0) throw usageError(`"${part}" is no label`, 'write key=value');
    return [key, value] as const;
  });
  const selector = { matchLabels: Object.fromEntries(pairs) };
  compileLabelSelector(selector);
  return selector;
}
