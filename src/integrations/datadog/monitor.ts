/**
 * `datadog` reads what Datadog's operator says of its monitors; nobody here talks to Datadog. The shapes are those of
 * https://github.com/DataDog/datadog-operator, the fields that are used alone.
 */
import Type, { type Static } from 'typebox';
import { parserFor } from '../../api/define-resource.ts';
import { instantOf } from '../../api/instant.ts';
import { ObjectMeta } from '../../api/meta.ts';

const text = Type.Optional(Type.String());

const TriggeredGroup = Type.Object({ monitorGroup: text, state: text, lastTransitionTime: text });
export type TriggeredGroup = Static<typeof TriggeredGroup>;

const MonitorStatus = Type.Object({
  /** Of the monitor in Datadog. */
  id: Type.Optional(Type.Integer()),
  /** `OK`, `Alert`, `Warn`, `No Data`, `Skipped`, `Ignored`, `Unknown`. */
  monitorState: text,
  /** When the operator saw the state change. */
  monitorStateLastTransitionTime: text,
  /** When the operator last asked Datadog: about once a minute. */
  monitorStateLastUpdateTime: text,
  /** `OK`, or what went wrong. */
  monitorStateSyncStatus: text,
  /** The same, before release 1.9 of the operator. */
  syncStatus: text,
  /** The groups that are not `OK`, ten at most. */
  triggeredState: Type.Optional(Type.Array(TriggeredGroup)),
});

export const DatadogMonitor = {
  apiVersion: 'datadoghq.com/v1alpha1',
  kind: 'DatadogMonitor',
  plural: 'datadogmonitors',
  namespaced: true,
  parse: parserFor(
    'DatadogMonitor',
    Type.Object({
      apiVersion: Type.String(),
      kind: Type.String(),
      metadata: ObjectMeta,
      status: Type.Optional(MonitorStatus),
    }),
  ),
};
export type DatadogMonitor = ReturnType<typeof DatadogMonitor.parse>;

/** What is wrong between the operator and Datadog; undefined when nothing is. */
export function syncFault({ status }: DatadogMonitor): string | undefined {
  const said = status?.monitorStateSyncStatus ?? status?.syncStatus ?? '';
  return said === '' || said === 'OK' ? undefined : said;
}

/** Where a person looks at it. Undefined until the operator has made it in Datadog. */
export function monitorUrl({ status }: DatadogMonitor): string | undefined {
  return status?.id === undefined ? undefined : `https://app.datadoghq.com/monitors/${status.id}`;
}

/** When a group came into the state that it is in, as Datadog says. */
export function triggeredAt(group: TriggeredGroup): Temporal.Instant | undefined {
  return instantOf(group.lastTransitionTime);
}
