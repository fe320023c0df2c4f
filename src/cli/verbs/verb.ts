/** One verb from the command line to its end: plan, permission, sentence, question, write, wait. */
import type { ObjectKey } from '../../api/meta.ts';
import { isConflict } from '../../kube/errors.ts';
import type { HttpKubeClient } from '../../kube/http-client.ts';
import { whoAmI } from '../../kube/reviews.ts';
import { withConnection } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { CliError, ExitCode } from '../errors.ts';
import { type Flags, switchFlag, textFlag } from '../flags.ts';
import type { Need, Plan } from '../operations/plan.ts';
import { oneLine } from '../paint.ts';
import { type Planned, write } from './change.ts';
import { follow } from './follow.ts';
import { lookAt } from './look.ts';
import { requireAll } from './permission.ts';
import { Report } from './report.ts';
import { waitFlag } from './verb-flags.ts';

export interface Link {
  readonly client: HttpKubeClient;
  readonly namespace: string;
  readonly user: string;
}

/** Reads anew and plans; called again when what was read has changed before it was written. */
export type Prepare = (link: Link) => Promise<Planned>;

const mostTries = 5;

/** @throws CliError when it cannot work, may not be done, was not wanted, or failed while it was waited for */
export async function runVerb(context: CliContext, flags: Flags, prepare: Prepare): Promise<void> {
  const { clock, signal } = context;
  const wait = waitFlag(flags);
  await withConnection(flags, clock, async ({ client, namespace }) => {
    const link = { client, namespace, user: await whoAmI(client, { signal }) };
    const report = new Report(context, flags, link.user);
    const planned = await carryOut(context, flags, link, prepare, report);
    const { plan, facts } = planned;
    if (
      wait === undefined ||
      plan.goal === undefined ||
      facts === undefined ||
      textFlag(flags, 'dryRun') !== undefined
    ) {
      report.finish();
      return;
    }
    const { name, namespace: within = namespace } = facts.rollout.metadata;
    const key: ObjectKey = { namespace: within, name };
    const ending = await follow(context, {
      client,
      key,
      goal: plan.goal,
      look: () => lookAt(context, link, key),
      bound: wait,
      tell: (text) => {
        report.progress(text);
      },
    });
    report.finish(ending);
  });
}

/** Says, asks and writes; what has changed in the meantime is said and asked again. */
async function carryOut(
  context: CliContext,
  flags: Flags,
  link: Link,
  prepare: Prepare,
  report: Report,
): Promise<Planned> {
  const dryRun = textFlag(flags, 'dryRun') === 'server';
  let said: string | undefined;
  for (let attempt = 0; attempt < mostTries; attempt++) {
    const planned = await prepare(link);
    const { plan } = planned;
    if (plan.sentence !== said) {
      await requireAll(link.client, needsOf(plan), { user: link.user, ...subjectOf(planned) });
      report.announce(planned, said !== undefined);
      await confirm(context, flags, plan.sentence);
      said = plan.sentence;
    }
    try {
      const written = await write(link.client, planned, { dryRun, signal: context.signal });
      report.written(written, dryRun);
      return planned;
    } catch (error) {
      if (!isConflict(error) || plan.change.kind !== 'request') throw error;
    }
  }
  throw new CliError(
    ExitCode.Failure,
    `the Rollout changed ${mostTries} times while it was to be written; nothing was done`,
    'try it again',
  );
}

/** A request is an annotation or a field, so that the object is changed as well. */
function needsOf({ needs, change }: Plan): readonly Need[] {
  if (change.kind !== 'request') return needs;
  return [...needs, { verb: 'patch', resource: 'rollouts', what: 'change a Rollout' }];
}

function subjectOf({ plan, facts }: Planned): { namespace: string; name: string } {
  if (facts !== undefined) {
    const { namespace = 'default', name } = facts.rollout.metadata;
    return { namespace, name };
  }
  const { change } = plan;
  return { namespace: '', name: 'name' in change ? change.name : '' };
}

/** On a terminal the person decides; without one it goes on, as kubectl does. */
async function confirm({ ask }: CliContext, flags: Flags, sentence: string): Promise<void> {
  if (ask === undefined || switchFlag(flags, 'yes') || textFlag(flags, 'dryRun') !== undefined) return;
  // With data as the result, the sentence is seen here alone.
  const question = textFlag(flags, 'output') === 'table' ? 'Go on?' : `${oneLine(sentence)}. Go on?`;
  if (await ask(`${question} [y/N] `)) return;
  throw new CliError(ExitCode.Failure, 'nothing was done', 'answer with y, or give --yes');
}
