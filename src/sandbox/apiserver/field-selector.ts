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

/** The parts of a selector. @throws ApiFailure 400 for a text that is none */
export function selectorTerms(source: string): readonly Term[] {
  // At commas that are not escaped; a comma at the end is nothing.
  return source
    .split(/(?<!\\),/)
    .filter((term) => term.trim() !== '')
    .map((term) => parsedTerm(term.trim()));
}

/** Field selectors work on the stored object. @throws ApiFailure 400 for a field that cannot be selected by */
export function fieldSelector(source: string, type: ResourceType): Matcher | undefined {
  const terms = selectorTerms(source);
  if (terms.length === 0) return undefined;
  const tests = terms.map((term) => fieldTest(term, type));
  return (object) => tests.every((test) => test(object));
}

/** The name that a selector asks for, if it asks for one. */
export function nameIn(terms: readonly Term[]): string | undefined {
  return terms.find(({ field, same, wanted }) => field === 'metadata.name' && same && wanted !== '')?.wanted;
}

interface Term {
  readonly field: string;
  readonly same: boolean;
  readonly wanted: string;
}

/** @throws ApiFailure 400 */
function parsedTerm(term: string): Term {
  const match = /^(?<field>[^=!]+)(?<operator>==|!=|=)(?<value>.*)$/.exec(term)?.groups;
  if (match === undefined) {
    throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  }
  return { field: match.field ?? '', same: match.operator !== '!=', wanted: unescaped(match.value ?? '') };
}

function fieldTest({ field, same, wanted }: Term, type: ResourceType): Matcher {
  const read = readerOf(field, type);
  return (object) => (read(object) === wanted) === same;
}

/** @throws ApiFailure 400 */
function unescaped(value: string): string {
  const bare = /^(?:[^\\,=]|\\.)*?([,=])/.exec(value)?.[1];
  if (bare === undefined) return value.replaceAll(/\\([\\,=])/g, '$1');
  throw badRequest(`invalid field selector: unescaped character in value: ${bare.codePointAt(0) ?? 0}`);
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
