/** The verbs of one resource: from a request that names it to the answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiFailure, badRequest, methodNotAllowed, noSuchResource } from '../errors.ts';
import { type Json, objectOf, text } from '../json.ts';
import type { Target } from '../resource.ts';
import { storedForm } from '../resource.ts';
import { includeObject, tableOf } from '../table.ts';
import { createObject } from '../write/create.ts';
import { deleteObject, deleteOptions, deletionAnswer } from '../write/delete.ts';
import type { Core, FieldValidation, Operation } from '../write/operation.ts';
import { type PatchType, patchObject } from '../write/patch.ts';
import { readScale, writeScale } from '../write/scale.ts';
import { liveObject, replaceObject } from '../write/update.ts';
import { sendJson, sendObject } from './answer.ts';
import { listObjects, selectionOf } from './list.ts';
import { type Representation, representation } from './representation.ts';
import { mediaType, parseJson, parseObject, parseYamlBody, type ResourcePath, readBody } from './request.ts';
import { listText, objectText, partial } from './texts.ts';
import { expiredEvent, serveWatch } from './watch.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: ResourcePath;
  readonly query: URLSearchParams;
}

export interface ResourceServices {
  readonly core: Core;
  /** Resolves when what was written is safe. */
  flushed(): Promise<void>;
  /** Keeps track of open watches, so that closing the server can end them. */
  opened(watch: Disposable, response: ServerResponse): void;
}

/** @throws ApiFailure */
export async function serveResource(services: ResourceServices, exchange: Exchange, target: Target): Promise<void> {
  const { path, request, query } = exchange;
  checkScope(target, path, request.method ?? 'GET');
  if (target.version.deprecation !== undefined) warning(exchange.response, target.version.deprecation);
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (reads && path.name !== '' && !isWatch(query)) {
    serveGet(services, exchange, target);
    return;
  }
  if (reads && path.subresource === '') {
    serveCollection(services, exchange, target);
    return;
  }
  const answer = await write(services, exchange, target);
  await services.flushed();
  sendAnswer(services.core, exchange, target, answer);
}

function isWatch(query: URLSearchParams): boolean {
  return ['true', '1'].includes(query.get('watch') ?? '');
}

/** Namespaced objects live under a namespace; only lists and watches go over all. @throws ApiFailure 404, 405 */
function checkScope(target: Target, path: ResourcePath, method: string): void {
  const { type, version } = target;
  if (!type.namespaced && path.namespace !== '') throw noSuchResource();
  if (type.namespaced && path.namespace === '' && path.name !== '') throw noSuchResource();
  if (type.namespaced && path.namespace === '' && method !== 'GET' && method !== 'HEAD') throw methodNotAllowed();
  const known =
    path.subresource === '' ||
    (path.subresource === 'status' && version.status) ||
    (path.subresource === 'scale' && version.scale !== undefined) ||
    (path.subresource === 'finalize' && type.key === '/namespaces');
  if (!known) throw noSuchResource();
}

function warning(response: ServerResponse, message: string): void {
  // https://www.rfc-editor.org/rfc/rfc7234#section-5.5
  response.appendHeader('warning', `299 - "${message.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', ' ')}"`);
}

interface Answer {
  readonly code: number;
  readonly object: Json;
  /** Not an object of the resource: a Status, a Scale, a list. */
  readonly foreign?: boolean;
}

function serveGet({ core }: ResourceServices, exchange: Exchange, target: Target): void {
  const form = representation(exchange.request.headers.accept, target.type.definition !== undefined);
  const operation = operationOf(exchange, target, []);
  if (exchange.path.subresource === 'scale') {
    sendObject(exchange.response, 200, readScale(core, operation), form.yaml);
    return;
  }
  const live = liveObject(core, operation);
  if (form.form === 'object' && !form.yaml) {
    const stored = core.store.get(target.type.key, exchange.path.namespace, exchange.path.name);
    sendJson(exchange.response, 200, objectText(target, stored ?? live));
    return;
  }
  sendForm(core, exchange, target, form, 200, live);
}

function sendForm(
  core: Core,
  { response, query }: Exchange,
  target: Target,
  form: Representation,
  code: number,
  object: Json,
): void {
  if (form.form === 'metadata') {
    sendObject(response, code, partial(object), form.yaml);
    return;
  }
  if (form.form === 'object') {
    sendObject(response, code, object, form.yaml);
    return;
  }
  const metadata = { resourceVersion: objectOf(object.metadata).resourceVersion };
  const options = { include: includeObject(query), now: core.clock.now(), withColumns: true };
  sendObject(response, code, tableOf(target, [storedForm(target, object)], metadata, options), form.yaml);
}

function serveCollection(services: ResourceServices, exchange: Exchange, target: Target): void {
  const { core } = services;
  const { query, path, response, request } = exchange;
  const form = representation(request.headers.accept, target.type.definition !== undefined);
  const selection = selectionOf(target, path.namespace, path.name, query);
  if (isWatch(query)) {
    try {
      const { store, clock } = core;
      services.opened(serveWatch({ store, clock, selection, query, form: form.form, response }), response);
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.code !== 410) throw error;
      // As kube-apiserver's watch cache: the refusal is the watch's only event.
      sendJson(response, 200, expiredEvent(error));
    }
    return;
  }
  const { items, metadata } = listObjects(core.store, selection, query);
  if (form.form === 'object') {
    const body = listText(target, items, metadata);
    if (form.yaml) sendObject(response, 200, JSON.parse(body), true);
    else sendJson(response, 200, body);
    return;
  }
  if (form.form === 'metadata') {
    const list = {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: items.map(partial),
    };
    sendObject(response, 200, list, form.yaml);
    return;
  }
  const options = { include: includeObject(query), now: core.clock.now(), withColumns: true };
  sendObject(response, 200, tableOf(target, items, { ...metadata }, options), form.yaml);
}

function sendAnswer(core: Core, exchange: Exchange, target: Target, answer: Answer): void {
  const form = representation(exchange.request.headers.accept, target.type.definition !== undefined);
  if (answer.foreign === true) {
    sendObject(exchange.response, answer.code, answer.object, form.yaml);
    return;
  }
  sendForm(core, exchange, target, form, answer.code, answer.object);
}

async function write(services: ResourceServices, exchange: Exchange, target: Target): Promise<Answer> {
  const { core } = services;
  const { request, path } = exchange;
  const warnings: string[] = [];
  const body = await readBody(request);
  const operation = operationOf(exchange, target, warnings);
  const answer = perform(core, exchange, operation, body);
  for (const message of new Set(warnings)) warning(exchange.response, message);
  if (path.subresource === 'scale') return { ...answer, foreign: true };
  return answer;
}

function perform(core: Core, exchange: Exchange, operation: Operation, body: Buffer): Answer {
  const { request, path, query } = exchange;
  const { kind } = operation.target.type;
  switch (request.method) {
    case 'POST':
      if (path.name !== '') throw methodNotAllowed();
      return {
        code: 201,
        object: createObject(core, operation, parseObject(request.headers['content-type'], body, kind)),
      };
    case 'PUT': {
      if (path.name === '') throw methodNotAllowed();
      const wanted = parseObject(request.headers['content-type'], body, kind);
      if (path.subresource === 'scale') return { code: 200, object: writeScale(core, operation, 'replace', wanted) };
      const { object, created } = replaceObject(core, operation, wanted);
      return { code: created ? 201 : 200, object };
    }
    case 'PATCH': {
      if (path.name === '') throw methodNotAllowed();
      const type = patchType(request.headers['content-type'], operation);
      const source = body.toString('utf8');
      const patch = type === 'apply' ? parseYamlBody(source) : parseJson(source, kind);
      if (path.subresource === 'scale') return { code: 200, object: writeScale(core, operation, type, patch) };
      const { object, created } = patchObject(core, operation, type, patch);
      return { code: created ? 201 : 200, object };
    }
    case 'DELETE': {
      const options = deleteOptions(
        body.length === 0 ? {} : parseObject(request.headers['content-type'], body, 'DeleteOptions'),
        query,
      );
      if (path.name === '') return deleteCollection(core, exchange, operation, options);
      const deleted = deleteObject(core, withDryRun(operation, options), options);
      const object = deletionAnswer(operation, deleted);
      return { code: 200, object, foreign: object.kind === 'Status' && operation.target.type.kind !== 'Status' };
    }
    default:
      throw methodNotAllowed();
  }
}

function withDryRun(operation: Operation, options: Json): Operation {
  return Array.isArray(options.dryRun) && options.dryRun.length > 0 ? { ...operation, dryRun: true } : operation;
}

function deleteCollection(core: Core, exchange: Exchange, operation: Operation, options: Json): Answer {
  const { target } = operation;
  const selection = selectionOf(target, exchange.path.namespace, '', exchange.query);
  const { items, metadata } = listObjects(core.store, selection, exchange.query);
  const body: unknown = JSON.parse(listText(target, items, metadata));
  for (const item of items) {
    const { namespace, name } = objectOf(item.metadata);
    deleteObject(core, { ...withDryRun(operation, options), namespace: text(namespace), name: text(name) }, options);
  }
  return { code: 200, object: objectOf(body), foreign: true };
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

function patchType(header: string | undefined, operation: Operation): PatchType {
  const type = patchTypes[mediaType(header)];
  if (type === undefined) throw new ApiFailure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  if (type === 'strategic' && operation.target.type.definition !== undefined) {
    throw new ApiFailure(
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    );
  }
  return type;
}

function operationOf(exchange: Exchange, target: Target, warnings: string[]): Operation {
  const { path, query, request } = exchange;
  const apply = mediaType(request.headers['content-type']) === 'application/apply-patch+yaml';
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All' && value !== '')) {
    throw badRequest(`dryRun: Unsupported value: "${dryRun.join(',')}": supported values: "All"`);
  }
  return {
    target,
    namespace: path.namespace,
    name: path.name,
    subresource: path.subresource === 'status' || path.subresource === 'scale' ? path.subresource : '',
    manager: query.get('fieldManager') || (apply ? '' : managerOf(request.headers['user-agent'])),
    dryRun: dryRun.includes('All'),
    force: query.get('force') === 'true',
    fieldValidation: fieldValidation(query.get('fieldValidation')),
    warn: (message) => warnings.push(message),
  };
}

function managerOf(userAgent: string | undefined): string {
  const name = (userAgent ?? '').split('/', 1)[0]?.slice(0, 128) ?? '';
  return name === '' ? 'unknown' : name;
}

function fieldValidation(asked: string | null): FieldValidation {
  return asked === 'Strict' || asked === 'Ignore' ? asked : 'Warn';
}
