/** Field selectors as they stand in a query. */
import { badRequest } from './errors.ts';
import { at, type Json, objectOf, objects, scalarText, text } from './json.ts';
import { compileJsonPath } from './json-path.ts';
import type { Matcher } from './label-selector.ts';
import type { ResourceType } from './resource.ts';

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
  // At commas that are not escaped; a comma at the end is nothing.
  const terms = source.split(/(?<!\\),/).filter((term) => term.trim() !== '');
  if (terms.length === 0) return undefined;
  const tests = terms.map((term) => fieldTest(term.trim(), type));
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
  const reader = known !== undefined && Object.hasOwn(known, field) ? known[field] : selectable(field, type);
  if (reader !== undefined) return reader;
  throw badRequest(
    known === undefined && type.definition === undefined
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
