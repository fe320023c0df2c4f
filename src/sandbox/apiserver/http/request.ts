/** Requests as the API server sees them: the path taken apart, the query, the body. */
import type { IncomingMessage } from 'node:http';
import { parse as parseYaml } from 'yaml';
import { ApiFailure, badRequest } from '../errors.ts';
import { isObject, type Json } from '../json.ts';
import { decodeProtobuf } from '../protobuf/decode.ts';

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  /** Empty: discovery of the version. */
  readonly plural: string;
  readonly name: string;
  readonly subresource: string;
}

/** `/api/v1/...` and `/apis/<group>/<version>/...`; nothing for other paths. */
export function resourcePath(path: string): ResourcePath | undefined {
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return undefined;
  const group = core ? '' : parts[1];
  const version = parts[core ? 1 : 2];
  if (group === undefined || version === undefined || version === '') return undefined;
  const rest = parts.slice(core ? 2 : 3);
  if (rest.length === 0 || rest[0] === '')
    return { group, version, namespace: '', plural: '', name: '', subresource: '' };
  return { group, version, ...inNamespace(rest) };
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

/** The object in a request's body: JSON, YAML or protocol buffers. @throws ApiFailure 400, 415 */
export function parseObject(contentType: string | undefined, body: Buffer, kind: string): Json {
  const value = parsed(mediaType(contentType), body, kind);
  if (!isObject(value)) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  return value;
}

function parsed(type: string, body: Buffer, kind: string): unknown {
  switch (type) {
    case 'application/vnd.kubernetes.protobuf':
      return decodeProtobuf(body);
    case 'application/yaml':
      return parseYamlBody(body.toString('utf8'));
    case 'application/json':
    case '':
      return parseJson(body.toString('utf8'), kind);
    default:
      throw new ApiFailure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
}

/** The media type without parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** @throws ApiFailure 400 */
export function parseJson(body: string, kind: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'not JSON';
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${body.slice(0, 60)})`,
    );
  }
}

/** YAML, of which JSON is a part. @throws ApiFailure 400 */
export function parseYamlBody(body: string): unknown {
  // Most clients send JSON under the YAML type, and JSON.parse is many times faster.
  if (body.startsWith('{')) {
    try {
      return JSON.parse(body);
    } catch {
      // Flow-style YAML looks the same.
    }
  }
  try {
    return parseYaml(body, { maxAliasCount: 100 });
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : 'not YAML'}`);
  }
}
