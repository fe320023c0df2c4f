/** The parts of metadata that speak of others: who owns an object, and who must let it go. */

import { cause, type FieldCause } from '../field-cause.ts';
import { equal, type Json, objectOf, objects, text, texts } from '../json.ts';
import { keyFaults } from '../label-faults.ts';
import { nameProblems } from '../names.ts';
import type { Operation } from './operation.ts';

const version = /^[^/]+(\/[^/]+)?$/;

/** What is wrong with `metadata.ownerReferences`. */
export function ownerFaults(owners: readonly Json[]): FieldCause[] {
  const found = owners.flatMap((owner) => {
    const empty = ['kind', 'name', 'uid'].filter((field) => text(owner[field]) === '');
    return [
      ...(version.test(text(owner.apiVersion))
        ? []
        : [fault('apiVersion', owner.apiVersion, 'version must not be empty')]),
      ...empty.map((field) => fault(field, '', 'must not be empty')),
      ...(isEvent(owner)
        ? [cause.invalid('metadata.ownerReferences', owner, `${kindText(owner)} is disallowed from being an owner`)]
        : []),
    ];
  });
  const controllers = owners.filter((owner) => owner.controller === true);
  if (controllers.length < 2) return found;
  const names = controllers.slice(0, 2).map((owner) => `${text(owner.kind)}/${text(owner.name)}`);
  const why = `Only one reference can have Controller set to true. Found "true" in references for ${names.join(' and ')}`;
  return [...found, cause.invalid('metadata.ownerReferences', owners, why)];
}

const fault = (field: string, value: unknown, why: string): FieldCause =>
  cause.invalid(`metadata.ownerReferences.${field}`, text(value), why);

const isEvent = (owner: Json): boolean =>
  owner.kind === 'Event' && ['v1', 'events.k8s.io/v1'].includes(text(owner.apiVersion));

/** As Go prints a kind: the core group is the empty one. */
function kindText({ apiVersion, kind }: Json): string {
  const place = text(apiVersion);
  return `${place.includes('/') ? place : `/${place}`}, Kind=${text(kind)}`;
}

const standard = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** @param needsPrefix those of most built-in kinds do, unless they are Kubernetes' own */
export function finalizerFaults(finalizers: readonly string[], needsPrefix: boolean): FieldCause[] {
  return finalizers.flatMap((finalizer, index) => {
    const [prefix = '', name] = finalizer.split('/');
    if (name !== undefined) {
      const problems = nameProblems(prefix, 'subdomain');
      return problems.map((problem) => cause.invalid('metadata.finalizers', finalizer, `prefix part ${problem}`));
    }
    if (!needsPrefix) return keyFaults(finalizer, 'metadata.finalizers');
    if (standard.has(finalizer)) return [];
    const why = 'name is neither a standard finalizer name nor is it fully qualified';
    return [cause.invalid(`metadata.finalizers[${index}]`, finalizer, why)];
  });
}

/** When what a patch led to is looked at. */
export const afterAdmission = ' after mutating admission happens';

/** Drops what is said twice, and tells of it. @param when it is found, if not at once */
export function tidyOwners(operation: Operation, metadata: Json, when = ''): void {
  const owners = objects(metadata.ownerReferences);
  const isRepeated = (owner: Json, index: number): boolean => owners.slice(0, index).some((one) => equal(one, owner));
  const repeated = owners.filter(isRepeated);
  if (repeated.length > 0) {
    const uids = repeated.map((owner) => text(owner.uid));
    metadata.ownerReferences = owners.filter((owner, index) => !isRepeated(owner, index));
    operation.warn(
      `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...new Set(uids)].join(', ')}`,
    );
  }
}

/** Tells of new finalizers that others may come to use too. */
export function reportFinalizers(operation: Operation, { metadata }: Json, live: Json = {}): void {
  if (operation.target.type.definition === undefined) return;
  const known = texts(objectOf(live.metadata).finalizers);
  for (const finalizer of texts(objectOf(metadata).finalizers)) {
    if (known.includes(finalizer) || finalizer.includes('/') || standard.has(finalizer)) continue;
    operation.warn(
      `metadata.finalizers: "${finalizer}": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    );
  }
}
