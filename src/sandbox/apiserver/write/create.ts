/** POST, and the creating half of apply. */
import { isEvent } from '../builtin/events.ts';
import { ApiFailure, alreadyExists, forbidden, invalid, notFound } from '../errors.ts';
import { trackUpdate } from '../fields/managed-fields.ts';
import { ensureObject, type Json, objectOf, optionalText, text } from '../json.ts';
import type { targetOf } from '../resource.ts';
import { dropServerFields, generatedName, metadataFaults, placeInNamespace, tidyMetadata } from './metadata.ts';
import { blankOf, type Core, checkKind, type Operation, reportUnknown, timestamp } from './operation.ts';
import { completeStatus, oddityOf, putObject } from './raw.ts';
import { reportFinalizers, tidyOwners } from './references.ts';
import { checkRevision } from './revision.ts';
import { scaleFaults } from './scale-faults.ts';

const namespaces = { group: '', plural: 'namespaces', kind: 'Namespace' };

/** Creates the object of a request's body; the body is changed. Returns it as it is stored. @throws ApiFailure */
export function createObject(core: Core, operation: Operation, body: Json, fresh = true): Json {
  checkKind(operation, body, 'POST');
  const metadata = ensureObject(body, 'metadata');
  if (operation.target.type.definition === undefined)
    reportUnknown(operation, operation.target.version.schema.decode(body));
  placeInNamespace(operation, metadata);
  if (operation.target.type.definition !== undefined)
    reportUnknown(operation, operation.target.version.schema.decode(body));
  tidyOwners(operation, objectOf(body.metadata));
  operation.target.version.schema.applyDefaults(body);
  if (fresh) dropServerFields(metadata);
  metadata.managedFields = trackUpdate({
    next: body,
    blank: blankOf(operation),
    operation: 'Update',
    manager: operation.manager,
    time: timestamp(core.clock.now()),
    schema: operation.target.version.schema.merge(),
    apiVersion: operation.target.apiVersion,
    hasStatusSubresource: operation.target.version.status,
  });
  return insertObject(core, operation, body, { fresh });
}

/** How an object comes to be created. */
export interface Insertion {
  /** It was sent to be created, not to be updated or applied. */
  readonly fresh: boolean;
  /** What an applied object has that is empty. */
  readonly empty?: readonly string[];
}

/** Stores a new object that is decoded, defaulted and has its managed fields. @throws ApiFailure */
export function insertObject(core: Core, operation: Operation, object: Json, { fresh, empty = [] }: Insertion): Json {
  const { type } = operation.target;
  const now = core.clock.now();
  const metadata = ensureObject(object, 'metadata');
  if (fresh) dropServerFields(metadata);
  else checkRevision(optionalText(metadata.resourceVersion));
  metadata.uid = core.uid();
  metadata.creationTimestamp = timestamp(now);
  if (type.rules.counted !== undefined || type.definition !== undefined) metadata.generation = 1;
  nameIt(core, operation, metadata);
  const name = text(metadata.name);
  checkNamespace(core, operation, name);
  type.rules.prepareCreate?.(object, now);
  tidyMetadata(object);
  const { schema } = operation.target.version;
  type.rules.zeros?.(object);
  const inMetadata = [...metadataFaults(object, type), ...scaleFaults(operation, object)];
  const ofKind = [
    ...schema.validate(object, undefined, inMetadata),
    ...(type.rules.validate?.(object, undefined) ?? []),
  ];
  // The checks of events do not look at their metadata, which is looked at once they have passed.
  const apart = ofKind.length > 0 && isEvent(type.key);
  const faults = apart ? ofKind : [...inMetadata, ...ofKind];
  if (faults.length > 0) throw invalid(type, name, faults);
  reportFinalizers(operation, object);
  operation.admit(operation, { name, object });
  if (!operation.dryRun && fresh && /^\d*[1-9]\d*$/.test(text(metadata.resourceVersion))) {
    throw new ApiFailure(500, '', 'resourceVersion should not be set on objects to be created');
  }
  const present = core.store.get(type.key, operation.namespace, name);
  if (present !== undefined)
    throw alreadyExists(type, name, objectOf(present.metadata).deletionTimestamp !== undefined);
  // Only what is stored loses the one that it came with.
  if (!operation.dryRun || metadata.resourceVersion === '') delete metadata.resourceVersion;
  return putObject(core, operation, name, object, oddityOf(empty, completeStatus(operation, object)));
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
