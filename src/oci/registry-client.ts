/** The `Registry` over HTTP. What a digest says never changes, so it is read once. */
import { type Digest, isDigest, type Tag } from '../api/tag.ts';
import { startDeadline } from './deadline.ts';
import { OciError } from './errors.ts';
import { unreachable } from './fault.ts';
import { fingerprint, type HttpResponse } from './http.ts';
import { addLabels, checkDigest, digestOf, lacksFacts, type Manifest, parseManifest } from './manifest.ts';
import { acceptManifests } from './media-types.ts';
import { createRecentMap } from './recent-map.ts';
import { formatReference, parseRepository, type RepositoryName } from './reference.ts';
import type { Access, ManifestMetadata, Registry } from './registry.ts';
import { createSharedFlight } from './shared-flight.ts';
import { readTags } from './tag-list.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';

/** `timeout` bounds one exchange; a whole operation takes at most a minute. */
export type RegistryOptions = TransportOptions;

export interface RegistryClient extends Registry, AsyncDisposable {
  /** For pushing and pulling over the same connections. */
  readonly transport: Transport;
}

/** One image on one registry, as somebody. */
export interface Target {
  readonly name: RepositoryName;
  readonly access: Access;
}

const largestManifest = 4 * 1024 * 1024;
const largestTagPage = 16 * 1024 * 1024;
const longestOperation = 60_000;
const mostCached = 10_000;

export function createRegistry(options: RegistryOptions): RegistryClient {
  const transport = createTransport(options);
  const { clock } = options;
  const metadataByDigest = createRecentMap<ManifestMetadata>(mostCached);
  // What a tag led to when it was last read; it may have moved since.
  const digestByTag = createRecentMap<Digest>(mostCached);
  const manifestFlights = createSharedFlight<ManifestMetadata>();
  const tagFlights = createSharedFlight<readonly string[]>();

  async function bounded<T>(
    reference: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    using deadline = startDeadline(clock, longestOperation, signal);
    try {
      return await work(deadline.signal);
    } catch (error) {
      throw unreachable(reference, reference, reference.slice(0, reference.indexOf('/')), error);
    }
  }

  async function readByTag(target: Target, tag: Tag, key: string, signal: AbortSignal): Promise<ManifestMetadata> {
    const tagKey = `${key}\n${tag}`;
    const lastSeen = digestByTag.get(tagKey);
    const known = lastSeen === undefined ? undefined : metadataByDigest.get(`${key}\n${lastSeen}`);
    // Registries that count pulls do not count a HEAD.
    if (known && (await headManifest(transport, target, tag, signal)) === known.digest) return known;
    const manifest = await fetchManifest(transport, target, tag, signal);
    const metadata = await complete(target, manifest, key, signal);
    digestByTag.set(tagKey, metadata.digest);
    return metadata;
  }

  async function complete(
    target: Target,
    manifest: Manifest,
    key: string,
    signal: AbortSignal,
  ): Promise<ManifestMetadata> {
    const cacheKey = `${key}\n${manifest.metadata.digest}`;
    const known = metadataByDigest.get(cacheKey);
    if (known) return known;
    const metadata = lacksFacts(manifest) ? await readLabels(transport, target, manifest, signal) : manifest.metadata;
    // Without its labels it is a release still, but one that is asked again.
    if (!metadata) return manifest.metadata;
    metadataByDigest.set(cacheKey, metadata);
    return metadata;
  }

  async function readOne(target: Target, reference: Tag | Digest, key: string, signal: AbortSignal) {
    if (!isDigest(reference)) return readByTag(target, reference, key, signal);
    const known = metadataByDigest.get(`${key}\n${reference}`);
    return known ?? complete(target, await fetchManifest(transport, target, reference, signal), key, signal);
  }

  return {
    transport,
    async listTags(repository, access, signal) {
      const name = parseRepository(repository);
      const reference = formatReference(name);
      const flight = tagFlights.join(cacheKeyOf({ name, access }), signal, (shared) =>
        bounded(reference, shared, (bound) =>
          readTags(reference, (path) =>
            transport.send({ name, reference, access, method: 'GET', path, maxBytes: largestTagPage }, bound),
          ),
        ),
      );
      return flight.catch((error: unknown) => {
        throw unreachable(reference, reference, name.registry, error);
      });
    },
    async readManifest(repository, reference, access, signal) {
      const target: Target = { name: parseRepository(repository), access };
      const key = cacheKeyOf(target);
      const subject = describe(target, reference);
      const flight = manifestFlights.join(`${key}\n${reference}`, signal, (shared) =>
        bounded(subject, shared, (bound) => readOne(target, reference, key, bound)),
      );
      return flight.catch((error: unknown) => {
        throw unreachable(subject, subject, target.name.registry, error);
      });
    },
    [Symbol.asyncDispose]: () => transport.close(),
  };
}

/** Reads and checks a manifest. @throws OciError */
export async function fetchManifest(
  transport: Transport,
  target: Target,
  wanted: Tag | Digest,
  signal: AbortSignal,
): Promise<Manifest> {
  const reference = describe(target, wanted);
  const response = await transport.send(
    { ...manifestRequest(target, wanted, 'GET'), maxBytes: largestManifest },
    signal,
  );
  const claimed = isDigest(wanted) ? wanted : claimedDigest(response);
  if (claimed !== undefined) checkDigest(reference, response.body, claimed);
  const contentType = response.headers('content-type')[0] ?? '';
  return parseManifest(reference, response.body, claimed ?? digestOf(response.body), contentType);
}

/** Reads a blob into memory and checks it. @throws OciError */
export async function fetchBlob(
  transport: Transport,
  target: Target,
  blob: { readonly digest: Digest; readonly size: number },
  options: { readonly maxBytes: number; readonly timeout?: number },
  signal: AbortSignal,
): Promise<Buffer> {
  const reference = describe(target, blob.digest);
  if (blob.size > options.maxBytes) {
    const message = `${reference}: the blob has ${blob.size} bytes; at most ${options.maxBytes} are read`;
    throw new OciError('KBK_OCI_INVALID_RESPONSE', reference, message, { retryable: false });
  }
  const request = { ...target, reference, method: 'GET', path: `blobs/${blob.digest}`, ...options } as const;
  const response = await transport.send(request, signal);
  checkDigest(reference, response.body, blob.digest);
  return response.body;
}

/** `registry/repository:tag` or `registry/repository@digest`. */
export function describe({ name }: Target, wanted: Tag | Digest): string {
  return `${formatReference(name)}${isDigest(wanted) ? '@' : ':'}${wanted}`;
}

async function headManifest(transport: Transport, target: Target, tag: Tag, signal: AbortSignal) {
  return claimedDigest(await transport.send(manifestRequest(target, tag, 'HEAD'), signal));
}

function manifestRequest(target: Target, wanted: Tag | Digest, method: 'GET' | 'HEAD') {
  const headers = { accept: acceptManifests };
  return { ...target, reference: describe(target, wanted), method, path: `manifests/${wanted}`, headers };
}

function claimedDigest(response: HttpResponse): Digest | undefined {
  const claimed = response.headers('docker-content-digest')[0];
  return claimed !== undefined && isDigest(claimed) ? claimed : undefined;
}

// Undefined when the image config cannot be had; a registry that may answer later is an error.
async function readLabels(transport: Transport, target: Target, manifest: Manifest, signal: AbortSignal) {
  if (!manifest.config) return undefined;
  try {
    const config = await fetchBlob(transport, target, manifest.config, { maxBytes: largestManifest }, signal);
    return addLabels(manifest.metadata, config);
  } catch (error) {
    if (error instanceof OciError && !error.retryable) return undefined;
    throw error;
  }
}

// Never shared between accesses: who may not read an image does not learn what another one read.
function cacheKeyOf({ name, access }: Target): string {
  return `${formatReference(name)}\n${fingerprint(access)}`;
}
