/** Label and field selectors as they stand in a query. */
import { badRequest } from './errors.ts';
import { at, type Json, objectOf, objects, scalarText, text } from './json.ts';
import { compileJsonPath } from './json-path.ts';
import type { ResourceType } from './resource.ts';

export type Matcher = (object: Json) => boolean;

// One requirement: !key | key | key in (a,b) | key notin (a,b) | key = v | key == v | key != v | key > n | key < n
const requirement =
  /^\s*(?:(?<absent>!\s*)?(?<key>[A-Za-z0-9][-A-Za-z0-9_./]*)\s*(?:(?<set>in|notin)\s*\((?<values>[^()]*)\)|(?<operator>==|=|!=|>|<)\s*(?<value>[-A-Za-z0-9_.]*))?)\s*$/;

/** @throws ApiFailure 400 */
export function labelSelector(source: string): Matcher | undefined {
  if (source.trim() === '') return undefined;
  const tests = split(source).map(labelTest);
  return (object) => {
    const labels = objectOf(objectOf(object.metadata).labels);
    return tests.every((test) => test(labels));
  };
}

/** At commas outside parentheses. */
function split(source: string): string[] {
  return source.split(/,(?![^()]*\))/);
}

function labelTest(source: string): (labels: Json) => boolean {
  const groups = requirement.exec(source)?.groups;
  const key = groups?.key;
  if (groups === undefined || key === undefined) throw unparsable(source);
  const { absent, set, values, operator, value = '' } = groups;
  if (absent !== undefined) {
    if (set !== undefined || operator !== undefined) throw unparsable(source);
    return (labels) => labels[key] === undefined;
  }
  if (set !== undefined) {
    const wanted = new Set((values ?? '').split(',').map((one) => one.trim()));
    return set === 'in'
      ? (labels) => labels[key] !== undefined && wanted.has(text(labels[key]))
      : (labels) => labels[key] === undefined || !wanted.has(text(labels[key]));
  }
  switch (operator) {
    case undefined:
      return (labels) => labels[key] !== undefined;
    case '!=':
      return (labels) => labels[key] !== value;
    case '>':
      return (labels) => labels[key] !== undefined && Number(labels[key]) > Number(value);
    case '<':
      return (labels) => labels[key] !== undefined && Number(labels[key]) < Number(value);
    default:
      return (labels) => labels[key] === value;
  }
}

function unparsable(source: string): Error {
  const found = /[=!<>()]/.exec(source.replace(/^[^=!<>()]*(?:==|!=|=|<|>)?/, ''))?.[0] ?? source.trim();
  return badRequest(`unable to parse requirement: found '${found}', expected: identifier`);
}

type FieldReader = (object: Json) => string;

const path =
  (...keys: readonly string[]): FieldReader =>
  (object) =>
    scalarText(at(object, keys));

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const builtInFields: Readonly<Record<string, Readonly<Record<string, FieldReader>>>> = {
  '/pods': {
    'spec.nodeName': path('spec', 'nodeName'),
    'spec.restartPolicy': path('spec', 'restartPolicy'),
    'spec.schedulerName': path('spec', 'schedulerName'),
    'spec.serviceAccountName': path('spec', 'serviceAccountName'),
    'spec.hostNetwork': (object) => String(at(object, ['spec', 'hostNetwork']) === true),
    'status.phase': path('status', 'phase'),
    'status.podIP': path('status', 'podIP'),
    'status.nominatedNodeName': path('status', 'nominatedNodeName'),
  },
  '/events': {
    ...Object.fromEntries(involved.map((key) => [`involvedObject.${key}`, path('involvedObject', key)])),
    ...Object.fromEntries(involved.map((key) => [`regarding.${key}`, path('involvedObject', key)])),
    reason: path('reason'),
    type: path('type'),
    reportingComponent: path('reportingComponent'),
    reportingController: path('reportingComponent'),
    source: (object) => text(at(object, ['source', 'component'])) || text(object.reportingComponent),
  },
  '/secrets': { type: path('type') },
  '/namespaces': { 'status.phase': path('status', 'phase') },
  '/nodes': { 'spec.unschedulable': (object) => String(at(object, ['spec', 'unschedulable']) === true) },
  '/services': { 'spec.type': path('spec', 'type'), 'spec.clusterIP': path('spec', 'clusterIP') },
  'apps/replicasets': { 'status.replicas': path('status', 'replicas') },
  'batch/jobs': { 'status.successful': path('status', 'succeeded') },
};

/** Field selectors work on the stored object. @throws ApiFailure 400 for a field that cannot be selected by */
export function fieldSelector(source: string, type: ResourceType): Matcher | undefined {
  if (source.trim() === '') return undefined;
  const tests = source.split(',').map((term) => fieldTest(term.trim(), type));
  return (object) => tests.every((test) => test(object));
}

function fieldTest(term: string, type: ResourceType): Matcher {
  const match = /^(?<field>[^=!]+)(?<operator>==|!=|=)(?<value>.*)$/.exec(term)?.groups;
  if (match === undefined) {
    throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  }
  const read = readerOf(match.field ?? '', type);
  const wanted = (match.value ?? '').replaceAll(/\\([\\,=])/g, '$1');
  const same = match.operator !== '!=';
  return (object) => (read(object) === wanted) === same;
}

function readerOf(field: string, type: ResourceType): FieldReader {
  if (field === 'metadata.name') return path('metadata', 'name');
  if (field === 'metadata.namespace') return path('metadata', 'namespace');
  const known = builtInFields[type.key];
  const reader = known?.[field] ?? selectable(field, type);
  if (reader !== undefined) return reader;
  throw badRequest(
    known === undefined
      ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
      : `field label not supported: ${field}`,
  );
}

/** A custom resource's `selectableFields`. */
function selectable(field: string, type: ResourceType): FieldReader | undefined {
  const versions = objects(objectOf(type.definition?.spec).versions);
  const listed = versions.some((version) =>
    objects(version.selectableFields).some((one) => text(one.jsonPath) === `.${field}`),
  );
  if (!listed) return undefined;
  const read = compileJsonPath(`.${field}`);
  return (object) => scalarText(read(object)[0]);
}
