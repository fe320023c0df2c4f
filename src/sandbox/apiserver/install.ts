/** What is in a server before its first request: namespaces, roles, and what its options name. */
import { roleTexts } from './builtin/roles.generated.ts';
import { ApiFailure } from './errors.ts';
import { clone, ensureObject, isObject, type Json, objectOf, text, without } from './json.ts';
import { createObject, ensureNamespaces, systemOperation } from './write/create.ts';
import type { Core, Operation } from './write/operation.ts';
import { liveObject, updateObject } from './write/update.ts';

/** As in every cluster. */
export function installDefaults(core: Core): void {
  ensureNamespaces(core, ['default', 'kube-system', 'kube-public', 'kube-node-lease']);
  for (const role of roleTexts) {
    const object = objectOf(JSON.parse(role));
    const operation = operationFor(core, object);
    if (!isThere(core, operation)) createObject(core, operation, object);
  }
}

/** Creates a cluster-scoped object, or brings what is there up to date; further labels stay. @throws ApiFailure */
export function install(core: Core, object: unknown): void {
  if (!isObject(object)) throw new ApiFailure(400, 'BadRequest', 'what is installed must be an object');
  const operation = operationFor(core, object);
  if (!isThere(core, operation)) {
    createObject(core, operation, clone(object));
    return;
  }
  const live = liveObject(core, operation);
  const next: Json = { ...clone(live), ...clone(without(object, 'metadata', 'status')) };
  const labels = objectOf(objectOf(object.metadata).labels);
  if (Object.keys(labels).length > 0) Object.assign(ensureObject(ensureObject(next, 'metadata'), 'labels'), labels);
  operation.target.version.schema.applyDefaults(next);
  updateObject(core, operation, live, next);
}

function operationFor(core: Core, { apiVersion, kind, metadata }: Json): Operation {
  const [version = '', group = ''] = text(apiVersion).split('/').reverse();
  const type = core.registry.byKind(group, text(kind));
  const target = core.registry.find(group, version, type?.plural ?? '');
  if (target === undefined)
    throw new ApiFailure(400, 'BadRequest', `nothing serves ${text(kind)} of ${text(apiVersion)}`);
  return systemOperation(target, '', text(objectOf(metadata).name));
}

function isThere(core: Core, { target, name }: Operation): boolean {
  return core.store.get(target.type.key, '', name) !== undefined;
}
