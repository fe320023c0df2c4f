/** Pushes images and Flux artifacts: blobs first, then the manifest that names them. */
import { gunzipSync } from 'node:zlib';
import { type Digest, parseTag, type Tag } from '../api/tag.ts';
import { startDeadline } from './deadline.ts';
import { OciError } from './errors.ts';
import { unreachable } from './fault.ts';
import { digestOf } from './manifest.ts';
import { mediaTypes } from './media-types.ts';
import { parseRepository } from './reference.ts';
import type { Access } from './registry.ts';
import { describe, type Target } from './registry-client.ts';
import { packFiles } from './tar.ts';
import { pullScope, type Transport } from './transport.ts';

/** Path to content, for example `{ 'app/index.html': '<p>hello</p>' }`. */
type FileContents = Readonly<Record<string, string | Uint8Array>>;

export interface PushContent {
  /** `registry/repository`. */
  readonly repository: string;
  readonly tag: string;
  readonly files: FileContents;
  /** Of the manifest, for example `org.opencontainers.image.version`. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly access?: Access;
}

export interface ImageContent extends PushContent {
  /** Of the image config. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface PushBlobOptions {
  /** Uploads in pieces of so many bytes; in one piece when absent. */
  readonly chunkBytes?: number;
  /** A repository of the same registry that may have the blob already. */
  readonly mountFrom?: string;
}

const uploadTimeout = 5 * 60_000;
const longestPush = 30 * 60_000;

/** An image of one layer. The same content gives the same digest. @throws OciError, ArchiveError */
export async function pushImage(transport: Transport, content: ImageContent, signal: AbortSignal): Promise<Digest> {
  const layer = packFiles(toFiles(content.files));
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { Labels: content.labels ?? {} },
    rootfs: { type: 'layers', diff_ids: [digestOf(gunzipSync(layer))] },
  };
  return pushContent(transport, content, signal, {
    config: { mediaType: mediaTypes.config, bytes: Buffer.from(JSON.stringify(config)) },
    layer: { mediaType: mediaTypes.layer, bytes: layer },
  });
}

/** An artifact that Flux' OCIRepository reads. The same content gives the same digest. @throws OciError, ArchiveError */
export async function pushArtifact(transport: Transport, content: PushContent, signal: AbortSignal): Promise<Digest> {
  return pushContent(transport, content, signal, {
    config: { mediaType: mediaTypes.fluxConfig, bytes: Buffer.from('{}') },
    layer: { mediaType: mediaTypes.fluxContent, bytes: packFiles(toFiles(content.files)) },
  });
}

/** Uploads a blob unless the registry has it. @throws OciError */
export async function pushBlob(
  transport: Transport,
  target: Target,
  bytes: Uint8Array,
  options: PushBlobOptions,
  signal: AbortSignal,
): Promise<Digest> {
  const digest = digestOf(bytes);
  const reference = describe(target, digest);
  const request = { ...target, reference, scopes: [pushScope(target)], timeout: uploadTimeout };
  if (await hasBlob(transport, target, digest, signal)) return digest;

  const mount = options.mountFrom === undefined ? undefined : parseRepository(options.mountFrom);
  const scopes = mount ? [...request.scopes, pullScope(mount)] : request.scopes;
  const query = mount ? `?mount=${digest}&from=${encodeURIComponent(mount.repository)}` : '';
  const started = await transport.send({ ...request, scopes, method: 'POST', path: `blobs/uploads/${query}` }, signal);
  // 201 says that the blob was mounted; 202 that the upload goes on as usual.
  if (started.status === 201) return digest;

  let location = uploadLocation(reference, started);
  let rest = bytes;
  if (options.chunkBytes !== undefined) {
    for (let from = 0; from < bytes.byteLength; from += options.chunkBytes) {
      const chunk = bytes.subarray(from, from + options.chunkBytes);
      const headers = {
        'content-type': 'application/octet-stream',
        'content-range': `${from}-${from + chunk.byteLength - 1}`,
      };
      const answer = await transport.send(
        { ...request, method: 'PATCH', path: location, headers, body: chunk },
        signal,
      );
      location = uploadLocation(reference, answer);
    }
    rest = new Uint8Array();
  }
  location.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  await transport.send({ ...request, method: 'PUT', path: location, headers, body: rest }, signal);
  return digest;
}

/** Writes a manifest under a tag or its digest. @throws OciError */
export async function pushManifest(
  transport: Transport,
  target: Target,
  as: Tag | Digest,
  manifest: { readonly mediaType: string; readonly bytes: Uint8Array },
  signal: AbortSignal,
): Promise<Digest> {
  await transport.send(
    {
      ...target,
      reference: describe(target, as),
      scopes: [pushScope(target)],
      method: 'PUT',
      path: `manifests/${as}`,
      headers: { 'content-type': manifest.mediaType },
      body: manifest.bytes,
    },
    signal,
  );
  return digestOf(manifest.bytes);
}

interface Part {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

async function pushContent(
  transport: Transport,
  content: PushContent,
  signal: AbortSignal,
  parts: { readonly config: Part; readonly layer: Part },
): Promise<Digest> {
  const target: Target = { name: parseRepository(content.repository), access: content.access ?? {} };
  const tag = parseTag(content.tag);
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptorOf(parts.config),
    layers: [descriptorOf(parts.layer)],
    ...(content.annotations && { annotations: content.annotations }),
  };
  using deadline = startDeadline(transport.clock, longestPush, signal);
  try {
    await pushBlob(transport, target, parts.config.bytes, {}, deadline.signal);
    await pushBlob(transport, target, parts.layer.bytes, {}, deadline.signal);
    const bytes = Buffer.from(JSON.stringify(manifest));
    return await pushManifest(transport, target, tag, { mediaType: manifest.mediaType, bytes }, deadline.signal);
  } catch (error) {
    const reference = describe(target, tag);
    throw unreachable(reference, reference, target.name.registry, error);
  }
}

async function hasBlob(transport: Transport, target: Target, digest: Digest, signal: AbortSignal): Promise<boolean> {
  const reference = describe(target, digest);
  const scopes = [pushScope(target)];
  try {
    await transport.send({ ...target, reference, scopes, method: 'HEAD', path: `blobs/${digest}` }, signal);
    return true;
  } catch (error) {
    if (error instanceof OciError && error.code === 'KBK_OCI_NOT_FOUND') return false;
    throw error;
  }
}

function uploadLocation(
  reference: string,
  response: { readonly url: URL; headers(name: string): readonly string[] },
): URL {
  const given = response.headers('location')[0] ?? '';
  const location = given === '' ? undefined : URL.parse(given, response.url.href);
  const isDowngrade = response.url.protocol === 'https:' && location?.protocol === 'http:';
  if (location && /^https?:$/.test(location.protocol) && !isDowngrade) return location;
  const message = `${reference}: ${response.url.host} gave no usable address for the upload; check the registry's external address`;
  throw new OciError('KBK_OCI_INVALID_RESPONSE', reference, message, { retryable: false });
}

function pushScope({ name }: Target): string {
  return `repository:${name.repository}:pull,push`;
}

function descriptorOf({ mediaType, bytes }: Part) {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
}

function toFiles(files: FileContents): Map<string, Uint8Array> {
  return new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
}
