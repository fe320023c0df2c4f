/**
 * Reading Kubernetes' protocol buffers into JSON: kubectl's `create` commands and Go controllers send them. Answers are
 * always JSON, which every client accepts.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
 */
import { definition, definitionName } from '../builtin/definitions.ts';
import { badRequest } from '../errors.ts';
import { isObject, type Json, objectOf } from '../json.ts';
import { messageTexts } from './messages.generated.ts';
import { specialMessage } from './special.ts';
import { fieldsIn, type Wire, WireError } from './wire.ts';

interface Field {
  readonly name: string;
  readonly type: string;
  readonly repeated: boolean;
  readonly map: boolean;
}

const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);
const tables = new Map<string, ReadonlyMap<number, Field>>();

function table(message: string): ReadonlyMap<number, Field> {
  const known = tables.get(message);
  if (known !== undefined) return known;
  const made = new Map<number, Field>();
  for (const entry of (messageTexts[message] ?? '').split(';')) {
    const [number = '', name = '', ...type] = entry.split(' ');
    const map = type[0] === 'map';
    const last = type.at(-1) ?? '';
    made.set(Number(number), { name, map, repeated: last.startsWith('*'), type: last.replace('*', '') });
  }
  tables.set(message, made);
  return made;
}

/** @throws ApiFailure 400 */
export function decodeProtobuf(bytes: Buffer): Json {
  if (!bytes.subarray(0, 4).equals(magic)) {
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  try {
    return decodeEnvelope(bytes.subarray(4));
  } catch (error) {
    if (error instanceof WireError) throw badRequest(`the body is not a protobuf message: ${error.message}`);
    throw error;
  }
}

/** runtime.Unknown: the type, and the object in bytes. */
function decodeEnvelope(bytes: Buffer): Json {
  let [apiVersion, kind] = ['', ''];
  let raw: Buffer = Buffer.alloc(0);
  for (const field of fieldsIn(bytes)) {
    if (field.number === 2) raw = field.bytes;
    if (field.number !== 1) continue;
    for (const part of fieldsIn(field.bytes)) {
      if (part.number === 1) apiVersion = part.bytes.toString('utf8');
      if (part.number === 2) kind = part.bytes.toString('utf8');
    }
  }
  const slash = apiVersion.indexOf('/');
  const group = slash === -1 ? '' : apiVersion.slice(0, slash);
  const name =
    kind === 'DeleteOptions'
      ? 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions'
      : definitionName(group, apiVersion.slice(slash + 1), kind);
  if (name === undefined || messageTexts[name] === undefined) {
    throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
  }
  return { apiVersion, kind, ...decodeMessage(raw, name) };
}

// Go sends a zero for every plain field that is not set; behind a pointer a zero was meant.
const pointers = new Set([
  'activeDeadlineSeconds',
  'allowPrivilegeEscalation',
  'automountServiceAccountToken',
  'backoffLimit',
  'blockOwnerDeletion',
  'completions',
  'controller',
  'defaultMode',
  'enableServiceLinks',
  'gracePeriodSeconds',
  'immutable',
  'maxReplicas',
  'minReplicas',
  'optional',
  'parallelism',
  'partition',
  'port',
  'privileged',
  'progressDeadlineSeconds',
  'readOnlyRootFilesystem',
  'replicas',
  'revisionHistoryLimit',
  'runAsGroup',
  'runAsNonRoot',
  'runAsUser',
  'suspend',
  'terminationGracePeriodSeconds',
  'ttlSecondsAfterFinished',
]);

// Deeper than any real object; a bound against crafted bodies.
const deepest = 100;

function decodeMessage(bytes: Buffer, message: string, depth = 0): Json {
  if (depth > deepest) throw new WireError('nested too deeply');
  const fields = table(message);
  const properties = definition(message).properties;
  const out: Json = {};
  for (const wire of fieldsIn(bytes)) {
    const field = fields.get(wire.number);
    if (field === undefined) continue;
    if (field.map) addEntry(out, field, wire.bytes, depth);
    else if (field.repeated) append(out, field.name, valueOf(field.type, wire, depth));
    else place(out, field.name, valueOf(field.type, wire, depth), properties);
  }
  return out;
}

/** What Go embeds is a message of its own on the wire and part of its parent in JSON. */
function place(out: Json, name: string, value: unknown, properties: unknown): void {
  const embedded = isObject(properties) && !Object.hasOwn(properties, name) && isObject(value);
  if (embedded) Object.assign(out, value);
  else if (value !== undefined && !(isZero(value) && !pointers.has(name))) out[name] = value;
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}

function append(out: Json, name: string, value: unknown): void {
  const list = out[name];
  if (Array.isArray(list)) list.push(value);
  else out[name] = [value];
}

function addEntry(out: Json, field: Field, bytes: Buffer, depth: number): void {
  let key = '';
  let value: unknown = '';
  for (const part of fieldsIn(bytes)) {
    if (part.number === 1) key = part.bytes.toString('utf8');
    if (part.number === 2) value = valueOf(field.type, part, depth);
  }
  out[field.name] = { ...objectOf(out[field.name]), [key]: value };
}

function valueOf(type: string, wire: Wire, depth: number): unknown {
  switch (type) {
    case 'string':
      return wire.bytes.toString('utf8');
    case 'bytes':
      return wire.bytes.toString('base64');
    case 'bool':
      return wire.integer !== 0n;
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
      return Number(BigInt.asIntN(64, wire.integer));
    case 'double':
      return wire.bytes.length === 8 ? wire.bytes.readDoubleLE() : 0;
    default: {
      const special = specialMessage(type, wire.bytes);
      return special === undefined ? decodeMessage(wire.bytes, type, depth + 1) : special.value;
    }
  }
}
