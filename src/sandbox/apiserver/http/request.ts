/** Requests as the API server sees them: the path taken apart, the query, the body. */
import type { IncomingMessage } from 'node:http';
import { LineCounter, parseDocument } from 'yaml';
import { placedBy, plainValueOf } from '../../yaml.ts';
import { ApiFailure, badRequest, noSuchResource, unsupportedMediaType } from '../errors.ts';
import { isObject, type Json } from '../json.ts';
import { decodeProtobuf } from '../protobuf/decode.ts';
import { duplicateKeys } from './duplicates.ts';

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  /** Empty: discovery of the version. */
  readonly plural: string;
  readonly name: string;
  readonly subresource: string;
}

/** `/api/v1/...` and `/apis/<group>/<version>/...`; nothing for other paths. @throws ApiFailure 400, 404 */
export function resourcePath(path: string): ResourcePath | undefined {
  const parts = path.split('/').slice(1).map(decoded);
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return undefined;
  const group = core ? '' : parts[1];
  const version = parts[core ? 1 : 2];
  if (group === undefined || version === undefined || version === '') return undefined;
  const rest = parts.slice(core ? 2 : 3);
  if (rest[0] === '') throw noSuchResource();
  if (rest.length === 0) return { group, version, namespace: '', plural: '', name: '', subresource: '' };
  return { group, version, ...inNamespace(rest) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`invalid URL escape in "${part.slice(0, 200)}"`);
  }
}

function inNamespace(parts: readonly string[]): Omit<ResourcePath, 'group' | 'version'> {
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = parts;
  const scoped = first === 'namespaces' && third !== '' && third !== 'status' && third !== 'finalize';
  if (scoped) return { namespace: second, plural: third, name: fourth, subresource: fifth };
  return { namespace: '', plural: first, name: second, subresource: third };
}

// As kube-apiserver: 3 MiB.
const largestBody = 3 * 1024 * 1024;

function chunksOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  return request;
}

/** @throws ApiFailure 413 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunksOf(request)) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > largestBody) {
      throw new ApiFailure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${largestBody}`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** What was in a body, and what was wrong with it that need not matter. */
export interface Read<T> {
  readonly value: T;
  /** As `duplicate field "data.a"`. */
  readonly faults: readonly string[];
}

/** The object in a request's body: JSON, YAML or protocol buffers. @throws ApiFailure 400, 415 */
export function readObject(contentType: string | undefined, body: Buffer, kind: string): Read<Json> {
  const { value, faults } = parsed(mediaType(contentType), body, kind);
  if (isObject(value)) return { value, faults };
  if (value === null) return { value: {}, faults };
  throw unrecognized(kind, body.toString('utf8'), `couldn't get version/kind; json parse error: ${notAnObject(value)}`);
}

function parsed(type: string, body: Buffer, kind: string): Read<unknown> {
  switch (type) {
    case 'application/vnd.kubernetes.protobuf':
      return { value: decodeProtobuf(body), faults: [] };
    case 'application/yaml':
      return readYaml(body.toString('utf8'));
    case 'application/json':
    case '':
      return readJson(body.toString('utf8'), kind);
    default:
      throw unsupportedMediaType(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
  }
}

/** The media type without parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** @throws ApiFailure 400 */
function readJson(body: string, kind: string): Read<unknown> {
  try {
    return { value: JSON.parse(body), faults: duplicateKeys(body).map((path) => `duplicate field "${path}"`) };
  } catch {
    throw unrecognized(kind, body, `couldn't get version/kind; json parse error: ${jsonFault(body)}`);
  }
}

/** A body of a patch. @throws ApiFailure 400 */
export function parsePatch(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw badRequest(`error decoding patch: ${jsonFault(body)}`);
  }
}

/** A body that is no object of any kind. */
export function unrecognized(kind: string, body: string, why: string): ApiFailure {
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(body)})`);
}

const longestSummary = 30;

/** As Go shows bytes that it cannot read: text when it looks like JSON, else in hexadecimal. */
function summary(body: string): string {
  const bytes = Buffer.from(body, 'utf8');
  if (bytes.length === 0) return '<empty>';
  const shown = bytes.subarray(0, longestSummary).toString(body.startsWith('{') ? 'utf8' : 'hex');
  return bytes.length > longestSummary ? `${shown} ...` : shown;
}

/** What is wrong with a text that is no JSON, in Go's words for the two most common faults. */
function jsonFault(body: string): string {
  const first = body.trimStart()[0];
  if (first === undefined || '{["'.includes(first)) return 'unexpected end of JSON input';
  return `invalid character '${first}' looking for beginning of value`;
}

function notAnObject(value: unknown): string {
  const found = Array.isArray(value) ? 'array' : typeof value;
  const wanted = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;
  return `json: cannot unmarshal ${found} into Go value of type ${wanted}`;
}

/** YAML, of which JSON is a part. @throws ApiFailure 400 */
export function readYaml(body: string): Read<unknown> {
  // Most clients send JSON under the YAML type, and JSON.parse is many times faster.
  if (body.startsWith('{')) {
    try {
      return { value: JSON.parse(body), faults: [] };
    } catch {
      // Flow-style YAML looks the same.
    }
  }
  try {
    return readDocument(body);
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : 'not YAML'}`);
  }
}

/** A key that is there twice is for the caller to judge. @throws Error; also for what is too deep for the parser */
function readDocument(body: string): Read<unknown> {
  const lineCounter = new LineCounter();
  const document = parseDocument(body, placedBy(lineCounter));
  const fault = document.errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  if (fault !== undefined) throw fault;
  const faults = document.errors.map(({ pos: [from, to] }) => {
    const key = body.slice(from, to).trim();
    return `line ${lineCounter.linePos(from).line}: key "${key}" already set in map`;
  });
  return { value: plainValueOf(document), faults };
}
