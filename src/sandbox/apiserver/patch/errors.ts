/**
 * `patch` applies the patch formats but server-side apply, as pure functions of documents. Here: a patch that cannot be
 * read or does not fit the document.
 */

import { goText, type Json } from '../json.ts';

/**
 * `invalid` becomes 422 (or 400 for a malformed body), `test-failed` is a JSON patch `test` that did not hold: 422. With
 * what is `unreckoned`, as an item of a list without its key, kube-apiserver does not reckon: 500.
 */
export type PatchErrorCode = 'invalid' | 'test-failed' | 'unreckoned';

export class PatchError extends Error {
  override readonly name = 'PatchError';
  readonly code: PatchErrorCode;

  constructor(code: PatchErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A `$patch` that says nothing known. */
export function unknownDirective(patch: Json): PatchError {
  return new PatchError('unreckoned', `unknown patch type: ${goText(patch.$patch)} in map: ${goText(patch)}`);
}

/** A key that JavaScript would follow to a prototype is refused wherever a patch would write it. */
export function checkedKey(key: string): string {
  if (key === '__proto__') throw new PatchError('invalid', 'the key "__proto__" is not allowed in a patch');
  return key;
}
