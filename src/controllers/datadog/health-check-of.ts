/**
 * `datadog` makes a HealthCheck of every DatadogMonitor that asks for one, so that a Rollout can select it by the
 * monitor's labels. This file says what the HealthCheck of a monitor is. Pure.
 */
import {
  DATADOG_HEALTH_CHECK,
  DATADOG_MONITOR,
  DATADOG_MONITOR_NAME,
  DATADOG_MONITOR_UID,
  MANAGED_BY,
} from '../../api/annotations.ts';
import { type HealthCheck, HealthClass } from '../../api/health-check.ts';
import { sameJson } from '../../api/json.ts';
import type { OwnerReference } from '../../api/meta.ts';
import { DatadogMonitor } from '../../integrations/datadog/monitor.ts';
import { managersBelow } from '../../integrations/flux/managers.ts';
import { hashedName, LONGEST_LABEL, LONGEST_NAME, shortHash } from '../../kube/names.ts';

export const PREFIX = 'datadog-check-';
export const FIELD_MANAGER = 'kuberik-datadog';

/** What tools keep on an object to find it again must not make them take the copy for theirs. */
const toolDomains = ['kubectl.kubernetes.io', 'toolkit.fluxcd.io', 'argocd.argoproj.io', 'meta.helm.sh'];

/** The fields that are ours. */
export interface MonitorCheck {
  readonly name: string;
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly ownerReferences: OwnerReference[];
  };
  readonly spec: { readonly class: string; readonly datadog: { readonly monitorRef: { readonly name: string } } };
}

export function isEnabled({ metadata }: DatadogMonitor): boolean {
  return metadata.annotations?.[DATADOG_HEALTH_CHECK] === 'true' && metadata.deletionTimestamp === undefined;
}

/** The same monitor always has the same; one that would be too long is cut and told apart by a hash. */
export function checkNameOf(monitor: string): string {
  return fitting(`${PREFIX}${monitor}`, LONGEST_NAME);
}

export function healthCheckOf({ metadata }: DatadogMonitor): MonitorCheck {
  const { name, uid = '', labels = {}, annotations = {} } = metadata;
  const { apiVersion, kind } = DatadogMonitor;
  return {
    name: checkNameOf(name),
    metadata: {
      // Ours are last: they win.
      labels: {
        ...copied(labels),
        [DATADOG_MONITOR]: fitting(name, LONGEST_LABEL),
        [MANAGED_BY]: 'datadog-controller',
      },
      annotations: { ...copied(annotations), [DATADOG_MONITOR_NAME]: name, [DATADOG_MONITOR_UID]: uid },
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
    },
    spec: { class: HealthClass.Datadog, datadog: { monitorRef: { name } } },
  };
}

/** @param monitor absent: any that was or is called so, for one that is gone */
export function isOwned({ metadata }: HealthCheck, name: string, monitor?: DatadogMonitor): boolean {
  const { apiVersion, kind } = DatadogMonitor;
  return (metadata.ownerReferences ?? []).some(
    (owner) =>
      owner.apiVersion === apiVersion &&
      owner.kind === kind &&
      owner.name === name &&
      (monitor === undefined || owner.uid === monitor.metadata.uid),
  );
}

/** @param check as read from the API server: whose fields are whose is not kept in a cache */
export function isInStep(check: HealthCheck, { metadata, spec }: MonitorCheck): boolean {
  const { labels = {}, annotations = {}, ownerReferences = [], managedFields = [] } = check.metadata;
  const owned = (field: string): readonly string[] =>
    Object.entries(managersBelow(managedFields, ['metadata', field])).flatMap(([key, managers]) =>
      managers.includes(FIELD_MANAGER) ? [key] : [],
    );
  const [reference] = metadata.ownerReferences;
  return (
    check.spec.class === spec.class &&
    sameJson(check.spec.datadog?.monitorRef, spec.datadog.monitorRef) &&
    ownerReferences.some(({ uid, controller }) => uid === reference?.uid && controller === true) &&
    agrees(labels, metadata.labels, owned('labels')) &&
    agrees(annotations, metadata.annotations, owned('annotations'))
  );
}

/** All that is wanted is there, and nothing of ours beside it. */
function agrees(
  present: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
  owned: readonly string[],
): boolean {
  return Object.entries(wanted).every(([key, value]) => present[key] === value) && owned.every((key) => key in wanted);
}

function copied(entries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).filter(([key]) => key !== DATADOG_HEALTH_CHECK && !isOfTool(key.split('/')[0] ?? '')),
  );
}

function isOfTool(domain: string): boolean {
  return toolDomains.some((tool) => domain === tool || domain.endsWith(`.${tool}`));
}

function fitting(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return hashedName(text, longest, shortHash(text, 10));
}
