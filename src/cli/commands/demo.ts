/** `kuberik demo`: four releases of a small application, from the registry to held, kept or rolled back, before your eyes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { KubeObject } from '../../api/meta.ts';
import { createKubeClient } from '../../kube/http-client.ts';
import { loadKubeConfig } from '../../kube/kube-config.ts';
import { silentLogger } from '../../kube/logger.ts';
import { createRegistry } from '../../oci/registry-client.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { CliContext } from '../context.ts';
import { APPROVER, NAME, NAMESPACE } from '../demo/application.ts';
import { Screen } from '../demo/screen.ts';
import { playStory } from '../demo/story.ts';
import { CliError, ExitCode } from '../errors.ts';
import { environmentOption, flagsOf, switchFlag } from '../flags.ts';
import { createTable } from '../table.ts';
import { userAgent } from '../version.ts';
import { historyColumns } from '../views/history.ts';

const examples = `
Examples:
  kuberik demo                 plays the story; on a terminal everything goes on running afterwards
  kuberik demo --keep false    ends when the story ends, as it does without a terminal`;

export function demoCommand(context: CliContext): Command {
  return new Command('demo')
    .description('Play a story of four releases on a control plane in this process')
    .addOption(
      environmentOption('--keep [kept]', 'leave everything running at the end, until Ctrl-C (default: on a terminal)'),
    )
    .addHelpText('after', examples)
    .action(async (_options, self: Command) => {
      const flags = flagsOf(self);
      await runDemo(context, flags.keep === undefined ? context.live : switchFlag(flags, 'keep'));
    });
}

async function runDemo(context: CliContext, keep: boolean): Promise<void> {
  const { clock, out, paint, signal, width, live } = context;
  const screen = new Screen({ out, paint, width, live, now: () => clock.now() });
  screen.print(paint('strong', 'Kuberik: push a tag, see it deployed, baked, kept or rolled back'));
  screen.draw('starting a control plane in this process');
  const folder = await mkdtemp(join(tmpdir(), 'kuberik-demo-'));
  await using parts = new AsyncDisposableStack();
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const { startSandbox } = await import('../../sandbox/sandbox.ts');
  const healthPoll = Temporal.Duration.from({ milliseconds: 500 });
  const sandbox = parts.use(
    await startSandbox({
      clock,
      logger: silentLogger,
      users: [APPROVER],
      healthPoll,
      cancelHealthCheckOnNewRevision: true,
    }),
  );
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, sandbox.api.kubeconfig(), { mode: 0o600 });
  const approverConfig = `${kubeconfig}-${APPROVER}`;
  await writeFile(approverConfig, sandbox.kubeconfigOf(APPROVER), { mode: 0o600 });
  const cluster = await loadKubeConfig({ kubeconfig: approverConfig, clock });
  const approver = createKubeClient({ cluster, clock, userAgent });
  parts.defer(() => approver.close());
  screen.print(`${paint('faint', 'API server')}  ${sandbox.api.url}`);
  screen.print(`${paint('faint', 'registry')}    ${sandbox.registry.host}`);

  const registry = parts.use(createRegistry({ clock }));
  const rollout = await playStory({
    client: sandbox.client,
    approver,
    transport: registry.transport,
    registry: sandbox.registry.host,
    clock,
    screen,
    apply: await applier(sandbox, signal),
    signal,
  });
  screen.title('What was recorded');
  const table = createTable(
    historyColumns(() => clock.now()),
    false,
    paint,
  );
  for (const line of table.lines(rollout.status?.history ?? [])) screen.print(line);
  if (!keep) return;
  screen.title('Everything goes on running until Ctrl-C. Look around:');
  for (const line of lookAround(kubeconfig, sandbox)) screen.print(`  ${line}`);
  await aborted(signal);
}

async function applier(sandbox: Sandbox, signal: AbortSignal): Promise<(object: KubeObject) => Promise<void>> {
  const { createResourceTypes } = await import('../../sandbox/flux/resource-types.ts');
  const types = createResourceTypes(sandbox.client);
  return async (object) => {
    const type = await types(object.apiVersion, object.kind, signal);
    if (type === undefined) throw new CliError(ExitCode.Failure, `the sandbox does not serve ${object.kind}`);
    await sandbox.client.apply(type, object, { fieldManager: 'kuberik-demo', force: true, signal });
  };
}

function lookAround(kubeconfig: string, sandbox: Sandbox): readonly string[] {
  const image = `${sandbox.registry.host}/shop/web`;
  return [
    `export KUBECONFIG=${kubeconfig}`,
    `kubectl -n ${NAMESPACE} get rollouts,healthchecks,kustomizations,pods`,
    `kubectl -n ${NAMESPACE} annotate rollout ${NAME} rollout.kuberik.com/force-deploy=v1.0.0`,
    `npm run --silent kuberik -- explain rollout ${NAME} -n ${NAMESPACE}`,
    `skopeo copy --src-tls-verify=false --dest-tls-verify=false docker://${image}:v1.3.0 docker://${image}:v1.4.0`,
  ];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
