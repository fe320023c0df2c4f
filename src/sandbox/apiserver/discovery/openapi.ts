/**
 * OpenAPI v2 and v3 as far as kubectl reads them: the schemas, and of each path which kind it serves and how it may be
 * patched. https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-interface-definition
 */
import { createHash } from 'node:crypto';
import { isObject, type Json } from '../json.ts';
import type { Registry } from '../registry.ts';
import { apiVersionOf, type ResourceType, type ServedVersion } from '../resource.ts';
import { servedGroups } from './discovery.ts';

const info = { title: 'Kubernetes', version: 'v1.35.1' };

interface Served {
  readonly type: ResourceType;
  readonly version: ServedVersion;
}

function served(registry: Registry, group: string, version: string): Served[] {
  return registry.all().flatMap((type) => {
    const found = type.versions.get(version);
    return type.group !== group || found === undefined ? [] : [{ type, version: found }];
  });
}

export class OpenApi {
  readonly #registry: Registry;
  #generation = -1;
  readonly #documents = new Map<string, string>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** `/openapi/v3` */
  index(): string {
    return this.#cached('index', () => {
      const paths = this.#groupVersions().map(({ path }): [string, Json] => {
        const hash = createHash('sha512')
          .update(this.v3(path) ?? '')
          .digest('hex')
          .toUpperCase();
        return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
      });
      return { paths: Object.fromEntries(paths) };
    });
  }

  /** `/openapi/v3/<path>`, as `apis/apps/v1`; nothing when it is not served. */
  v3(path: string): string | undefined {
    const found = this.#groupVersions().find((one) => one.path === path);
    if (found === undefined) return undefined;
    return this.#cached(path, () => {
      const all = served(this.#registry, found.group, found.version);
      const paths = merged(all.map((one) => pathsOf(one, 'v3')));
      const schemas = merged(all.map((one) => one.version.schema.definitions()));
      return { openapi: '3.0.0', info, paths, components: { schemas } };
    });
  }

  /** `/openapi/v2` */
  v2(): string {
    return this.#cached('v2', () => {
      const all = this.#groupVersions().flatMap(({ group, version }) => served(this.#registry, group, version));
      const paths = merged(all.map((one) => pathsOf(one, 'v2')));
      const definitions = asV2(merged(all.map((one) => one.version.schema.definitions())));
      return { swagger: '2.0', info, paths, definitions };
    });
  }

  #groupVersions(): { group: string; version: string; path: string }[] {
    return servedGroups(this.#registry).flatMap(({ name: group, versions }) =>
      versions.map((version) => ({
        group,
        version,
        path: group === '' ? `api/${version}` : `apis/${group}/${version}`,
      })),
    );
  }

  #cached(key: string, make: () => unknown): string {
    if (this.#generation !== this.#registry.generation) {
      this.#documents.clear();
      this.#generation = this.#registry.generation;
    }
    const known = this.#documents.get(key);
    if (known !== undefined) return known;
    const made = JSON.stringify(make());
    this.#documents.set(key, made);
    return made;
  }
}

function merged(parts: readonly Readonly<Json>[]): Json {
  return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
}

/** References, and what OpenAPI v2 has no word for. */
function asV2(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asV2);
  if (!isObject(schema)) return schema;
  const out: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$ref' && typeof value === 'string')
      out.$ref = value.replace('#/components/schemas/', '#/definitions/');
    else if (['anyOf', 'oneOf', 'allOf', 'not', 'nullable'].includes(key)) continue;
    else out[key] = asV2(value);
  }
  return out;
}

const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
const strategic = 'application/strategic-merge-patch+json';
const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'];

type Dialect = 'v2' | 'v3';

function parameters(names: readonly string[], dialect: Dialect): Json[] {
  return names.map((name) => ({
    name,
    in: 'query',
    ...(dialect === 'v2' ? { type: 'string', uniqueItems: true } : { schema: { type: 'string', uniqueItems: true } }),
  }));
}

function pathsOf({ type, version }: Served, dialect: Dialect): Json {
  const [definition = ''] = Object.keys(version.schema.definitions());
  const kind = { group: type.group, kind: type.kind, version: version.name };
  const root = type.group === '' ? '/api' : '/apis';
  const base = `${root}/${apiVersionOf(type.group, version.name)}${type.namespaced ? '/namespaces/{namespace}' : ''}/${type.plural}`;
  const operation = (action: string, names: readonly string[], rest: Json = {}): Json => ({
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kind,
    parameters: parameters(names, dialect),
    responses: { '200': response(definition, dialect) },
    ...rest,
  });
  return {
    [base]: { get: operation('list', []), post: operation('post', writeParameters, bodyOf(definition, dialect)) },
    [`${base}/{name}`]: {
      get: operation('get', []),
      put: operation('put', writeParameters, bodyOf(definition, dialect)),
      patch: operation('patch', [...writeParameters, 'force'], patchBody(type, dialect)),
      delete: operation('delete', ['dryRun', 'gracePeriodSeconds', 'propagationPolicy']),
    },
  };
}

function response(definition: string, dialect: Dialect): Json {
  if (dialect === 'v2') return { description: 'OK', schema: { $ref: `#/definitions/${definition}` } };
  return {
    description: 'OK',
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${definition}` } } },
  };
}

function bodyOf(definition: string, dialect: Dialect): Json {
  if (dialect === 'v2') return {};
  return { requestBody: { content: { '*/*': { schema: { $ref: `#/components/schemas/${definition}` } } } } };
}

function patchBody(type: ResourceType, dialect: Dialect): Json {
  const types = type.definition === undefined ? [...patchTypes, strategic] : patchTypes;
  if (dialect === 'v2') return { consumes: types };
  return {
    requestBody: { content: Object.fromEntries(types.map((media) => [media, { schema: { type: 'object' } }])) },
  };
}
