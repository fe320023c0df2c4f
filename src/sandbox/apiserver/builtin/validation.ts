/** The checks of built-in kinds that people run into: required parts, selectors, immutable fields. */
import { checkBinding, checkPolicy } from '../admission/check.ts';
import { cause, type FieldCause } from '../field-cause.ts';
import { at, equal, isObject, type Json, objectOf, objects, text } from '../json.ts';
import { nameFaults } from '../names.ts';
import { event } from './event-checks.ts';

export type Check = (object: Json, old: Json | undefined) => FieldCause[];

const immutable = (field: string, value: unknown): FieldCause => cause.invalid(field, value, 'field is immutable');

function podSpec(spec: Json, path: string): FieldCause[] {
  const containers = objects(spec.containers);
  if (containers.length === 0) return [cause.required(`${path}.containers`)];
  const seen = new Set<string>();
  return containers.flatMap((container, index) => {
    const here = `${path}.containers[${index}]`;
    const name = text(container.name);
    const found: FieldCause[] = [];
    if (name === '') found.push(cause.required(`${here}.name`));
    else found.push(...nameFaults(`${here}.name`, name, 'label'));
    if (seen.has(name)) found.push(cause.duplicate(`${here}.name`, name));
    seen.add(name);
    if (text(container.image) === '') found.push(cause.required(`${here}.image`));
    return found;
  });
}

function nonNegative(spec: Json, field: string): FieldCause[] {
  const value = spec[field];
  if (typeof value !== 'number' || value >= 0) return [];
  return [cause.invalid(`spec.${field}`, value, 'must be greater than or equal to 0')];
}

function labelsMatch(selector: Json, labels: Json): boolean {
  return Object.entries(objectOf(selector.matchLabels)).every(([key, value]) => labels[key] === value);
}

const workload: Check = (object, old) => {
  const spec = objectOf(object.spec);
  const selector = objectOf(spec.selector);
  const found = nonNegative(spec, 'replicas');
  const labels = objectOf(at(spec, ['template', 'metadata', 'labels']));
  if (!isObject(spec.selector)) found.push(cause.required('spec.selector'));
  else if (Object.keys(selector).length === 0) {
    found.push(cause.invalid('spec.selector', selector, 'empty selector is invalid for deployment'));
  }
  if (!isObject(spec.selector) || !labelsMatch(selector, labels)) {
    const shown = Object.keys(labels).length === 0 ? null : labels;
    found.push(cause.invalid('spec.template.metadata.labels', shown, '`selector` does not match template `labels`'));
  }
  if (old !== undefined && !equal(at(old, ['spec', 'selector']), spec.selector)) {
    found.push(immutable('spec.selector', isObject(spec.selector) ? selector : null));
  }
  const strategy = objectOf(spec.strategy);
  if (strategy.type === 'Recreate' && isObject(strategy.rollingUpdate)) {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    found.push(cause.forbidden('spec.strategy.rollingUpdate', why));
  }
  return [...found, ...podSpec(objectOf(at(spec, ['template', 'spec'])), 'spec.template.spec')];
};

const job: Check = (object, old) => {
  const spec = objectOf(object.spec);
  const found = ['parallelism', 'completions', 'backoffLimit', 'activeDeadlineSeconds'].flatMap((field) =>
    nonNegative(spec, field),
  );
  const template = objectOf(at(spec, ['template', 'spec']));
  found.push(...podSpec(template, 'spec.template.spec'));
  if (template.restartPolicy === 'Always') {
    found.push(cause.required('spec.template.spec.restartPolicy', 'valid values: "OnFailure", "Never"'));
  }
  if (old !== undefined && !equal(at(old, ['spec', 'template']), spec.template)) {
    found.push(immutable('spec.template', spec.template));
  }
  return found;
};

function dataKeys(data: unknown, path: string): FieldCause[] {
  return Object.keys(objectOf(data))
    .filter((key) => !/^[-._a-zA-Z0-9]+$/.test(key))
    .map((key) =>
      cause.invalid(
        `${path}[${key}]`,
        key,
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ),
    );
}

/** `immutable: true` freezes the data and itself. */
function frozen(object: Json, old: Json | undefined, fields: readonly string[]): FieldCause[] {
  if (old?.immutable !== true) return [];
  const changed = fields.filter((field) => !equal(old[field], object[field]));
  const all = object.immutable === true ? changed : ['immutable', ...changed];
  return all.map((field) => cause.forbidden(field, 'field is immutable when `immutable` is set'));
}

const configMap: Check = (object, old) => {
  const binary = objectOf(object.binaryData);
  const twice = Object.keys(objectOf(object.data)).filter((key) => Object.hasOwn(binary, key));
  return [
    ...dataKeys(object.data, 'data'),
    ...twice.map((key) => cause.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')),
    ...frozen(object, old, ['data', 'binaryData']),
  ];
};

const secret: Check = (object, old) => [
  ...dataKeys(object.data, 'data'),
  ...(old !== undefined && old.type !== object.type ? [immutable('type', object.type)] : []),
  ...frozen(object, old, ['data']),
];

function portFaults(port: Json, path: string): FieldCause[] {
  return ['port', 'targetPort'].flatMap((field) => {
    const number = port[field];
    if (typeof number === 'string' || (typeof number === 'number' && number >= 1 && number <= 65_535)) return [];
    return [cause.invalid(`${path}.${field}`, number ?? 0, 'must be between 1 and 65535, inclusive')];
  });
}

const service: Check = (object) => {
  const spec = objectOf(object.spec);
  const ports = objects(spec.ports);
  if (ports.length === 0 && spec.type !== 'ExternalName' && spec.clusterIP !== 'None')
    return [cause.required('spec.ports')];
  return ports.flatMap((port, index) => {
    const named = ports.length > 1 && text(port.name) === '' ? [cause.required(`spec.ports[${index}].name`)] : [];
    return [...named, ...portFaults(port, `spec.ports[${index}]`)];
  });
};

const roleBinding: Check = (object, old) => {
  const found: FieldCause[] = [];
  if (text(at(object, ['roleRef', 'name'])) === '') found.push(cause.required('roleRef.name'));
  if (old !== undefined && !equal(old.roleRef, object.roleRef)) {
    const { apiGroup, kind, name } = objectOf(object.roleRef);
    // Shown with the names of Go's fields.
    found.push(cause.invalid('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef'));
  }
  return found;
};

/** Of an update of the status. */
export function namespacePhase({ metadata, status }: Json): FieldCause[] {
  const phase = text(objectOf(status).phase);
  const goes = objectOf(metadata).deletionTimestamp !== undefined;
  const only = goes ? 'Terminating' : 'Active';
  if (phase === only) return [];
  const why = `may only be '${only}' if \`deletionTimestamp\` is ${goes ? 'not ' : ''}empty`;
  return [cause.invalid('status.Phase', phase, why)];
}

/** By `group/plural`. */
export const builtInChecks: Readonly<Record<string, Check>> = {
  '/pods': (object) => podSpec(objectOf(object.spec), 'spec'),
  '/configmaps': configMap,
  '/events': event,
  'events.k8s.io/events': event,
  '/secrets': secret,
  '/services': service,
  'apps/deployments': workload,
  'apps/replicasets': workload,
  'apps/statefulsets': workload,
  'apps/daemonsets': workload,
  'batch/jobs': job,
  'batch/cronjobs': (object) => (text(objectOf(object.spec).schedule) === '' ? [cause.required('spec.schedule')] : []),
  'admissionregistration.k8s.io/validatingadmissionpolicies': checkPolicy,
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': checkBinding,
  'rbac.authorization.k8s.io/rolebindings': roleBinding,
  'rbac.authorization.k8s.io/clusterrolebindings': roleBinding,
};
