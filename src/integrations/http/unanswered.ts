/** Why there is no answer to speak of: in words, and in what it says about whoever was asked. */
import { errorCode } from '../../oci/fault.ts';
import { TooLargeError } from '../../oci/http.ts';
import { HostRefusedError } from './allowed-hosts.ts';

/**
 * `policy`: the controller may not go where the name leads. `name`: nobody knows the name. `connection`: refused, broken,
 * not trusted, or too slow. `redirect`: to where nobody follows. `size`: too much of it. `queue`: it was not asked, too many are.
 */
export type UnansweredBecause = 'policy' | 'name' | 'connection' | 'redirect' | 'size' | 'queue';

/** There is no answer to speak of. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
  readonly because: UnansweredBecause;

  /** @param message for people, without secrets */
  constructor(because: UnansweredBecause, message: string, options?: ErrorOptions) {
    super(message, options);
    this.because = because;
  }
}

/** @param because default: as the error says */
export function unanswered(error: unknown, because: UnansweredBecause = causeOf(error)): UnansweredError {
  if (error instanceof UnansweredError) return error;
  return new UnansweredError(because, faultOf(error), { cause: error });
}

function causeOf(error: unknown): UnansweredBecause {
  if (error instanceof HostRefusedError) return 'policy';
  if (error instanceof TooLargeError) return 'size';
  return /^(ENOTFOUND|EAI_)/.test(errorCode(error) ?? '') ? 'name' : 'connection';
}

function faultOf(error: unknown): string {
  if (error instanceof TooLargeError) return error.message;
  if (!(error instanceof Error)) return 'unknown failure';
  const code = errorCode(error);
  const message = error.message.slice(0, 200);
  // The codes of the library say what its messages say.
  if (code === undefined || code.startsWith('UND_ERR_') || message.includes(code)) return message;
  return `${code} ${message}`.trim();
}
