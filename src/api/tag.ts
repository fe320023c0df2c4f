/** Tags and digests as the distribution specification writes them. Not just any string: made by parsing only. */
import Type from 'typebox';
import { InvalidValueError } from './errors.ts';

declare const tagBrand: unique symbol;
declare const digestBrand: unique symbol;

/** An OCI tag, or what an old status recorded as one. */
export type Tag = string & { readonly [tagBrand]: true };
/** `algorithm:hex`, for example `sha256:…`. */
export type Digest = string & { readonly [digestBrand]: true };

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
export const TAG_PATTERN = '^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$';
const tagExpression = new RegExp(TAG_PATTERN);
// https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
const digestExpression = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]{32,}$/;

export function isTag(text: string): text is Tag {
  return tagExpression.test(text);
}

/** @throws InvalidValueError when the text cannot be a tag in any registry. */
export function parseTag(text: string): Tag {
  if (isTag(text)) return text;
  throw new InvalidValueError(
    'KBK_API_INVALID_TAG',
    text,
    `"${text.slice(0, 200)}" is not a tag: up to 128 letters, digits, ".", "_" and "-", not starting with "." or "-"`,
  );
}

export function isDigest(text: string): text is Digest {
  return digestExpression.test(text);
}

/** @throws InvalidValueError when the text is not `algorithm:hex`. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new InvalidValueError(
    'KBK_API_INVALID_DIGEST',
    text,
    `"${text.slice(0, 200)}" is not a digest: algorithm:hex is expected, for example sha256:…`,
  );
}

/** A tag in a status: taken as it was written, since history is never refused. */
export const TagSchema = (description: string) => Type.Unsafe<Tag>(Type.String({ description }));
export const DigestSchema = (description: string) => Type.Unsafe<Digest>(Type.String({ description }));
