/**
 * What a manifest's bytes say. An index stays an index: no platform is chosen.
 * https://github.com/opencontainers/image-spec/blob/main/manifest.md
 */
import { createHash } from 'node:crypto';
import { isRecord } from '../api/json.ts';
import { type Digest, isDigest, parseDigest } from '../api/tag.ts';
import { OciError } from './errors.ts';
import { type JsonObject, listAt, objectAt, parseObject, text } from './json.ts';
import { mediaTypes } from './media-types.ts';
import type { ManifestMetadata } from './registry.ts';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

export interface Manifest {
  readonly metadata: ManifestMetadata;
  readonly config: Descriptor | undefined;
  readonly layers: readonly Descriptor[];
}

type Facts = Pick<ManifestMetadata, 'version' | 'revision' | 'created' | 'source' | 'title' | 'description'>;

const annotationPrefix = 'org.opencontainers.image.';
// An annotation may be as long as the manifest; nothing here needs more to be recognised.
const longestValue = 1024;
const manifestTypes = new Set<string>([
  mediaTypes.manifest,
  mediaTypes.index,
  mediaTypes.dockerManifest,
  mediaTypes.dockerList,
]);
const imageConfigTypes = new Set<string>([mediaTypes.config, mediaTypes.dockerConfig]);

export function digestOf(bytes: Uint8Array): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
}

/**
 * @param expected what was asked for, or what the registry claims
 * @throws OciError `KBK_OCI_DIGEST_MISMATCH`; `KBK_OCI_INVALID_RESPONSE` for an algorithm other than sha256 and sha512
 */
export function checkDigest(reference: string, bytes: Uint8Array, expected: Digest): void {
  const algorithm = expected.slice(0, expected.indexOf(':'));
  if (algorithm !== 'sha256' && algorithm !== 'sha512') {
    throw invalid(reference, `has a digest of the unknown algorithm ${algorithm}`);
  }
  const actual = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (actual === expected) return;
  const message = `${reference}: the bytes have digest ${actual} instead of ${expected}; the registry or a proxy changed them`;
  throw new OciError('KBK_OCI_DIGEST_MISMATCH', reference, message, { retryable: true });
}

/**
 * @param contentType of the answer; decides when the manifest names no media type
 * @throws OciError `KBK_OCI_INVALID_RESPONSE`
 */
export function parseManifest(reference: string, bytes: Buffer, digest: Digest, contentType: string): Manifest {
  const json = parseObject(bytes.toString('utf8'));
  if (!json) throw invalid(reference, 'is not a JSON object; check that a registry serves this address');
  if (json.schemaVersion === 1) {
    throw invalid(reference, 'is a Docker schema 1 manifest, which is no longer read; push the image again');
  }
  const mediaType = text(json.mediaType) ?? (contentType.split(';')[0] ?? '').trim();
  if (json.schemaVersion !== 2 || !manifestTypes.has(mediaType)) {
    throw invalid(reference, `is neither an image manifest nor an index (media type "${mediaType.slice(0, 100)}")`);
  }
  const config = objectAt(json, 'config');
  const facts = mergeFacts(readFacts(objectAt(json, 'annotations')), readFacts(objectAt(config, 'annotations')));
  const artifactType = text(json.artifactType) ?? text(config.mediaType) ?? mediaType;
  return {
    metadata: { digest, mediaType, artifactType, ...facts },
    config: readDescriptor(config),
    layers: listAt(json, 'layers').flatMap((layer) => (isRecord(layer) ? (readDescriptor(layer) ?? []) : [])),
  };
}

/** Whether the image's labels may say what the annotations leave out. */
export function lacksFacts({ metadata, config }: Manifest): boolean {
  if (!config || !imageConfigTypes.has(config.mediaType)) return false;
  return metadata.version === undefined || metadata.revision === undefined || metadata.created === undefined;
}

/** Fills in what is still missing from the labels of an image config. */
export function addLabels(metadata: ManifestMetadata, imageConfig: Buffer): ManifestMetadata {
  const json = parseObject(imageConfig.toString('utf8')) ?? {};
  return { ...metadata, ...mergeFacts(metadata, readFacts(objectAt(objectAt(json, 'config'), 'Labels'))) };
}

function readDescriptor(value: JsonObject): Descriptor | undefined {
  const { mediaType, digest, size } = value;
  if (typeof mediaType !== 'string' || typeof digest !== 'string' || !isDigest(digest)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  return { mediaType, digest, size };
}

// https://github.com/opencontainers/image-spec/blob/main/annotations.md
function readFacts(annotations: JsonObject): Facts {
  const read = (key: string) => text(annotations[`${annotationPrefix}${key}`]);
  const short = (value: string | undefined) => ((value?.length ?? 0) > longestValue ? undefined : value);
  return {
    version: short(read('version')),
    revision: short(read('revision')),
    created: instant(short(read('created'))),
    source: short(read('source')),
    title: read('title')?.slice(0, longestValue),
    description: read('description')?.slice(0, longestValue),
  };
}

function mergeFacts(first: Facts, second: Facts): Facts {
  return {
    version: first.version ?? second.version,
    revision: first.revision ?? second.revision,
    created: first.created ?? second.created,
    source: first.source ?? second.source,
    title: first.title ?? second.title,
    description: first.description ?? second.description,
  };
}

// RFC 3339 is narrower than what Temporal reads.
const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

function instant(value: string | undefined): string | undefined {
  if (value === undefined || !rfc3339.test(value)) return undefined;
  try {
    Temporal.Instant.from(value);
    return value;
  } catch {
    return undefined;
  }
}

function invalid(reference: string, fault: string): OciError {
  return new OciError('KBK_OCI_INVALID_RESPONSE', reference, `${reference}: what the registry sent ${fault}`, {
    retryable: false,
  });
}
