/** Unpacked artifacts in memory, as source-controller keeps tarballs on its disk. */

import { createRecentMap } from '../../oci/recent-map.ts';
import type { Access } from '../../oci/registry.ts';

/** Path from the artifact's root, without a leading `./`, to content. */
export type ArtifactFiles = ReadonlyMap<string, Uint8Array>;

/** Fetches and unpacks the layer of a Flux artifact; `reference` is `host/repository@sha256:…`. */
export interface ArtifactPuller {
  /** Rejects with an `OciError`. */
  pull(reference: string, access: Access, signal: AbortSignal): Promise<ArtifactFiles>;
}

export interface ArtifactStore {
  get(digest: string): ArtifactFiles | undefined;
  set(digest: string, files: ArtifactFiles): void;
}

/** Keeps the `limit` artifacts that were used last. Default 100. */
export function createArtifactStore(limit = 100): ArtifactStore {
  return createRecentMap<ArtifactFiles>(limit);
}
