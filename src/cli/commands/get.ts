/** `kuberik get`: Kuberik's objects in a table, as kubectl would show them if it knew what matters. */
import { Argument, Command } from 'commander';
import { Approval } from '../../api/approval.ts';
import { ClusterRolloutSchedule } from '../../api/cluster-rollout-schedule.ts';
import { Freeze } from '../../api/freeze.ts';
import { HealthCheck } from '../../api/health-check.ts';
import type { KubeObject } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { Rollout } from '../../api/rollout.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import { RolloutSchedule } from '../../api/rollout-schedule.ts';
import { withConnection } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { CliError, ExitCode, usageError } from '../errors.ts';
import {
  connectionOptions,
  flagsOf,
  impersonationOptions,
  namespaceOption,
  outputFlag,
  outputOption,
  switchFlag,
} from '../flags.ts';
import { createObjectPrinter } from '../output.ts';
import type { Column } from '../table.ts';
import { approvalColumns } from '../views/approvals.ts';
import { freezeColumns } from '../views/freezes.ts';
import { gateColumns } from '../views/gates.ts';
import { healthCheckColumns } from '../views/health-checks.ts';
import { rolloutColumns } from '../views/rollouts.ts';
import { clusterScheduleColumns, scheduleColumns } from '../views/schedules.ts';
import { listAndWatch, type Selection } from '../watch.ts';

const examples = `
Examples:
  kuberik get rollouts               every Rollout of the namespace
  kuberik get rollouts -A -o wide    of every namespace, with details
  kuberik get rollouts my-app -w     one, and each change of it
  kuberik get gates -o json          as a List for other programs`;

interface Kind<T extends KubeObject> {
  /** What it is called on the command line; the first name is shown. */
  readonly names: readonly string[];
  readonly type: ResourceType<T>;
  readonly columns: (now: () => Temporal.Instant, namespaced: boolean) => readonly Column<T>[];
}

type Show = (context: CliContext, command: Command, name: string | undefined) => Promise<void>;

/** A kind whose type of object is known inside and nowhere else. */
function kind<T extends KubeObject>({ names, type, columns }: Kind<T>): { names: readonly string[]; show: Show } {
  return {
    names,
    async show(context, command, name) {
      const flags = flagsOf(command);
      const everywhere = switchFlag(flags, 'allNamespaces');
      if (everywhere && name !== undefined) {
        throw usageError('a name and --all-namespaces contradict each other', 'name the namespace with -n');
      }
      const printer = createObjectPrinter({
        type,
        format: outputFlag(flags),
        columns: columns(() => context.clock.now(), everywhere && type.namespaced),
        paint: context.paint,
        single: name !== undefined,
      });
      await withConnection(flags, context.clock, async ({ client, namespace }) => {
        const within = everywhere || !type.namespaced ? '' : namespace;
        const selection: Selection<T> = { type, namespace: within, name };
        const watch = switchFlag(flags, 'watch');
        for await (const { objects, unreadable } of listAndWatch(client, context, selection, watch)) {
          for (const message of unreadable) context.note(`warning: ${message}\n`);
          if (objects.length === 0 && !watch) nothing(context, selection);
          context.out(printer.print(objects));
        }
      });
    },
  };
}

function nothing<T extends KubeObject>({ note }: CliContext, { type, namespace, name }: Selection<T>): void {
  const place = namespace === '' ? 'in the cluster' : `in namespace ${namespace}`;
  if (name !== undefined) {
    const remedy = type.namespaced
      ? 'look in every namespace: -A'
      : `see those that there are: kubectl get ${type.plural}`;
    throw new CliError(ExitCode.NotFound, `there is no ${type.kind} ${name} ${place}`, remedy);
  }
  note(`No ${type.plural} ${place}.\n`);
}

const kinds = [
  kind({ names: ['rollouts', 'rollout'], type: Rollout, columns: rolloutColumns }),
  kind({ names: ['gates', 'gate', 'rolloutgates', 'rolloutgate'], type: RolloutGate, columns: gateColumns }),
  kind({ names: ['approvals', 'approval'], type: Approval, columns: approvalColumns }),
  kind({ names: ['freezes', 'freeze'], type: Freeze, columns: freezeColumns }),
  kind({
    names: ['schedules', 'schedule', 'rolloutschedules', 'rolloutschedule'],
    type: RolloutSchedule,
    columns: scheduleColumns,
  }),
  kind({
    names: ['clusterschedules', 'clusterschedule', 'clusterrolloutschedules', 'clusterrolloutschedule'],
    type: ClusterRolloutSchedule,
    columns: clusterScheduleColumns,
  }),
  kind({ names: ['healthchecks', 'healthcheck'], type: HealthCheck, columns: healthCheckColumns }),
];

export function getCommand(context: CliContext): Command {
  const shown = kinds.map(({ names }) => names[0]).join(', ');
  const command = new Command('get')
    .description('Show Kuberik objects')
    .addArgument(new Argument('<kind>', `one of ${shown}`))
    .addArgument(new Argument('[name]', 'one object (default: all)'))
    .option('-A, --all-namespaces', 'every namespace')
    .option('-w, --watch', 'go on with each change, until interrupted')
    .addOption(outputOption())
    .addHelpText('after', examples)
    .action(async (kindName: string, name: string | undefined, _options, self: Command) => {
      const found = kinds.find(({ names }) => names.includes(kindName.toLowerCase()));
      if (found === undefined) throw usageError(`there is no kind "${kindName}"`, `use one of: ${shown}`);
      await found.show(context, self, name);
    });
  return impersonationOptions(connectionOptions(namespaceOption(command)));
}
