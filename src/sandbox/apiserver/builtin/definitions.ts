/** Schemas of the built-in kinds, parsed when they are first asked for. */
import { badRequest } from '../errors.ts';
import { isObject, type Json, list, objectOf, objects, remove, text } from '../json.ts';
import { definitionTexts } from './definitions.generated.ts';

const parsed = new Map<string, Json>();
const prefix = '#/components/schemas/';

/** The schema with this definition name; an open one when there is none. */
export function definition(name: string): Json {
  const found = parsed.get(name);
  if (found !== undefined) return found;
  const source = definitionTexts[name];
  const value: unknown = source === undefined ? {} : JSON.parse(source);
  const made = objectOf(value);
  parsed.set(name, made);
  return made;
}

let byKind: Map<string, string> | undefined;

/** The definition's name of a kind, as `io.k8s.api.apps.v1.Deployment`. */
export function definitionName(group: string, version: string, kind: string): string | undefined {
  byKind ??= indexKinds();
  return byKind.get(`${group}/${version}/${kind}`);
}

function indexKinds(): Map<string, string> {
  const index = new Map<string, string>();
  for (const [name, source] of Object.entries(definitionTexts)) {
    if (!source.includes('x-kubernetes-group-version-kind')) continue;
    for (const kind of objects(definition(name)['x-kubernetes-group-version-kind'])) {
      const key = `${text(kind.group)}/${text(kind.version)}/${text(kind.kind)}`;
      // Option kinds (DeleteOptions and so on) name every group; a kind's own definition names one.
      if (!index.has(key)) index.set(key, name);
    }
  }
  return index;
}

function referenceOf(schema: Json): string | undefined {
  const reference = schema.$ref;
  return typeof reference === 'string' && reference.startsWith(prefix) ? reference.slice(prefix.length) : undefined;
}

/** A definition and all it refers to. */
export function closure(name: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (Object.hasOwn(found, next)) continue;
    found[next] = definition(next);
    collect(found[next], waiting);
  }
  return found;
}

function collect(schema: unknown, into: string[]): void {
  if (Array.isArray(schema)) for (const item of schema) collect(item, into);
  if (!isObject(schema)) return;
  const reference = referenceOf(schema);
  if (reference !== undefined) into.push(reference);
  for (const value of Object.values(schema)) collect(value, into);
}

/**
 * Reads an object as Go's decoder would: drops fields that the definition does not know (and returns their paths) and
 * nulls. @throws ApiFailure 400 for a value of a wrong type.
 */
export function decodeBuiltIn(object: Json, name: string, apiVersion: string, kind: string): string[] {
  const unknown: string[] = [];
  const version = apiVersion.slice(apiVersion.lastIndexOf('/') + 1);
  const fault = (why: string): never => {
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
  };
  const refuse = (found: unknown, struct: string, path: string, wanted: string): never =>
    fault(`json: cannot unmarshal ${jsonName(found)} into Go struct field ${struct}.${path} of type ${wanted}`);
  readObject(object, name, '', '', { unknown, fault, refuse });
  return unknown;
}

const wholeTime = '2006-01-02T15:04:05Z07:00';
const exactTime = '2006-01-02T15:04:05.000000Z07:00';

/** @throws ApiFailure 400 for a time of a `MicroTime` that does not say its microseconds, all six digits */
function checkMicroTime(value: unknown, { fault }: Reading): void {
  const rest = typeof value === 'string' ? /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(.*)$/.exec(value)?.[1] : undefined;
  if (rest === undefined || /^\.\d{6}\D/.test(rest)) return;
  fault(`parsing time "${String(value)}" as "${exactTime}": cannot parse "${rest}" as ".000000"`);
}

/** @throws ApiFailure 400 for a text that is not what Go makes of it */
function checkFormat(value: string, format: unknown, { fault }: Reading): void {
  const at = format === 'byte' ? value.search(/[^A-Za-z0-9+/=\r\n]/) : -1;
  if (at !== -1) fault(`illegal base64 data at input byte ${at}`);
  if (format === 'date-time' && Number.isNaN(Date.parse(value)))
    fault(`parsing time "${value}" as "${wholeTime}": cannot parse "${value}" as "2006"`);
}

interface Reading {
  readonly fault: (why: string) => never;
  readonly unknown: string[];
  refuse(found: unknown, struct: string, path: string, wanted: string): never;
}

function readObject(object: Json, name: string, path: string, goPath: string, reading: Reading): void {
  const properties = definition(name).properties;
  if (!isObject(properties)) return;
  const struct = name.slice(name.lastIndexOf('.') + 1);
  for (const [key, value] of Object.entries(object)) {
    const here = path === '' ? key : `${path}.${key}`;
    const property = properties[key];
    if (!isObject(property)) {
      reading.unknown.push(here);
      remove(object, key);
    } else if (value === null || isNothing(value, property, key, definition(name), struct)) remove(object, key);
    else readValue(value, property, { struct, path: here, goPath: goPath === '' ? key : `${goPath}.${key}` }, reading);
  }
}

/** Fields of structs that are left out when they are zero or false, by the struct's name: most can tell that from nothing. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  DeploymentSpec: ['minReadySeconds', 'paused'],
  ReplicaSetSpec: ['minReadySeconds'],
  StatefulSetSpec: ['minReadySeconds'],
  DaemonSetSpec: ['minReadySeconds'],
  DeploymentStatus: ['observedGeneration', 'replicas', 'readyReplicas', 'availableReplicas', 'updatedReplicas'],
  Event: ['count'],
  Container: ['stdin', 'stdinOnce', 'tty'],
};

/** Go leaves out maps and lists that are empty, unless they are required. */
function isNothing(value: unknown, property: Json, key: string, owner: Json, struct: string): boolean {
  if ((value === 0 || value === false) && leftOut[struct]?.includes(key) === true) return true;
  // That nobody owns anything any more is said by an empty list.
  if (list(owner.required).includes(key) || key === 'managedFields') return false;
  if (property.type === 'array') return Array.isArray(value) && value.length === 0;
  return isObject(property.additionalProperties) && isObject(value) && Object.keys(value).length === 0;
}

interface Place {
  readonly struct: string;
  readonly path: string;
  /** Without indices, as Go's messages have it. */
  readonly goPath: string;
}

// Types whose JSON form is their own business.
const opaque = new Set(['IntOrString', 'Quantity', 'RawExtension', 'FieldsV1', 'JSON', 'JSONSchemaPropsOrBool']);

function readValue(value: unknown, schema: Json, place: Place, reading: Reading): void {
  const reference = referenceOf(schema);
  if (reference !== undefined) {
    const short = reference.slice(reference.lastIndexOf('.') + 1);
    if (opaque.has(short) || short.startsWith('JSONSchemaProps')) return;
    const target = definition(reference);
    if (!isObject(target.properties)) {
      if (short === 'MicroTime') checkMicroTime(value, reading);
      readValue(value, target, place, reading);
      return;
    }
    if (!isObject(value)) reading.refuse(value, place.struct, place.goPath, `v1.${short}`);
    else readObject(value, reference, place.path, place.goPath, reading);
    return;
  }
  readPlain(value, schema, place, reading);
}

function readPlain(value: unknown, schema: Json, place: Place, reading: Reading): void {
  switch (schema.type) {
    case 'array': {
      if (!Array.isArray(value))
        return void reading.refuse(value, place.struct, place.goPath, `[]${goType(schema.items)}`);
      const items = objectOf(schema.items);
      for (const [index, item] of value.entries()) {
        readValue(item, items, { ...place, path: `${place.path}[${index}]` }, reading);
      }
      return;
    }
    case 'object': {
      const items = schema.additionalProperties;
      if (!isObject(value)) {
        return void reading.refuse(
          value,
          place.struct,
          place.goPath,
          isObject(items) ? `map[string]${goType(items)}` : 'object',
        );
      }
      if (!isObject(items)) return;
      for (const [key, item] of Object.entries(value)) {
        // A null is Go's empty text.
        if (item === null && items.type === 'string') value[key] = '';
        else readValue(item, items, { ...place, path: `${place.path}.${key}` }, reading);
      }
      return;
    }
    case 'string':
      if (typeof value !== 'string' && schema.format !== 'int-or-string')
        reading.refuse(value, place.struct, place.goPath, goType(schema));
      if (typeof value === 'string') checkFormat(value, schema.format, reading);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') reading.refuse(value, place.struct, place.goPath, 'bool');
      return;
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value))
        reading.refuse(value, place.struct, place.goPath, goType(schema));
  }
}

function goType(schema: unknown): string {
  if (!isObject(schema)) return 'interface {}';
  const reference = referenceOf(schema);
  if (reference !== undefined) return `v1.${reference.slice(reference.lastIndexOf('.') + 1)}`;
  switch (schema.type) {
    case 'integer':
      return schema.format === 'int64' ? 'int64' : 'int32';
    case 'boolean':
      return 'bool';
    default:
      return schema.format === 'byte' ? '[]uint8' : 'string';
  }
}

function jsonName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' && !Number.isInteger(value) ? `number ${value}` : typeof value;
}
