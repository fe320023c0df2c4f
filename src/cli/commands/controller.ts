/** `kuberik controller`: the production process. It reads its flags, puts the parts together and runs them to the end. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { FailurePolicy } from '../../api/rollout.ts';
import { addControllers } from '../../controllers/production.ts';
import { createKubeClient } from '../../kube/http-client.ts';
import { loadKubeConfig } from '../../kube/kube-config.ts';
import { Manager, type ManagerOptions } from '../../kube/manager.ts';
import { Metrics } from '../../kube/metrics.ts';
import { createRegistry } from '../../oci/registry-client.ts';
import { formatBindAddress, parseBindAddress } from '../../server/address.ts';
import { type Checks, listen, metricsRoutes, probeRoutes, type Routes } from '../../server/http-server.ts';
import type { CliContext } from '../context.ts';
import {
  choiceFlag,
  connectionOptions,
  countFlag,
  environmentOption,
  type Flags,
  failurePolicyOption,
  flagsOf,
  listFlag,
  logLevelOption,
  switchFlag,
  textFlag,
} from '../flags.ts';
import { healthCheckHostsFlag, healthCheckHostsOption } from '../health-check-hosts.ts';
import { httpGateHostsFlag, httpGateHostsOption } from '../http-gate-hosts.ts';
import { servedImageVersion } from '../image-version.ts';
import { createLogger, logFormats, logLevels } from '../log.ts';
import { userAgent, version } from '../version.ts';

const examples = `
Every flag can be given as an environment variable, for example KUBERIK_LEADER_ELECT=true.

Examples:
  kuberik controller --leader-elect                         in a cluster
  kuberik controller --context staging --log-format text    from outside, for the cluster of a context`;

export function controllerCommand(context: CliContext): Command {
  const command = new Command('controller')
    .description('Run the controllers: the process that watches releases and deploys them')
    .addOption(
      environmentOption('--namespaces <list>', 'watch just these namespaces, separated by commas (default: all)'),
    )
    .addOption(
      environmentOption('--metrics-bind-address <address>', 'where /metrics is; 0 for nowhere').default(':8080'),
    )
    .addOption(
      environmentOption(
        '--health-probe-bind-address <address>',
        'where /healthz and /readyz are; 0 for nowhere',
      ).default(':8081'),
    )
    .addOption(
      environmentOption('--leader-elect [enabled]', 'work only while no other controller of this cluster does'),
    )
    .addOption(
      environmentOption(
        '--leader-election-namespace <name>',
        "namespace of the lease (default: the pod's, or the context's)",
      ),
    )
    .addOption(
      environmentOption('--concurrency <n>', 'objects that are looked at at once, for each controller').default('64'),
    )
    .addOption(failurePolicyOption())
    .addOption(httpGateHostsOption())
    .addOption(healthCheckHostsOption())
    .addOption(logLevelOption('info'))
    .addOption(
      environmentOption('--log-format <format>', 'how it is logged')
        .choices([...logFormats])
        .default('json'),
    )
    .addHelpText('after', examples)
    .action((_options, self: Command) => runController(context, flagsOf(self)));
  return connectionOptions(command);
}

async function runController(context: CliContext, flags: Flags): Promise<void> {
  const { clock, signal } = context;
  // What lives is a third of what V8 lets gather before it cleans up: bench/README.md has both figures.
  setFlagsFromString('--heap-growing-percent=20');
  const logger = createLogger({
    clock,
    level: choiceFlag(flags, 'logLevel', logLevels, 'info'),
    format: choiceFlag(flags, 'logFormat', logFormats, 'json'),
    paint: context.paint,
    write: context.note,
  });
  const kubeconfig = textFlag(flags, 'kubeconfig');
  const kubeContext = textFlag(flags, 'context');
  const cluster = await loadKubeConfig({
    clock,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(kubeContext === undefined ? {} : { context: kubeContext }),
  });

  await using parts = new AsyncDisposableStack();
  const metrics = new Metrics();
  const client = createKubeClient({
    cluster,
    clock,
    userAgent,
    onRequest: metrics.requestHook(new URL(cluster.server).host),
  });
  parts.defer(() => client.close());
  const registry = parts.use(createRegistry({ clock }));
  const manager = new Manager({ client, clock, logger, metrics, ...managerOptions(flags, cluster.namespace) });
  addControllers(manager, {
    client,
    registry,
    defaultFailurePolicy: choiceFlag(flags, 'defaultFailurePolicy', FailurePolicy, 'Rollback'),
    httpGateHosts: httpGateHostsFlag(flags),
    healthCheckHosts: healthCheckHostsFlag(flags),
    imageVersion: await servedImageVersion(client, signal, listFlag(flags, 'namespaces')[0]),
  });

  const serve = async (name: string, routes: Routes): Promise<void> => {
    const address = parseBindAddress(textFlag(flags, name) ?? '0');
    if (address === undefined) return;
    const { port } = parts.use(await listen(address, routes));
    logger.info({ address: formatBindAddress({ ...address, port }), paths: Object.keys(routes) }, 'listening');
  };
  await serve('healthProbeBindAddress', probeRoutes({}, readiness(manager)));
  await serve('metricsBindAddress', metricsRoutes(metrics.registry));

  logger.info({ version, cluster: cluster.server }, 'starting');
  await manager.run(signal);
  logger.info({}, 'stopped');
}

function managerOptions(
  flags: Flags,
  ownNamespace: string,
): Pick<ManagerOptions, 'concurrency' | 'namespaces' | 'leaderElection'> {
  const concurrency = countFlag(flags, 'concurrency');
  const namespaces = listFlag(flags, 'namespaces');
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(namespaces.length === 0 ? {} : { namespaces }),
    ...(switchFlag(flags, 'leaderElect') && {
      leaderElection: {
        identity: `${hostname()}_${randomUUID()}`,
        namespace: textFlag(flags, 'leaderElectionNamespace') ?? ownNamespace,
      },
    }),
  };
}

/** A follower is ready too: it can take over at once. */
function readiness(manager: Manager): Checks {
  return {
    watches: () => {
      const { synced, faults } = manager.state;
      const [first] = faults;
      if (first !== undefined) return `${first.kind} cannot be read: ${first.fault.message}`;
      return synced ? undefined : 'the first lists are not complete yet';
    },
  };
}
