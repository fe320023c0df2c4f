/** POST, and the creating half of apply. */
import { ApiFailure, alreadyExists, forbidden, invalid, notFound } from '../errors.ts';
import { trackUpdate } from '../fields/managed-fields.ts';
import { ensureObject, type Json, objectOf, optionalText, text } from '../json.ts';
import { shown, storedForm, type targetOf } from '../resource.ts';
import { dropServerFields, generatedName, metadataFaults, placeInNamespace, tidyMetadata } from './metadata.ts';
import { type Core, checkKind, type Operation, reportUnknown, timestamp } from './operation.ts';
import { tidyReferences } from './references.ts';

const namespaces = { group: '', plural: 'namespaces', kind: 'Namespace' };

/** Creates the object of a request's body; the body is changed. Returns it as it is stored. @throws ApiFailure */
export function createObject(core: Core, operation: Operation, body: Json): Json {
  checkKind(operation, body);
  const metadata = ensureObject(body, 'metadata');
  if (operation.target.type.definition === undefined)
    reportUnknown(operation, operation.target.version.schema.decode(body));
  placeInNamespace(operation, metadata);
  if (optionalText(metadata.resourceVersion) !== undefined) {
    throw new ApiFailure(500, '', 'resourceVersion should not be set on objects to be created');
  }
  if (operation.target.type.definition !== undefined)
    reportUnknown(operation, operation.target.version.schema.decode(body));
  operation.target.version.schema.applyDefaults(body);
  dropServerFields(metadata);
  metadata.managedFields = trackUpdate({
    next: body,
    operation: 'Update',
    manager: operation.manager,
    time: timestamp(core.clock.now()),
    schema: operation.target.version.schema.merge(),
    apiVersion: operation.target.apiVersion,
    hasStatusSubresource: operation.target.version.status,
  });
  return insertObject(core, operation, body);
}

/** Stores a new object that is decoded, defaulted and has its managed fields. @throws ApiFailure */
export function insertObject(core: Core, operation: Operation, object: Json): Json {
  const { type } = operation.target;
  const now = core.clock.now();
  const metadata = ensureObject(object, 'metadata');
  dropServerFields(metadata);
  delete metadata.resourceVersion;
  metadata.uid = core.uid();
  metadata.creationTimestamp = timestamp(now);
  if (type.rules.counted !== undefined) metadata.generation = 1;
  nameIt(core, operation, metadata);
  const name = text(metadata.name);
  checkNamespace(core, operation, name);
  type.rules.prepareCreate?.(object, now);
  tidyReferences(operation, object);
  tidyMetadata(object);
  const { schema } = operation.target.version;
  const faults = [
    ...metadataFaults(object, type.rules, type.definition === undefined),
    ...schema.validate(object, undefined),
    ...(type.rules.validate?.(object, undefined) ?? []),
  ];
  if (faults.length > 0) throw invalid(type, name, faults);
  operation.admit(operation, { name, object });
  const present = core.store.get(type.key, operation.namespace, name);
  if (present !== undefined)
    throw alreadyExists(type, name, objectOf(present.metadata).deletionTimestamp !== undefined);
  if (operation.dryRun) return object;
  const stored = core.store.put(type.key, operation.namespace, name, storedForm(operation.target, object));
  return shown(operation.target, stored);
}

function nameIt(core: Core, operation: Operation, metadata: Json): void {
  const prefix = optionalText(metadata.generateName);
  if (optionalText(metadata.name) !== undefined || prefix === undefined) return;
  const { key } = operation.target.type;
  // As kube-apiserver: eight tries, then the clash is told.
  for (let attempt = 0; attempt < 8; attempt += 1) {
    metadata.name = generatedName(prefix, () => core.random());
    if (core.store.get(key, operation.namespace, text(metadata.name)) === undefined) return;
  }
}

/** @throws ApiFailure 404 or 403: objects live only in namespaces that are there and will stay */
function checkNamespace(core: Core, operation: Operation, name: string): void {
  if (operation.namespace === '') return;
  const namespace = core.store.get('/namespaces', '', operation.namespace);
  if (namespace === undefined) throw notFound(namespaces, operation.namespace);
  if (objectOf(namespace.metadata).deletionTimestamp === undefined) return;
  const message = `namespace ${operation.namespace} is being terminated`;
  throw forbidden(
    operation.target.type,
    name,
    `unable to create new content in namespace ${operation.namespace} because it is being terminated`,
    [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }],
  );
}

/** The first versions of things that every cluster has. */
export function ensureNamespaces(core: Core, names: readonly string[]): void {
  const target = core.registry.find('', 'v1', 'namespaces');
  if (target === undefined) return;
  for (const name of names) {
    if (core.store.get('/namespaces', '', name) !== undefined) continue;
    createObject(core, systemOperation(target, '', name), { metadata: { name } });
  }
}

/** A write by the server itself. */
export function systemOperation(target: ReturnType<typeof targetOf>, namespace: string, name: string): Operation {
  return {
    target,
    namespace,
    name,
    subresource: '',
    manager: 'kube-apiserver',
    dryRun: false,
    force: true,
    fieldValidation: 'Ignore',
    warn: () => {},
    admit: () => {},
    mayCreate: () => {},
  };
}
