/** Errors of the room `api`: an object or a value that a user wrote cannot be read as what it claims to be. */

export type ApiErrorCode =
  | 'KBK_API_INVALID_OBJECT'
  | 'KBK_API_INVALID_DURATION'
  | 'KBK_API_INVALID_SELECTOR'
  | 'KBK_API_INVALID_TAG'
  | 'KBK_API_INVALID_DIGEST'
  | 'KBK_API_INVALID_NAME';

/** A value that does not parse. Terminal: only a change of the value helps, so it becomes a condition, never a retry. */
export class InvalidValueError extends Error {
  override readonly name = 'InvalidValueError';
  readonly code: ApiErrorCode;
  /** The text that was refused, cut to 200 characters. */
  readonly value: string;

  constructor(code: ApiErrorCode, value: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.value = value.slice(0, 200);
  }
}

export interface Violation {
  /** JSON pointer of the offending field, for example `/spec/bakeTime`. */
  readonly path: string;
  readonly message: string;
}

/** A whole object that does not fit its schema; carries its identity, so that a condition can be written about it. */
export class InvalidObjectError extends Error {
  override readonly name = 'InvalidObjectError';
  readonly code = 'KBK_API_INVALID_OBJECT';
  readonly kind: string;
  readonly namespace: string;
  readonly objectName: string;
  readonly violations: readonly Violation[];
  /** The object as it was received. */
  readonly object: unknown;

  constructor(
    identity: { kind: string; namespace: string; name: string },
    violations: readonly Violation[],
    object: unknown,
  ) {
    const listed = violations.map((violation) => `${violation.path || '/'} ${violation.message}`).join('; ');
    super(`${identity.kind} ${identity.namespace}/${identity.name} does not fit its schema: ${listed}`);
    this.kind = identity.kind;
    this.namespace = identity.namespace;
    this.objectName = identity.name;
    this.violations = violations;
    this.object = object;
  }
}
