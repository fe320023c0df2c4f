/** `kuberik forecast rollout`: what will happen if nobody does anything, or if somebody does this one thing. */
import { Argument, Command } from 'commander';
import type { ObjectKey } from '../../api/meta.ts';
import { resolveRolloutSpec } from '../../api/rollout-spec.ts';
import type { Tag } from '../../api/tag.ts';
import { observeForecast } from '../../controllers/rollout/observe-forecast.ts';
import { type Assumption, AssumptionError, assume, versionOf } from '../../core/forecast/assumptions.ts';
import { forecast } from '../../core/forecast/forecast.ts';
import type { ForecastInput } from '../../core/forecast/input.ts';
import { imagePolicyType } from '../../integrations/flux/image-policy.ts';
import { admittedTags } from '../../integrations/flux/policy-order.ts';
import type { KubeClient } from '../../kube/client.ts';
import { parseAssumption, parseSpan } from '../assumption.ts';
import { withConnection } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { CliError, ExitCode, usageError } from '../errors.ts';
import {
  collect,
  connectionOptions,
  flagsOf,
  impersonationOptions,
  namespaceOption,
  outputFlag,
  outputOption,
  repeatedFlag,
  textFlag,
} from '../flags.ts';
import { servedImageVersion } from '../image-version.ts';
import { lookAsController } from '../observation.ts';
import { renderData } from '../output.ts';
import { type Foretold, forecastData, renderForecast } from '../views/forecast.ts';

const examples = `
What to assume: approve GATE, open GATE, push TAG, deploy TAG, force TAG, rollback [TAG], pin TAG, unpin, unfreeze NAME.

Examples:
  kuberik forecast rollout my-app                            the next seven days
  kuberik forecast rollout my-app --for 36h -o json          for other programs
  kuberik forecast rollout my-app --if 'approve prod'        if everybody approves at the gate prod
  kuberik forecast rollout my-app --if unpin --if 'push v1.4.0'`;

export function forecastCommand(context: CliContext): Command {
  const { clock, out, note, paint, width, zone } = context;
  const command = new Command('forecast')
    .description('Say what will happen to a Rollout and when: schedules, freezes, bakes and deployments ahead')
    .addArgument(new Argument('<kind>', 'what to forecast').choices(['rollout']))
    .addArgument(new Argument('<name>', 'name of the Rollout'))
    .option('--for <span>', 'how far ahead: 90m, 36h, 7d', '7d')
    .option('--if <assumption>', 'what somebody does now, can be given again', collect)
    .addOption(outputOption(['table', 'json', 'yaml']))
    .addHelpText('after', examples)
    .action(async (_kind: string, name: string, _options, self: Command) => {
      const flags = flagsOf(self);
      const span = parseSpan(textFlag(flags, 'for') ?? '7d');
      const assumptions = repeatedFlag(flags, 'if').map(parseAssumption);
      const told = await withConnection(flags, clock, ({ client, namespace }) =>
        foretell(context, client, { namespace, name }, assumptions, span),
      );
      for (const message of told.unread) note(`note: ${message}\n`);
      const data = renderData(forecastData(told), outputFlag(flags));
      out(data ?? renderForecast(told, { moment: { now: clock.now(), zone }, paint, width }));
    });
  return connectionOptions(impersonationOptions(namespaceOption(command)));
}

async function foretell(
  context: CliContext,
  client: KubeClient,
  key: ObjectKey,
  assumptions: readonly Assumption[],
  span: Temporal.Duration,
): Promise<Foretold> {
  const considered = assumptions.flatMap((assumption) => versionOf(assumption) ?? []);
  const { seen, unread } = await lookAsController(context, client, key, considered, observeForecast);
  const now = context.clock.now();
  const until = now.add(span);
  let input = seen;
  for (const assumption of assumptions) input = await assumed(context, client, input, assumption, now);
  return { input, assumptions, forecast: forecast(input, now, until), until, unread };
}

async function assumed(
  { signal }: CliContext,
  client: KubeClient,
  input: ForecastInput,
  assumption: Assumption,
  now: Temporal.Instant,
): Promise<ForecastInput> {
  try {
    if (assumption.if !== 'push') return assume(input, assumption, now);
    const ranked = await placeInPolicy(client, input, assumption.tag, signal);
    return assume(input, { ...assumption, ...(ranked && { ranked }) }, now);
  } catch (error) {
    if (error instanceof AssumptionError) throw usageError(error.message, 'see --help for what can be assumed');
    throw error;
  }
}

/** Where the ImagePolicy puts a tag among those that are known. @throws CliError when it does not admit it */
async function placeInPolicy(
  client: KubeClient,
  { observed }: ForecastInput,
  tag: Tag,
  signal: AbortSignal,
): Promise<readonly Tag[] | undefined> {
  const { namespace = '' } = observed.rollout.metadata;
  const name = resolveRolloutSpec(observed.rollout).imagePolicy;
  const type = imagePolicyType(await servedImageVersion(client, signal, namespace));
  const policy = await client.get(type, { namespace, name }, { signal });
  const known = observed.rollout.status?.availableReleases ?? [];
  const all = new Set([...known.map((release) => release.tag), ...(observed.releases.admitted ?? []), tag]);
  const ranked = admittedTags(policy.spec, [...all]);
  if ('message' in ranked) return undefined;
  if (ranked.includes(tag)) return ranked;
  const where = `ImagePolicy ${namespace}/${name}`;
  throw new CliError(
    ExitCode.Failure,
    `${where} does not admit ${tag}: nothing would come of it`,
    `change ${where}, or assume "deploy ${tag}"`,
  );
}
