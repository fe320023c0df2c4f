/** Class `datadog`: judged by the state of a DatadogMonitor, as Datadog's operator keeps it. */
import { HealthCheck, HealthCheckConditionReason, HealthClass } from '../../../api/health-check.ts';
import { sameJson } from '../../../api/json.ts';
import { keyOf, keyText, type ObjectKey } from '../../../api/meta.ts';
import { DatadogMonitor } from '../../../integrations/datadog/monitor.ts';
import type { Clock } from '../../../kube/clock.ts';
import type { IndexDefinition } from '../../../kube/object-index.ts';
import type { Reader } from '../../../kube/reader.ts';
import { watchSource } from '../../../kube/reconciler.ts';
import type { ClassFacts, HealthClassJudge, Verdict } from '../health-class.ts';
import { judgeMonitor } from './judge.ts';

export interface DatadogClassOptions {
  /** HealthChecks and DatadogMonitors. */
  readonly reader: Reader;
  readonly clock: Clock;
}

export function datadogClass({ reader, clock }: DatadogClassOptions): HealthClassJudge {
  return {
    watches: [
      watchSource({
        type: DatadogMonitor,
        // Who has no monitors has no operator.
        optional: true,
        wakes: async (current, previous) => {
          const monitor = current ?? previous;
          if (monitor === undefined || sameJson(judgedBy(current), judgedBy(previous))) return [];
          const value = keyText(keyOf(monitor));
          return (await reader.find(HealthCheck, { index: byMonitor, value })).map(keyOf);
        },
      }),
    ],
    judge: async (facts) => {
      const reference = monitorOf(facts.check);
      if (reference === undefined) return missing('spec.datadog.monitorRef is missing', 'InvalidSpec');
      const monitor = await reader.get(DatadogMonitor, reference);
      if (monitor === undefined) return missing(`there is no DatadogMonitor ${keyText(reference)}`, 'MonitorNotFound');
      return judgeMonitor(factsAbout(monitor, facts), clock.now());
    },
  };
}

function factsAbout(monitor: DatadogMonitor, { check, cutoff }: ClassFacts) {
  const { datadog, noDataPolicy = 'Hold' } = check.spec;
  return { monitor, warn: datadog?.warn ?? 'Pending', noDataPolicy, cutoff };
}

/** What failed before it went missing stays. */
function missing(message: string, reason: keyof typeof HealthCheckConditionReason): Verdict {
  return { status: 'Pending', message, fault: { reason: HealthCheckConditionReason[reason], message } };
}

function judgedBy(monitor: DatadogMonitor | undefined): unknown {
  return monitor && [monitor.metadata.uid, monitor.status];
}

function monitorOf({ metadata, spec }: HealthCheck): ObjectKey | undefined {
  const name = spec.datadog?.monitorRef.name;
  return name === undefined ? undefined : { namespace: metadata.namespace ?? '', name };
}

const byMonitor: IndexDefinition<HealthCheck> = {
  name: 'datadog monitor',
  valuesOf: (check) => {
    const reference = check.spec.class === HealthClass.Datadog ? monitorOf(check) : undefined;
    return reference === undefined ? [] : [keyText(reference)];
  },
};
