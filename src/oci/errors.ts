/** Errors of the room `oci`: what a registry, or the way to it, answered. Never carries a credential. */

export type OciErrorCode =
  | 'KBK_OCI_INVALID_REFERENCE'
  | 'KBK_OCI_INVALID_CREDENTIALS' // a Docker config that does not parse
  | 'KBK_OCI_UNAUTHORIZED' // 401 or 403 after authentication
  | 'KBK_OCI_NOT_FOUND' // 404: repository or manifest unknown
  | 'KBK_OCI_RATE_LIMITED' // 429
  | 'KBK_OCI_UNAVAILABLE' // 5xx, refused, reset, timed out
  | 'KBK_OCI_INVALID_RESPONSE' // not JSON, too big, wrong shape
  | 'KBK_OCI_DIGEST_MISMATCH'
  | 'KBK_OCI_REDIRECT_REFUSED'
  | 'KBK_OCI_INVALID_ARCHIVE'; // a layer that is no archive, too big, or that would write outside its folder

/** The disposition says what a caller does: ask again, wait until an instant, or wait for a change. */
export class OciError extends Error {
  override readonly name = 'OciError';
  readonly code: OciErrorCode;
  /** `registry/repository[:tag|@digest]` that was asked for. */
  readonly reference: string;
  readonly retryable: boolean;
  /** From `Retry-After`. */
  readonly retryAt: Temporal.Instant | undefined;

  constructor(
    code: OciErrorCode,
    reference: string,
    message: string,
    options: { readonly retryable: boolean; readonly retryAt?: Temporal.Instant; readonly cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reference = reference;
    this.retryable = options.retryable;
    this.retryAt = options.retryAt;
  }
}

/** An archive that cannot be written or must not be unpacked. Terminal: only another archive helps. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly code = 'KBK_OCI_INVALID_ARCHIVE' satisfies OciErrorCode;
}
