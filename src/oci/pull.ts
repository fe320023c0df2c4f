/** Reads the files of a Flux artifact, as source-controller does: https://fluxcd.io/flux/components/source/ocirepositories/ */
import { type Digest, isDigest, parseTag, type Tag } from '../api/tag.ts';
import { startDeadline } from './deadline.ts';
import { ArchiveError, OciError } from './errors.ts';
import { unreachable } from './fault.ts';
import { mediaTypes } from './media-types.ts';
import { parseReference } from './reference.ts';
import type { Access, ManifestMetadata } from './registry.ts';
import { describe, fetchBlob, fetchManifest, type Target } from './registry-client.ts';
import { type Files, unpackFiles } from './tar.ts';
import type { Transport } from './transport.ts';

export interface Artifact {
  readonly metadata: ManifestMetadata;
  readonly files: Files;
}

const largestLayer = 100 * 1024 * 1024;
const downloadTimeout = 5 * 60_000;
const longestPull = 10 * 60_000;

/**
 * @param text a reference; the digest wins over the tag, without either the tag is `latest`
 * @throws OciError `KBK_OCI_INVALID_ARCHIVE` when a layer is there but cannot be unpacked
 */
export async function pullArtifact(
  transport: Transport,
  text: string,
  access: Access,
  signal: AbortSignal,
): Promise<Artifact> {
  const { tag, digest, ...name } = parseReference(text);
  const target: Target = { name, access };
  const wanted: Tag | Digest = digest ?? tag ?? parseTag('latest');
  const reference = describe(target, wanted);
  using deadline = startDeadline(transport.clock, longestPull, signal);
  try {
    return await pull(transport, target, wanted, deadline.signal);
  } catch (error) {
    if (error instanceof ArchiveError) {
      const message = `${reference}: ${error.message}`;
      throw new OciError(error.code, reference, message, { retryable: false, cause: error });
    }
    throw unreachable(reference, reference, name.registry, error);
  }
}

async function pull(
  transport: Transport,
  target: Target,
  wanted: Tag | Digest,
  signal: AbortSignal,
): Promise<Artifact> {
  const { metadata, layers } = await fetchManifest(transport, target, wanted, signal);
  const layer = layers.find(({ mediaType }) => mediaType === mediaTypes.fluxContent);
  if (!layer) {
    const reference = describe(target, wanted);
    const kind = isDigest(wanted) ? 'digest' : 'tag';
    const message = `${reference}: has no layer of type ${mediaTypes.fluxContent}; name the ${kind} of a Flux artifact`;
    throw new OciError('KBK_OCI_INVALID_RESPONSE', reference, message, { retryable: false });
  }
  const bounds = { maxBytes: largestLayer, timeout: downloadTimeout };
  return { metadata, files: unpackFiles(await fetchBlob(transport, target, layer, bounds, signal)) };
}
