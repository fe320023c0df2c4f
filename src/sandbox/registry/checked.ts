/** What a client wrote, as what it must be. */
import { createHash } from 'node:crypto';
import { type Digest, isDigest } from '../../api/tag.ts';
import { Refusal } from './refusal.ts';

// 32 bytes or 64, in lower case.
const supported = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
const repositoryName = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const longestName = 255;

/** @throws Refusal 400 */
export function checkedDigest(text: string): Digest {
  if (supported.test(text) && isDigest(text)) return text;
  throw new Refusal(400, 'DIGEST_INVALID', 'a sha256 or sha512 digest is expected');
}

/** @throws Refusal 400 when the bytes have another digest */
export function requireDigest(bytes: Uint8Array, digest: Digest): void {
  const algorithm = digest.slice(0, digest.indexOf(':'));
  if (`${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` === digest) return;
  throw new Refusal(400, 'DIGEST_INVALID', 'the content has another digest');
}

export function isRepositoryName(text: string): boolean {
  return text.length <= longestName && repositoryName.test(text);
}
