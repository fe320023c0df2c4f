/** The controller `datadogmonitor`: for each DatadogMonitor that asks for it, a HealthCheck that is kept in step. */
import { HealthCheck } from '../../api/health-check.ts';
import { sameJson } from '../../api/json.ts';
import { keyOf, keyText } from '../../api/meta.ts';
import { DatadogMonitor } from '../../integrations/datadog/monitor.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { Reader } from '../../kube/reader.ts';
import { type ControllerDefinition, type WatchSource, watchSource } from '../../kube/reconciler.ts';
import {
  checkNameOf,
  FIELD_MANAGER,
  healthCheckOf,
  isEnabled,
  isInStep,
  isOwned,
  type MonitorCheck,
  PREFIX,
} from './health-check-of.ts';

export interface DatadogMonitorOptions {
  readonly client: KubeClient;
  /** DatadogMonitors. */
  readonly reader: Reader;
  /** HealthChecks, with whose fields are whose. */
  readonly live: Reader;
  readonly events: EventRecorder;
}

export function datadogMonitorController(options: DatadogMonitorOptions): ControllerDefinition {
  return {
    name: 'datadogmonitor',
    watches: watches(options.reader),
    reconciler: {
      async reconcile(key, signal) {
        const monitor = await options.reader.get(DatadogMonitor, key);
        const name = { namespace: key.namespace, name: checkNameOf(key.name) };
        const check = await options.live.get(HealthCheck, name);
        signal.throwIfAborted();
        if (monitor !== undefined && isEnabled(monitor)) await keepInStep(options, monitor, check, signal);
        else if (check !== undefined && isOwned(check, key.name, monitor)) await remove(options.client, check, signal);
        return {};
      },
    },
  };
}

function watches(reader: Reader): readonly WatchSource[] {
  return [
    watchSource({
      type: DatadogMonitor,
      optional: true,
      // What the operator writes into the status, once a minute, is for the check's class.
      wakes: (current, previous) =>
        sameJson(copiedFrom(current), copiedFrom(previous))
          ? []
          : [current ?? previous].flatMap((monitor) => (monitor === undefined ? [] : [keyOf(monitor)])),
    }),
    watchSource({
      type: HealthCheck,
      wakes: async (current, previous) => {
        const check = current ?? previous;
        if (check === undefined || !check.metadata.name.startsWith(PREFIX)) return [];
        if (sameJson(keptIn(current), keptIn(previous))) return [];
        const { namespace = '', name } = check.metadata;
        const monitors = await reader.list(DatadogMonitor, { namespace });
        return monitors.map(keyOf).filter((monitor) => checkNameOf(monitor.name) === name);
      },
    }),
  ];
}

function copiedFrom(monitor: DatadogMonitor | undefined): unknown {
  const { uid, labels, annotations, deletionTimestamp } = monitor?.metadata ?? {};
  return monitor && [uid, labels, annotations, deletionTimestamp];
}

function keptIn(check: HealthCheck | undefined): unknown {
  const { labels, annotations, ownerReferences } = check?.metadata ?? {};
  return check && [labels, annotations, ownerReferences, check.spec.class, check.spec.datadog];
}

async function keepInStep(
  { client, events }: DatadogMonitorOptions,
  monitor: DatadogMonitor,
  check: HealthCheck | undefined,
  signal: AbortSignal,
): Promise<void> {
  const wanted = healthCheckOf(monitor);
  if (check !== undefined && !isOwned(check, monitor.metadata.name, monitor)) {
    // Of an earlier monitor of this name: Kubernetes removes it with that one, which wakes us.
    if (isOwned(check, monitor.metadata.name)) return;
    const message =
      `HealthCheck ${keyText(keyOf(check))} is there already and does not belong to this monitor: ` +
      `delete or rename it, or make a HealthCheck of class datadog by hand`;
    events.record(monitor, { type: 'Warning', reason: 'NameTaken', message });
    return;
  }
  if (check !== undefined && isInStep(check, wanted)) return;
  await apply(client, monitor, wanted, check?.metadata.uid, signal);
  if (check !== undefined || wanted.name === `${PREFIX}${monitor.metadata.name}`) return;
  const message = `its HealthCheck is ${wanted.name}: the name of the monitor does not fit into one`;
  events.record(monitor, { type: 'Normal', reason: 'NameShortened', message });
}

/** With the UID only of the check that was seen; without one, whatever else is there by now keeps its fields. */
async function apply(
  client: KubeClient,
  { metadata: { namespace = '' } }: DatadogMonitor,
  { name, metadata, spec }: MonitorCheck,
  uid: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { apiVersion, kind } = HealthCheck;
  const identity = { name, namespace, ...(uid !== undefined && { uid }) };
  const object = { apiVersion, kind, metadata: { ...metadata, ...identity }, spec };
  await client.apply(HealthCheck, object, { fieldManager: FIELD_MANAGER, force: uid !== undefined, signal });
}

/** Only this incarnation: somebody may have made another one under the name. */
async function remove(client: KubeClient, check: HealthCheck, signal: AbortSignal): Promise<void> {
  const { uid } = check.metadata;
  try {
    await client.remove(HealthCheck, keyOf(check), { signal, ...(uid !== undefined && { uid }) });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
