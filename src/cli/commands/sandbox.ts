/** `kuberik sandbox`: a whole control plane in this process, for trying things out with one's own tools. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { FailurePolicy } from '../../api/rollout.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { listen, metricsRoutes } from '../../server/http-server.ts';
import type { CliContext } from '../context.ts';
import { CliError, ExitCode } from '../errors.ts';
import {
  choiceFlag,
  environmentOption,
  type Flags,
  failurePolicyOption,
  flagsOf,
  listFlag,
  logLevelOption,
  portFlag,
  textFlag,
} from '../flags.ts';
import { healthCheckHostsFlag, healthCheckHostsOption } from '../health-check-hosts.ts';
import { httpGateHostsFlag, httpGateHostsOption } from '../http-gate-hosts.ts';
import { createLogger, logLevels } from '../log.ts';
import { untilAborted } from '../until-aborted.ts';

const examples = `
Examples:
  kuberik sandbox                         everything in memory, gone at the end
  kuberik sandbox --data-dir ./sandbox    objects and images are kept between runs
  kuberik sandbox --users alice,bob       a kubeconfig for each of them, who may do what roles allow
  kuberik demo                            the same with a story played in it`;

export function sandboxCommand(context: CliContext): Command {
  return new Command('sandbox')
    .description('Run a whole control plane in one process: API server, registry, stand-ins for Flux, the controllers')
    .addOption(environmentOption('--api-port <port>', 'port of the API server (default: any free one)'))
    .addOption(environmentOption('--registry-port <port>', 'port of the registry (default: any free one)'))
    .addOption(environmentOption('--metrics-port <port>', 'port of /metrics (default: there is none)'))
    .addOption(environmentOption('--data-dir <folder>', 'keep objects and images there (default: in memory)'))
    .addOption(
      environmentOption('--users <list>', 'people with a kubeconfig each, separated by commas (default: nobody)'),
    )
    .addOption(failurePolicyOption())
    .addOption(httpGateHostsOption().default('127.0.0.1,localhost'))
    .addOption(healthCheckHostsOption().default('*,127.0.0.1,localhost'))
    .addOption(logLevelOption('warn'))
    .addHelpText('after', examples)
    .action((_options, self: Command) => runSandbox(context, flagsOf(self)));
}

async function runSandbox({ clock, note, out, paint, signal }: CliContext, flags: Flags): Promise<void> {
  const logger = createLogger({
    clock,
    paint,
    level: choiceFlag(flags, 'logLevel', logLevels, 'warn'),
    write: note,
    format: 'text',
  });
  const apiPort = portFlag(flags, 'apiPort');
  const registryPort = portFlag(flags, 'registryPort');
  const dataDir = textFlag(flags, 'dataDir');
  const users = listFlag(flags, 'users');
  // Half of the program is the sandbox: no other command has to hold it in memory.
  const { startSandbox } = await import('../../sandbox/sandbox.ts');
  await using parts = new AsyncDisposableStack();
  const sandbox = parts.use(
    await startSandbox({
      clock,
      logger,
      defaultFailurePolicy: choiceFlag(flags, 'defaultFailurePolicy', FailurePolicy, 'Rollback'),
      httpGateHosts: httpGateHostsFlag(flags),
      healthCheckHosts: healthCheckHostsFlag(flags),
      ...(apiPort === undefined ? {} : { apiPort }),
      ...(registryPort === undefined ? {} : { registryPort }),
      ...(dataDir === undefined ? {} : { dataDir }),
      users,
    }),
  );
  const metricsPort = portFlag(flags, 'metricsPort');
  const metrics =
    metricsPort === undefined
      ? undefined
      : parts.use(await listen({ host: '127.0.0.1', port: metricsPort }, metricsRoutes(sandbox.metrics.registry)));
  const kubeconfig = join(await folderFor(dataDir, parts), 'kubeconfig');
  await writeFile(kubeconfig, sandbox.api.kubeconfig(), { mode: 0o600 });
  for (const user of users)
    await writeFile(`${kubeconfig}-${encodeURIComponent(user)}`, sandbox.kubeconfigOf(user), { mode: 0o600 });
  out(welcome(sandbox, kubeconfig, users, metrics?.port));

  const failure = await Promise.race([untilAborted(signal), sandbox.failed]);
  if (failure !== undefined) {
    throw new CliError(ExitCode.Failure, `the sandbox has failed: ${failure.message}`, 'start it again', {
      cause: failure,
    });
  }
  note('Stopping.\n');
}

/** Where the kubeconfig is: beside the data, else in a folder that goes with the process. */
async function folderFor(dataDir: string | undefined, parts: AsyncDisposableStack): Promise<string> {
  if (dataDir !== undefined) {
    await mkdir(dataDir, { recursive: true });
    return resolve(dataDir);
  }
  const folder = await mkdtemp(join(tmpdir(), 'kuberik-sandbox-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function welcome(
  { api, registry }: Sandbox,
  kubeconfig: string,
  users: readonly string[],
  metricsPort: number | undefined,
): string {
  const others = users
    .map((user) => `\n  ${`of ${user}`.padEnd(12)} ${kubeconfig}-${encodeURIComponent(user)}`)
    .join('');
  const metrics = metricsPort === undefined ? '' : `\n  Metrics      http://127.0.0.1:${metricsPort}/metrics`;
  return `Kuberik's sandbox is running.

  API server   ${api.url}
  Registry     ${registry.host}
  Kubeconfig   ${kubeconfig}${others}${metrics}

In another terminal:

  export KUBECONFIG=${kubeconfig}
  kubectl api-resources
  skopeo copy --dest-tls-verify=false IMAGE docker://${registry.host}/me/app:1.0.0

Press Ctrl-C to stop.
`;
}
