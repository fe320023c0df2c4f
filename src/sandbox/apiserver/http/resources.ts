/** The verbs of one resource: from a request that names it to the answer. */
import type { ServerResponse } from 'node:http';
import {
  ApiFailure,
  badRequest,
  methodNotAllowed,
  noSuchResource,
  notFound,
  notSupported,
  PageNotFound,
  unsupportedMediaType,
} from '../errors.ts';
import { type Json, objectOf, scalarText, text } from '../json.ts';
import { isTrue, writeOptions } from '../options.ts';
import type { Target } from '../resource.ts';
import { storedForm } from '../resource.ts';
import { includeObject, tableOf } from '../table.ts';
import { createObject } from '../write/create.ts';
import { deleteObject, deleteOptions, deletionAnswer } from '../write/delete.ts';
import { type Core, type Operation, reportFaults } from '../write/operation.ts';
import { type PatchType, patchObject } from '../write/patch.ts';
import { readScale, writeScale } from '../write/scale.ts';
import { liveObject, replaceObject } from '../write/update.ts';
import { askPolicies, checkMayCreate } from './admission.ts';
import { sendJson, sendObject } from './answer.ts';
import type { Exchange, ResourceServices } from './exchange.ts';
import { checkRevision, listObjects, selectionOf } from './list.ts';
import { type Representation, representation, type Shape } from './representation.ts';
import { mediaType, parsePatch, type ResourcePath, readBody, readObject, readYaml, unrecognized } from './request.ts';
import { listText, objectText, partial } from './texts.ts';
import { expiredEvent, serveWatch } from './watch.ts';

/** @throws ApiFailure */
export async function serveResource(services: ResourceServices, exchange: Exchange, target: Target): Promise<void> {
  const { path, request } = exchange;
  const method = request.method ?? 'GET';
  checkScope(target, path, method);
  if (target.version.deprecation !== undefined) warning(exchange.response, target.version.deprecation);
  const reads = method === 'GET' || method === 'HEAD';
  if (reads && path.name !== '') {
    serveGet(services, exchange, target);
    return;
  }
  if (reads) {
    serveCollection(services, exchange, target);
    return;
  }
  // What cannot be answered is not done.
  const form = formOf(exchange, target, method === 'DELETE' && path.name === '' ? 'list' : 'one');
  const answer = await write(services, exchange, target);
  await services.flushed();
  if (answer.foreign === true) sendObject(exchange.response, answer.code, answer.object, form.yaml);
  else sendForm(services.core, exchange, target, form, answer.code, answer.object);
}

function formOf({ request, query }: Exchange, { type }: Target, shape: Shape): Representation {
  const form = representation(request.headers.accept, shape, {
    kind: type.kind,
    custom: type.definition !== undefined,
  });
  if (form.form === 'table') includeObject(query);
  return form;
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Namespaced objects live under a namespace; only lists and watches go over all. @throws ApiFailure 404, 405 */
function checkScope(target: Target, path: ResourcePath, method: string): void {
  const { type } = target;
  const custom = type.definition !== undefined;
  const misplaced = type.namespaced ? path.namespace === '' && path.name !== '' : path.namespace !== '';
  if (misplaced) throw custom ? new PageNotFound() : noSuchResource();
  if (!hasSubresource(target, path.subresource)) throw custom ? notFound(type, path.name) : noSuchResource();
  if (method === 'GET' || method === 'HEAD') return;
  const everywhere = type.namespaced && path.namespace === '';
  const withoutName = path.name === '' && (method === 'PUT' || method === 'PATCH');
  const withName = path.name !== '' && method === 'POST';
  const unheard = path.subresource !== '' && method === 'DELETE';
  const gathered = path.name === '' && method === 'DELETE' && !type.verbs.includes('deletecollection');
  if (verbs[method] !== undefined && !everywhere && !withoutName && !withName && !unheard && !gathered) return;
  throw custom && path.name !== '' && path.subresource !== ''
    ? notSupported(type, verbs[method] ?? method)
    : methodNotAllowed();
}

function hasSubresource({ type, version }: Target, name: string): boolean {
  switch (name) {
    case '':
      return true;
    case 'status':
      return version.status;
    case 'scale':
      return version.scale !== undefined;
    default:
      return name === 'finalize' && type.key === '/namespaces';
  }
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

function serveGet(services: ResourceServices, exchange: Exchange, target: Target): void {
  const { core } = services;
  const form = formOf(exchange, target, 'one');
  checkRevision(core.store, target.type, exchange.query);
  const operation = operationOf(services, exchange, target, new Set());
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
  const { query, path, response } = exchange;
  const watches = isTrue(query, 'watch');
  const form = formOf(exchange, target, watches ? 'watch' : 'list');
  const selection = selectionOf(target, path.namespace, path.name, query);
  if (watches) {
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
      // As Go writes a list that nobody made.
      items: items.length === 0 ? null : items.map(partial),
    };
    sendObject(response, 200, list, form.yaml);
    return;
  }
  const options = { include: includeObject(query), now: core.clock.now(), withColumns: true };
  sendObject(response, 200, tableOf(target, items, { ...metadata }, options), form.yaml);
}

async function write(services: ResourceServices, exchange: Exchange, target: Target): Promise<Answer> {
  const { core } = services;
  const { request, path } = exchange;
  const warnings = new Set<string>();
  if (request.method === 'PATCH') patchType(request.headers['content-type'], target);
  const operation = operationOf(services, exchange, target, warnings);
  const body = await readBody(request);
  const answer = warned(exchange.response, warnings, () => perform(core, exchange, operation, body));
  if (path.subresource === 'scale') return { ...answer, foreign: true };
  return answer;
}

/** A refusal comes with the warnings that led to it. */
function warned(response: ServerResponse, warnings: ReadonlySet<string>, work: () => Answer): Answer {
  try {
    return work();
  } finally {
    for (const message of warnings) warning(response, message);
  }
}

function perform(core: Core, exchange: Exchange, operation: Operation, body: Buffer): Answer {
  const { request, path, query } = exchange;
  switch (request.method) {
    case 'POST':
      return { code: 201, object: createObject(core, operation, bodyOf(exchange, operation, body)) };
    case 'PUT': {
      const wanted = bodyOf(exchange, operation, body);
      if (path.subresource === 'scale') return { code: 200, object: writeScale(core, operation, 'replace', wanted) };
      const { object, created } = replaceObject(core, operation, wanted);
      return { code: created ? 201 : 200, object };
    }
    case 'PATCH': {
      const type = patchType(request.headers['content-type'], operation.target);
      const patch = patchOf(operation, type, body.toString('utf8'));
      if (path.subresource === 'scale') return { code: 200, object: writeScale(core, operation, type, patch) };
      const { object, created } = patchObject(core, operation, type, patch);
      return { code: created ? 201 : 200, object };
    }
    case 'DELETE': {
      // Of a request that has a body the query says nothing.
      const options =
        body.length === 0
          ? deleteOptions({}, query)
          : deleteOptions(optionsOf(readObject(request.headers['content-type'], body, 'DeleteOptions').value));
      if (path.name === '') return deleteCollection(core, exchange, operation, options);
      const deleted = deleteObject(core, withDryRun(operation, options), options);
      const object = deletionAnswer(operation, deleted);
      // It was to take its dependents along, and is not gone yet.
      const code = !deleted.gone && options.orphanDependents === false ? 202 : 200;
      return { code, object, foreign: object.kind === 'Status' && operation.target.type.kind !== 'Status' };
    }
    default:
      throw methodNotAllowed();
  }
}

/** The object that a POST or a PUT brings. @throws ApiFailure 400 */
function bodyOf({ request }: Exchange, operation: Operation, body: Buffer): Json {
  const { kind, definition } = operation.target.type;
  const { value, faults } = readObject(request.headers['content-type'], body, kind);
  if (definition !== undefined && text(value.kind) === '') {
    const source = body.toString('utf8');
    throw unrecognized(kind, source, `Object 'Kind' is missing in '${source}'`);
  }
  reportFaults(operation, faults);
  return value;
}

function patchOf(operation: Operation, type: PatchType, source: string): unknown {
  if (type !== 'apply') return parsePatch(source);
  const { value, faults } = readYaml(source);
  reportFaults(operation, faults);
  return value;
}

/** @throws ApiFailure 400 for a body of another kind */
function optionsOf(body: Json): Json {
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = body;
  if (kind === 'DeleteOptions') return body;
  throw badRequest(
    `no kind "${scalarText(kind)}" is registered for version "${scalarText(apiVersion)}" in scheme "pkg/runtime/scheme.go:111"`,
  );
}

function withDryRun(operation: Operation, options: Json): Operation {
  return { ...operation, dryRun: Array.isArray(options.dryRun) && options.dryRun.length > 0 };
}

function deleteCollection(core: Core, exchange: Exchange, operation: Operation, options: Json): Answer {
  const { target } = operation;
  const selection = selectionOf(target, exchange.path.namespace, '', exchange.query);
  const { items, metadata } = listObjects(core.store, selection, exchange.query);
  const body: unknown = JSON.parse(listText(target, items, metadata));
  for (const item of items) {
    const { namespace, name } = objectOf(item.metadata);
    const one = { ...withDryRun(operation, options), namespace: text(namespace), name: text(name) };
    // As kube-apiserver: policies are told no name.
    const admit: Operation['admit'] = (written, writing) => {
      operation.admit(written, { ...writing, name: '' });
    };
    deleteObject(core, { ...one, admit }, options);
  }
  return { code: 200, object: objectOf(body), foreign: true };
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

function patchType(header: string | undefined, target: Target): PatchType {
  const type = patchTypes[mediaType(header)];
  const custom = target.type.definition !== undefined;
  if (custom && (type === undefined || type === 'strategic')) {
    throw unsupportedMediaType(Object.keys(patchTypes).filter((one) => patchTypes[one] !== 'strategic'));
  }
  if (type === undefined) throw new ApiFailure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  return type;
}

function operationOf(services: ResourceServices, exchange: Exchange, target: Target, warnings: Set<string>): Operation {
  const { path, query, request } = exchange;
  const apply = mediaType(request.headers['content-type']) === 'application/apply-patch+yaml';
  const options = writeOptions(query, request.method ?? 'GET', apply);
  return {
    ...options,
    target,
    namespace: path.namespace,
    name: path.name,
    subresource: path.subresource === 'status' || path.subresource === 'scale' ? path.subresource : '',
    manager: options.manager || (apply ? '' : managerOf(request.headers['user-agent'])),
    warn: (message) => warnings.add(message),
    admit: (written, writing) => {
      askPolicies(services, exchange, written, writing);
    },
    mayCreate: () => {
      checkMayCreate(services, exchange);
    },
  };
}

function managerOf(userAgent: string | undefined): string {
  const name = (userAgent ?? '').split('/', 1)[0]?.slice(0, 128) ?? '';
  return name === '' ? 'unknown' : name;
}
