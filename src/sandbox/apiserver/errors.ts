/**
 * The refusals of the API server, with the codes, reasons and texts that kube-apiserver uses.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/api/errors/errors.go
 */
import { causeText, type FieldCause } from './field-cause.ts';
import type { Json } from './json.ts';

/** What a resource is called in messages: `deployments.apps`. */
export interface GroupResource {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** An answer that is a `Status`; thrown anywhere below the request handler. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: number;
  readonly reason: string;
  readonly details: Json | undefined;

  constructor(code: number, reason: string, message: string, details?: Json) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  status(): Json {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

function qualified(type: GroupResource): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

function details(type: GroupResource, name: string, rest: Json = {}): Json {
  return {
    ...(name === '' ? {} : { name }),
    ...(type.group === '' ? {} : { group: type.group }),
    kind: type.plural,
    ...rest,
  };
}

export function notFound(type: GroupResource, name: string): ApiFailure {
  return new ApiFailure(404, 'NotFound', `${qualified(type)} "${name}" not found`, details(type, name));
}

export function noSuchResource(): ApiFailure {
  return new ApiFailure(404, 'NotFound', 'the server could not find the requested resource', {});
}

/** @param goes it is there, but not for long */
export function alreadyExists(type: GroupResource, name: string, goes: boolean): ApiFailure {
  const why = `${goes ? 'object is being deleted: ' : ''}${qualified(type)} "${name}" already exists`;
  return new ApiFailure(409, 'AlreadyExists', why, details(type, name));
}

export function conflict(type: GroupResource, name: string, why: string): ApiFailure {
  return new ApiFailure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(type)} "${name}": ${why}`,
    details(type, name),
  );
}

export const modifiedMeanwhile =
  'the object has been modified; please apply your changes to the latest version and try again';

export interface ApplyConflict {
  readonly manager: string;
  readonly field: string;
  readonly message: string;
}

/** Server-side apply met fields that others own. `message` is `conflict with "x" using v1`. */
export function applyConflict(conflicts: readonly ApplyConflict[]): ApiFailure {
  const causes = conflicts.map((found) => ({
    reason: 'FieldManagerConflict',
    message: found.message,
    field: found.field,
  }));
  return new ApiFailure(409, 'Conflict', conflictText(conflicts), { causes });
}

function conflictText(conflicts: readonly ApplyConflict[]): string {
  const first = conflicts[0];
  if (first === undefined) return 'Apply failed';
  if (conflicts.length === 1) return `Apply failed with 1 conflict: ${first.message}: ${first.field}`;
  const groups = Map.groupBy(conflicts, (found) => found.message);
  const lines = [...groups].map(
    ([message, found]) =>
      `${message.replace(/^conflict /, 'conflicts ')}:\n${found.map((one) => `- ${one.field}`).join('\n')}`,
  );
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}

/** `causes` carry the message without the field, as `Required value: ...`. */
export function invalid(type: GroupResource, name: string, causes: readonly FieldCause[]): ApiFailure {
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  // One fault may be found by two checks: told once, listed twice, as kube-apiserver does.
  const lines = [...new Set(causes.map(causeText))];
  const [only = ''] = lines;
  const body = lines.length === 1 ? only : `[${lines.join(', ')}]`;
  return new ApiFailure(422, 'Invalid', `${kind} "${name}" is invalid: ${body}`, {
    ...(name === '' ? {} : { name }),
    ...(type.group === '' ? {} : { group: type.group }),
    ...(type.kind === '' ? {} : { kind: type.kind }),
    causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

export function badRequest(message: string): ApiFailure {
  return new ApiFailure(400, 'BadRequest', message);
}

export function forbidden(type: GroupResource, name: string, why: string, causes?: readonly FieldCause[]): ApiFailure {
  return new ApiFailure(
    403,
    'Forbidden',
    `${qualified(type)}${name === '' ? '' : ` "${name}"`} is forbidden: ${why}`,
    details(type, name, causes === undefined ? {} : { causes }),
  );
}

/** A path that is no resource. */
export function pathForbidden(why: string): ApiFailure {
  return new ApiFailure(403, 'Forbidden', `forbidden: ${why}`, {});
}

export function unauthorized(): ApiFailure {
  return new ApiFailure(401, 'Unauthorized', 'Unauthorized');
}

export function methodNotAllowed(): ApiFailure {
  return new ApiFailure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

/** A path that nothing is served at: the one refusal that is no Status. */
export class PageNotFound extends Error {
  override readonly name = 'PageNotFound';
}

/** `verb` as `kubectl auth can-i` has it. */
export function notSupported(type: GroupResource, verb: string): ApiFailure {
  return new ApiFailure(
    405,
    'MethodNotAllowed',
    `${verb} is not supported on resources of kind "${qualified(type)}"`,
    details(type, ''),
  );
}

/** @param accepted for a body of this use */
export function unsupportedMediaType(accepted: readonly string[]): ApiFailure {
  return new ApiFailure(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

export function notAcceptable(accepted: readonly string[]): ApiFailure {
  return new ApiFailure(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);
}

export function tooOld(asked: number, oldest: number): ApiFailure {
  return new ApiFailure(410, 'Expired', `too old resource version: ${asked} (${oldest})`);
}

export function continueExpired(): ApiFailure {
  return new ApiFailure(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
  );
}

export function tooNew(asked: number, current: number): ApiFailure {
  return new ApiFailure(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export function internalError(message: string): ApiFailure {
  return new ApiFailure(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ message }],
  });
}
