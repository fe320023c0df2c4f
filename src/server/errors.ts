/** Errors of the room `server`: an address that cannot be understood or cannot be had. */

export type ServerErrorCode = 'KBK_SERVER_INVALID_ADDRESS' | 'KBK_SERVER_ADDRESS_UNAVAILABLE';

/** Terminal: only another address helps. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ServerErrorCode;
  /** As it was configured. */
  readonly address: string;

  constructor(code: ServerErrorCode, address: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.address = address;
  }
}
