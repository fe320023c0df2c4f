/**
 * `kuberik explain rollout`: looks at the cluster as the controller does, decides as the controller does, writes nothing,
 * and says why. It needs no running controller.
 */
import { Argument, Command } from 'commander';
import type { ObjectKey } from '../../api/meta.ts';
import { type FailurePolicy, Rollout } from '../../api/rollout.ts';
import { observeRollout } from '../../controllers/rollout/observe.ts';
import { TargetFaults } from '../../controllers/rollout/target-faults.ts';
import { decide } from '../../core/decide.ts';
import { createReleaseMemory } from '../../integrations/flux/release-memory.ts';
import type { KubeClient } from '../../kube/client.ts';
import { createLiveReader } from '../../kube/live-reader.ts';
import { createRegistry } from '../../oci/registry-client.ts';
import { withConnection } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { connectionOptions, flagsOf, namespaceOption, outputFlag, outputOption } from '../flags.ts';
import { servedImageVersion } from '../image-version.ts';
import { renderData } from '../output.ts';
import { type Explanation, explanationData, renderExplain } from '../views/explain.ts';

const examples = `
Examples:
  kuberik explain rollout my-app            what it is doing, why it does not deploy, what happens next
  kuberik explain rollout my-app -o json    the same for other programs`;

/** What a controller has that was started without `--default-failure-policy`. */
const shippedFailurePolicy: FailurePolicy = 'Rollback';

export function explainCommand(context: CliContext): Command {
  const { clock, out, paint, width, zone } = context;
  const command = new Command('explain')
    .description('Say what a Rollout is doing, why it does not deploy, what would change that, and what happens next')
    .addArgument(new Argument('<kind>', 'what to explain').choices(['rollout']))
    .addArgument(new Argument('<name>', 'name of the Rollout'))
    .addOption(outputOption(['table', 'json', 'yaml']))
    .addHelpText('after', examples)
    .action(async (_kind: string, name: string, _options, self: Command) => {
      const flags = flagsOf(self);
      const explanation = await withConnection(flags, clock, ({ client, namespace }) =>
        look(context, client, { namespace, name }),
      );
      const data = renderData(explanationData(explanation), outputFlag(flags));
      out(data ?? renderExplain(explanation, { moment: { now: clock.now(), zone }, paint, width }));
    });
  return connectionOptions(namespaceOption(command));
}

/** Observes and decides, as the controller does at each look. */
async function look({ clock, signal }: CliContext, client: KubeClient, key: ObjectKey): Promise<Explanation> {
  const rollout = await client.get(Rollout, key, { signal });
  const reader = createLiveReader(client);
  await using registry = createRegistry({ clock });
  const observed = await observeRollout(
    {
      reader,
      live: reader,
      registry,
      memory: createReleaseMemory(),
      clock,
      defaultFailurePolicy: shippedFailurePolicy,
      imageVersion: await servedImageVersion(client, signal),
    },
    new TargetFaults(),
    rollout,
    signal,
  );
  return { rollout, targets: observed.targets, plan: decide(observed, clock.now()) };
}
