/**
 * `write` is every change of an object, from a request's body to the store. Here is what all of them share: where it
 * goes, who writes, and how strict the server reads.
 */
import type { Clock } from '../../../kube/clock.ts';
import { definitionName } from '../builtin/definitions.ts';
import { badRequest, invalid } from '../errors.ts';
import { cause } from '../field-cause.ts';
import { isObject, type Json, objectOf, scalarText, text } from '../json.ts';
import type { Registry } from '../registry.ts';
import type { Target } from '../resource.ts';
import type { Store } from '../store.ts';

/** The parts that reads and writes work upon. */
export interface Core {
  readonly store: Store;
  readonly registry: Registry;
  readonly clock: Clock;
  /** In [0, 1): for generated names. */
  random(): number;
  uid(): string;
}

/** What is about to be stored: absent `object` for a deletion, absent `live` for a creation. */
export interface Writing {
  readonly name: string;
  readonly object?: Json;
  readonly live?: Json;
}

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface Operation {
  readonly target: Target;
  /** Empty for cluster-scoped resources. */
  readonly namespace: string;
  readonly name: string;
  readonly subresource: '' | 'status' | 'scale';
  /** `metadata.managedFields[].manager`. */
  readonly manager: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly fieldValidation: FieldValidation;
  /** Goes out as a `Warning` header. */
  warn(text: string): void;
  /** Asks the policies, of an object that is right in itself. @throws ApiFailure */
  admit(operation: Operation, writing: Writing): void;
  /** Asks whether the user may create what a write to it finds missing. @throws ApiFailure 403 */
  mayCreate(): void;
}

/** RFC 3339 in whole seconds, as object metadata has it. */
export function timestamp(now: Temporal.Instant): string {
  return now.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString();
}

/** What Go writes of an object of this kind that nothing was put into. */
export function blankOf({ target }: Operation): Json {
  const blank: Json = {};
  target.type.rules.zeros?.(blank);
  return blank;
}

/** Reports fields that the schema does not know, as strictly as the request asked. @throws ApiFailure 400 */
export function reportUnknown(operation: Operation, unknown: readonly string[]): void {
  reportFaults(
    operation,
    unknown.map((path) => `unknown field "${path}"`),
  );
}

/** @param faults that need not matter. @throws ApiFailure 400 when the request wants them to */
export function reportFaults(operation: Operation, faults: readonly string[]): void {
  if (faults.length === 0 || operation.fieldValidation === 'Ignore') return;
  if (operation.fieldValidation === 'Strict') {
    const { kind } = operation.target.type;
    throw badRequest(
      `${kind} in version "${operation.target.version.name}" cannot be handled as a ${kind}: strict decoding error: ${faults.join(', ')}`,
    );
  }
  for (const fault of faults) operation.warn(fault);
}

/**
 * Checks `apiVersion` and `kind` of a body and fills them in.
 * @param method the kind of a custom resource that is updated is looked at when all else is. @throws ApiFailure 400
 */
export function checkKind(operation: Operation, body: Json, method: 'POST' | 'PUT'): void {
  const { target } = operation;
  const { kind } = target.type;
  checkMetadata(target, body.metadata);
  const version = body.apiVersion ?? (target.type.definition === undefined ? target.apiVersion : '');
  const given = body.kind ?? kind;
  const isLater = target.type.definition !== undefined && body.kind !== undefined && method === 'PUT';
  if (version !== target.apiVersion || (given !== kind && !isLater))
    throw wrongKind(target, scalarText(version), scalarText(given), text(objectOf(body.metadata).name));
  body.apiVersion = target.apiVersion;
  body.kind = given;
}

/** @throws ApiFailure 400 for metadata that is no object */
function checkMetadata({ type, version }: Target, metadata: unknown): void {
  if (metadata === undefined || metadata === null || isObject(metadata)) return;
  const found = Array.isArray(metadata) ? 'array' : typeof metadata;
  throw badRequest(
    `${type.kind} in version "${version.name}" cannot be handled as a ${type.kind}: json: cannot unmarshal ${found} into Go struct field ${type.kind}.metadata of type v1.ObjectMeta`,
  );
}

function wrongKind(target: Target, version: string, given: string, name: string): Error {
  const { kind } = target.type;
  if (target.type.definition !== undefined) {
    return version === target.apiVersion
      ? invalid({ ...target.type, kind: given }, name, [cause.invalid('kind', given, `must be ${kind}`)])
      : badRequest(
          `the API version in the data (${version}) does not match the expected API version (${target.apiVersion})`,
        );
  }
  const [short = '', group = ''] = version.split('/').reverse();
  return badRequest(
    version === target.apiVersion && definitionName(group, short, given) !== undefined
      ? `${given} in version "${version.slice(version.lastIndexOf('/') + 1)}" cannot be handled as a ${kind}: converting (${version.slice(version.lastIndexOf('/') + 1)}.${given}) to (${target.type.group || 'core'}.${kind}): unknown conversion`
      : `${given} in version "${version.slice(version.lastIndexOf('/') + 1)}" cannot be handled as a ${kind}: no kind "${given}" is registered for version "${version}" in scheme "pkg/runtime/scheme.go:111"`,
  );
}
