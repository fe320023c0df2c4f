/** Names that are made of other names, and must fit: cut, and told apart by a hash. */
import { createHash } from 'node:crypto';

export const LONGEST_NAME = 253;
export const LONGEST_LABEL = 63;

/** The first hexadecimal digits of SHA-256. */
export function shortHash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

/** So much of a name, without what a name may not end with. */
function cutName(text: string, longest: number): string {
  return text.slice(0, longest).replace(/[^a-z0-9]+$/, '');
}

/** The name cut so far that the hash fits behind it. */
export function hashedName(text: string, longest: number, hash: string): string {
  return `${cutName(text, longest - hash.length - 1)}-${hash}`;
}
