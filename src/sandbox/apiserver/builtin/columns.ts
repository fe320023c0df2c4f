/**
 * What `kubectl get` shows of the built-in kinds.
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/printers/internalversion/printers.go
 */
import { age, between } from '../age.ts';
import { at, isObject, type Json, list, numberOf, objectOf, objects, optionalText, text, texts } from '../json.ts';
import type { Column } from '../resource.ts';
import { podReady, podRestarts, podStatus } from './pod-columns.ts';

type Value = (object: Json, now: Temporal.Instant) => unknown;

function column(name: string, value: Value, type = 'string'): Column {
  return { name, type, priority: 0, value };
}

function wide(name: string, value: Value): Column {
  return { name, type: 'string', priority: 1, value };
}

const spec = (object: Json): Json => objectOf(object.spec);
const status = (object: Json): Json => objectOf(object.status);
const metadata = (object: Json): Json => objectOf(object.metadata);
const count = (value: unknown): number => numberOf(value, 0);
const none = (value: unknown): string => optionalText(value) ?? '<none>';

export const nameColumn: Column = {
  ...column('Name', (object) => text(metadata(object).name)),
  format: 'name',
  description: 'What the object is called, once in its namespace.',
};
export const ageColumn = column('Age', (object, now) => age(metadata(object).creationTimestamp, now));
/** What a kind without columns of its own shows. */
export const plainColumns: readonly Column[] = [
  nameColumn,
  { ...column('Created At', (object) => metadata(object).creationTimestamp, 'date') },
];

const template = (object: Json): Json => objectOf(at(object, ['spec', 'template', 'spec']));
const containers = wide('Containers', (object) =>
  objects(template(object).containers)
    .map((one) => text(one.name))
    .join(','),
);
const images = wide('Images', (object) =>
  objects(template(object).containers)
    .map((one) => text(one.image))
    .join(','),
);
const selector = wide('Selector', (object) => selectorText(spec(object).selector));
const workload = [ageColumn, containers, images, selector];

/** A LabelSelector, or a plain map, as `a=b,c in (d)`. */
export function selectorText(value: unknown): string {
  // Go's own nothing selects nothing.
  if (value === null) return '';
  if (!isObject(value)) return '<none>';
  const labels = objectOf(
    isObject(value.matchLabels) || value.matchExpressions !== undefined ? value.matchLabels : value,
  );
  const parts = Object.entries(labels).map(([key, label]) => `${key}=${text(label)}`);
  for (const { key, operator, values } of objects(value.matchExpressions)) {
    const set = `(${texts(values).toSorted().join(',')})`;
    if (operator === 'In') parts.push(`${text(key)} in ${set}`);
    else if (operator === 'NotIn') parts.push(`${text(key)} notin ${set}`);
    else parts.push(operator === 'Exists' ? text(key) : `!${text(key)}`);
  }
  return parts.length === 0 ? '<none>' : parts.toSorted().join(',');
}

const pods: readonly Column[] = [
  nameColumn,
  column('Ready', podReady),
  column('Status', podStatus),
  column('Restarts', podRestarts),
  ageColumn,
  wide('IP', (object) => none(status(object).podIP)),
  wide('Node', (object) => none(spec(object).nodeName)),
  wide('Nominated Node', (object) => none(status(object).nominatedNodeName)),
  wide('Readiness Gates', () => '<none>'),
];

const jobs: readonly Column[] = [
  nameColumn,
  column('Status', jobStatus),
  column('Completions', (object) => {
    const wanted = spec(object).completions;
    if (typeof wanted === 'number') return `${count(status(object).succeeded)}/${wanted}`;
    const parallel = count(spec(object).parallelism);
    return parallel > 1
      ? `${count(status(object).succeeded)}/1 of ${parallel}`
      : `${count(status(object).succeeded)}/1`;
  }),
  column('Duration', (object, now) => {
    const start = optionalText(status(object).startTime);
    const end = optionalText(status(object).completionTime);
    if (start === undefined) return '';
    return end === undefined ? age(start, now) : between(start, end);
  }),
  ...workload,
];

function jobStatus(object: Json): string {
  const holds = (type: string): boolean =>
    objects(status(object).conditions).some((one) => one.type === type && one.status === 'True');
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (metadata(object).deletionTimestamp !== undefined) return 'Terminating';
  if (holds('Suspended')) return 'Suspended';
  return holds('FailureTarget') ? 'FailureTarget' : 'Running';
}

const cronJobContainers = (object: Json): Json[] =>
  objects(at(object, ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers']));

const cronjobs: readonly Column[] = [
  nameColumn,
  column('Schedule', (object) => text(spec(object).schedule)),
  column('Timezone', (object) => none(spec(object).timeZone)),
  column('Suspend', (object) => (spec(object).suspend === true ? 'True' : 'False'), 'boolean'),
  column('Active', (object) => list(status(object).active).length, 'integer'),
  column('Last Schedule', (object, now) => {
    const last = status(object).lastScheduleTime;
    return last === undefined ? '<none>' : age(last, now);
  }),
  ageColumn,
  wide('Containers', (object) =>
    cronJobContainers(object)
      .map((one) => text(one.name))
      .join(','),
  ),
  wide('Images', (object) =>
    cronJobContainers(object)
      .map((one) => text(one.image))
      .join(','),
  ),
  wide('Selector', (object) => selectorText(at(object, ['spec', 'jobTemplate', 'spec', 'selector']))),
];

const services: readonly Column[] = [
  nameColumn,
  column('Type', (object) => text(spec(object).type)),
  column('Cluster-IP', (object) => none(spec(object).clusterIP)),
  column('External-IP', (object) => {
    const external = texts(spec(object).externalIPs);
    if (external.length > 0) return external.join(',');
    return spec(object).type === 'LoadBalancer' ? '<pending>' : '<none>';
  }),
  column('Port(s)', (object) => {
    const ports = objects(spec(object).ports).map((port) => {
      const node = port.nodePort === undefined ? '' : `:${count(port.nodePort)}`;
      return `${count(port.port)}${node}/${text(port.protocol)}`;
    });
    return ports.length === 0 ? '<none>' : ports.join(',');
  }),
  ageColumn,
  selector,
];

const nodes: readonly Column[] = [
  nameColumn,
  column('Status', (object) => {
    const ready = objects(status(object).conditions).find((one) => one.type === 'Ready');
    const word = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
    return spec(object).unschedulable === true ? `${word},SchedulingDisabled` : word;
  }),
  column('Roles', (object) => {
    const prefix = 'node-role.kubernetes.io/';
    const roles = Object.keys(objectOf(metadata(object).labels)).filter((key) => key.startsWith(prefix));
    return roles.length === 0
      ? '<none>'
      : roles
          .map((key) => key.slice(prefix.length))
          .toSorted()
          .join(',');
  }),
  ageColumn,
  column('Version', (object) => text(at(object, ['status', 'nodeInfo', 'kubeletVersion']))),
];

const eventSource = (object: Json): string => {
  const component = optionalText(at(object, ['source', 'component'])) ?? text(object.reportingComponent);
  const host = optionalText(at(object, ['source', 'host']));
  return host === undefined ? component : `${component}, ${host}`;
};

const events: readonly Column[] = [
  column('Last Seen', (object, now) => {
    const last =
      at(object, ['series', 'lastObservedTime']) ?? object.lastTimestamp ?? object.eventTime ?? object.firstTimestamp;
    return age(last ?? metadata(object).creationTimestamp, now);
  }),
  column('Type', (object) => text(object.type)),
  column('Reason', (object) => text(object.reason)),
  column('Object', (object) => {
    const about = objectOf(object.involvedObject);
    const kind = text(about.kind).toLowerCase();
    return about.name === undefined ? kind : `${kind}/${text(about.name)}`;
  }),
  wide('Subobject', (object) => text(at(object, ['involvedObject', 'fieldPath']))),
  wide('Source', eventSource),
  column('Message', (object) => text(object.message).trim()),
  wide('First Seen', (object, now) => age(object.firstTimestamp ?? object.eventTime, now)),
  wide('Count', (object) => count(at(object, ['series', 'count']) ?? object.count ?? 1)),
  { ...nameColumn, priority: 1 },
];

const roleBinding: readonly Column[] = [
  nameColumn,
  column('Role', (object) => `${text(at(object, ['roleRef', 'kind']))}/${text(at(object, ['roleRef', 'name']))}`),
  ageColumn,
  ...['User', 'Group', 'ServiceAccount'].map((kind) =>
    wide(kind === 'ServiceAccount' ? 'ServiceAccounts' : `${kind}s`, (object) =>
      objects(object.subjects)
        .filter((one) => one.kind === kind)
        .map((one) => (kind === 'ServiceAccount' ? `${text(one.namespace)}/${text(one.name)}` : text(one.name)))
        .join(', '),
    ),
  ),
];

const keyCount = (object: Json, ...fields: readonly string[]): number =>
  fields.reduce((sum, field) => sum + Object.keys(objectOf(object[field])).length, 0);

const replicas: readonly Column[] = [
  column('Desired', (object) => count(spec(object).replicas), 'integer'),
  column('Current', (object) => count(status(object).replicas), 'integer'),
  column('Ready', (object) => count(status(object).readyReplicas), 'integer'),
];

const named = (...rest: readonly Column[]): readonly Column[] => [nameColumn, ...rest];

/** By `group/plural`. */
export const builtInColumns: Readonly<Record<string, readonly Column[]>> = {
  '/pods': pods,
  '/services': services,
  '/nodes': nodes,
  '/events': events,
  'events.k8s.io/events': events,
  '/namespaces': named(
    column('Status', (object) => text(status(object).phase)),
    ageColumn,
  ),
  '/configmaps': named(
    column('Data', (object) => keyCount(object, 'data', 'binaryData'), 'string'),
    ageColumn,
  ),
  '/secrets': named(
    column('Type', (object) => text(object.type)),
    column('Data', (object) => keyCount(object, 'data')),
    ageColumn,
  ),
  '/serviceaccounts': named(ageColumn),
  '/replicationcontrollers': named(...replicas, ...workload),
  'apps/replicasets': named(...replicas, ...workload),
  'apps/deployments': named(
    column('Ready', (object) => `${count(status(object).readyReplicas)}/${count(spec(object).replicas)}`),
    column('Up-to-date', (object) => count(status(object).updatedReplicas)),
    column('Available', (object) => count(status(object).availableReplicas)),
    ...workload,
  ),
  'apps/statefulsets': named(
    column('Ready', (object) => `${count(status(object).readyReplicas)}/${count(spec(object).replicas)}`),
    ageColumn,
    containers,
    images,
  ),
  'apps/daemonsets': named(
    column('Desired', (object) => count(status(object).desiredNumberScheduled), 'integer'),
    column('Current', (object) => count(status(object).currentNumberScheduled), 'integer'),
    column('Ready', (object) => count(status(object).numberReady), 'integer'),
    column('Up-to-date', (object) => count(status(object).updatedNumberScheduled), 'integer'),
    column('Available', (object) => count(status(object).numberAvailable), 'integer'),
    column('Node Selector', (object) => selectorText(template(object).nodeSelector)),
    ...workload,
  ),
  'batch/jobs': jobs,
  'batch/cronjobs': cronjobs,
  'coordination.k8s.io/leases': named(
    column('Holder', (object) => text(spec(object).holderIdentity)),
    ageColumn,
  ),
  'rbac.authorization.k8s.io/rolebindings': roleBinding,
  'rbac.authorization.k8s.io/clusterrolebindings': roleBinding,
};
