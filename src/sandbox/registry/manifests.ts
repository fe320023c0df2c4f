/** Manifests, tags and referrers: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints */

import { isRecord } from '../../api/json.ts';
import { type Digest, isDigest, isTag } from '../../api/tag.ts';
import { type JsonObject, listAt, objectAt, parseObject, text } from '../../oci/json.ts';
import { digestOf } from '../../oci/manifest.ts';
import { mediaTypes } from '../../oci/media-types.ts';
import { unsupported } from './blobs.ts';
import { checkedDigest, requireDigest } from './checked.ts';
import { type Answer, type Call, json } from './exchange.ts';
import { Refusal } from './refusal.ts';
import { type Store, type StoredManifest, subjectOf } from './store.ts';

export interface ManifestHandlers {
  manifest(call: Call, repository: string, reference: string): Promise<Answer>;
  tags(call: Call, repository: string): Answer;
  referrers(call: Call, repository: string, digest: string): Answer;
  catalog(call: Call): Answer;
}

const largestManifest = 4 * 1024 * 1024;

export function createManifestHandlers(store: Store): ManifestHandlers {
  function find(repository: string, reference: string): StoredManifest {
    const digest = isTag(reference) ? store.resolve(repository, reference) : checkedDigest(reference);
    const manifest = digest === undefined ? undefined : store.manifest(repository, digest);
    if (manifest) return manifest;
    throw new Refusal(404, 'MANIFEST_UNKNOWN', `the repository has no manifest ${reference}`);
  }

  async function put(call: Call, repository: string, reference: string): Promise<Answer> {
    const bytes = await call.read(largestManifest);
    const digest = isTag(reference) ? digestOf(bytes) : checkedDigest(reference);
    requireDigest(bytes, digest);
    const content = parseObject(bytes.toString('utf8'));
    if (!content) throw new Refusal(400, 'MANIFEST_INVALID', 'the manifest is not a JSON object');
    const mediaType = readMediaType(call, content);
    requireParts(repository, content);
    const subject = subjectOf(bytes);
    const tag = isTag(reference) ? reference : undefined;
    await store.addManifest(repository, { digest, mediaType, bytes, subject }, tag);
    return {
      status: 201,
      headers: {
        location: `/v2/${repository}/manifests/${digest}`,
        'docker-content-digest': digest,
        ...(subject && { 'oci-subject': subject }),
      },
    };
  }

  // What a manifest names must be there, save for layers that lie elsewhere by their nature.
  function requireParts(repository: string, manifest: JsonObject): void {
    const config = objectAt(manifest, 'config');
    const layers = listAt(manifest, 'layers').filter(isRecord);
    for (const part of 'config' in manifest ? [config, ...layers] : layers) {
      const isForeign = /foreign|nondistributable/.test(text(part.mediaType) ?? '');
      if (isForeign || store.hasBlob(repository, digestIn(part))) continue;
      throw new Refusal(400, 'MANIFEST_BLOB_UNKNOWN', `blob ${digestIn(part)} is not in the repository; push it first`);
    }
    for (const child of listAt(manifest, 'manifests').filter(isRecord)) {
      if (store.manifest(repository, digestIn(child))) continue;
      throw new Refusal(400, 'MANIFEST_BLOB_UNKNOWN', `manifest ${digestIn(child)} is not in the repository`);
    }
  }

  return {
    async manifest(call, repository, reference) {
      if (!isTag(reference)) checkedDigest(reference);
      if (call.method === 'PUT') return put(call, repository, reference);
      const found = find(repository, reference);
      if (call.method === 'DELETE') {
        await (isTag(reference)
          ? store.removeTag(repository, reference)
          : store.removeManifest(repository, found.digest));
        return { status: 202 };
      }
      if (call.method !== 'GET' && call.method !== 'HEAD') throw unsupported(call);
      const headers = {
        'content-type': found.mediaType,
        'docker-content-digest': found.digest,
        etag: `"${found.digest}"`,
      };
      if (call.header('if-none-match') === headers.etag) return { status: 304, headers };
      return { status: 200, headers, body: found.bytes };
    },

    tags(call, repository) {
      requireRead(call);
      if (!store.hasRepository(repository)) throw new Refusal(404, 'NAME_UNKNOWN', 'there is no such repository');
      const { page, headers } = pageOf(call, store.tags(repository));
      return json(200, { name: repository, tags: page }, headers);
    },

    referrers(call, repository, text) {
      requireRead(call);
      const wanted = call.url.searchParams.get('artifactType');
      const all = store.referrers(repository, checkedDigest(text)).map(describeReferrer);
      const manifests = wanted === null ? all : all.filter(({ artifactType }) => artifactType === wanted);
      const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
      const contentType = { 'content-type': mediaTypes.index };
      return json(
        200,
        index,
        wanted === null ? contentType : { ...contentType, 'oci-filters-applied': 'artifactType' },
      );
    },

    catalog(call) {
      requireRead(call);
      const { page, headers } = pageOf(call, store.repositories());
      return json(200, { repositories: page }, headers);
    },
  };
}

function requireRead(call: Call): void {
  if (call.method !== 'GET' && call.method !== 'HEAD') throw unsupported(call);
}

function readMediaType(call: Call, content: JsonObject): string {
  const sent = (call.header('content-type')?.split(';')[0] ?? '').trim();
  const written = text(content.mediaType);
  if (written !== undefined && sent !== '' && written !== sent) {
    throw new Refusal(400, 'MANIFEST_INVALID', `the content type is ${sent}, the manifest says ${written}`);
  }
  const mediaType = written ?? sent;
  if (mediaType === '' || content.schemaVersion === 1) {
    throw new Refusal(
      400,
      'MANIFEST_INVALID',
      'an OCI manifest, an OCI index or a Docker schema 2 manifest is expected',
    );
  }
  return mediaType;
}

function digestIn(descriptor: JsonObject): Digest {
  const { digest } = descriptor;
  if (typeof digest === 'string' && isDigest(digest)) return digest;
  throw new Refusal(400, 'MANIFEST_INVALID', 'the manifest has a descriptor without a digest');
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
function describeReferrer({ bytes, digest, mediaType }: StoredManifest) {
  const content = parseObject(bytes.toString('utf8')) ?? {};
  const artifactType = text(content.artifactType) ?? text(objectAt(content, 'config').mediaType);
  const annotations = isRecord(content.annotations) ? { annotations: content.annotations } : {};
  return {
    mediaType,
    digest,
    size: bytes.length,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...annotations,
  };
}

function pageOf(call: Call, sorted: readonly string[]): { page: readonly string[]; headers: Record<string, string> } {
  const { searchParams, pathname } = call.url;
  const last = searchParams.get('last');
  const rest = last === null ? sorted : sorted.filter((one) => one > last);
  const wanted = searchParams.get('n');
  if (wanted === null) return { page: rest, headers: {} };
  if (!/^\d{1,9}$/.test(wanted)) throw new Refusal(400, 'UNSUPPORTED', '`n` is not a number');
  const page = rest.slice(0, Number(wanted));
  const end = page.at(-1);
  if (page.length === rest.length || end === undefined) return { page, headers: {} };
  const next = `${pathname}?n=${wanted}&last=${encodeURIComponent(end)}`;
  return { page, headers: { link: `<${next}>; rel="next"` } };
}
