/**
 * `oci` talks to registries: references, authentication, tags, manifests, artifacts. This file is the contract that
 * the other rooms use; `registry-client.ts` speaks HTTP.
 */
import type { Digest, Tag } from '../api/tag.ts';

/** Who to be at a registry. Anonymous when absent. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
  /** OAuth2 refresh token of `docker login`. */
  readonly identityToken?: string;
  /** Sent as bearer token as it is. */
  readonly registryToken?: string;
}

export interface Access {
  readonly credentials?: Credentials;
  /** Plain HTTP. Loopback hosts are plain HTTP anyway. */
  readonly insecure?: boolean;
  /** PEM bundle that replaces the system's trust. */
  readonly certificateAuthority?: string;
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
  /** `http://[user:password@]host:port`. */
  readonly proxy?: string;
}

/** What a manifest says about the release it is. */
export interface ManifestMetadata {
  readonly digest: Digest;
  readonly mediaType: string;
  /** First non-empty of `artifactType`, `config.mediaType`, `mediaType`. */
  readonly artifactType: string | undefined;
  /** `org.opencontainers.image.*`: top-level annotations, then those of the config descriptor, then image labels. */
  readonly version: string | undefined;
  readonly revision: string | undefined;
  /** RFC 3339; anything else is left out. */
  readonly created: string | undefined;
  readonly source: string | undefined;
  readonly title: string | undefined;
  readonly description: string | undefined;
}

/** Every method rejects with an `OciError`. `repository` is an image name without a tag, for example `ghcr.io/me/app`. */
export interface Registry {
  /** Every tag, all pages; at most 100,000. */
  listTags(repository: string, access: Access, signal: AbortSignal): Promise<readonly string[]>;
  /** By tag or digest; cached by digest. */
  readManifest(
    repository: string,
    reference: Tag | Digest,
    access: Access,
    signal: AbortSignal,
  ): Promise<ManifestMetadata>;
}
