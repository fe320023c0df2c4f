/** A registry in memory that keeps a log, and fails when it is told to. */
import { type Digest, parseDigest, parseTag, type Tag } from '../../../api/tag.ts';
import { OciError, type OciErrorCode } from '../../../oci/errors.ts';
import type { Access, ManifestMetadata, Registry } from '../../../oci/registry.ts';

export class ScriptedRegistry implements Registry {
  /** `list <image>` or `read <image> <reference>`. */
  readonly requests: string[] = [];
  /** How the registry was reached, last. */
  access: Access | undefined;
  failure: { code: OciErrorCode; retryAt?: Temporal.Instant } | undefined;
  readonly #digests = new Map<string, Digest>();

  /** Pushes tags; the digest follows from tag and `content`. */
  push(tags: readonly string[], content = ''): void {
    for (const tag of tags) this.#digests.set(tag, digestOf(tag, content));
  }

  async listTags(repository: string, access: Access): Promise<readonly string[]> {
    this.#answer(`list ${repository}`, repository, access);
    return [...this.#digests.keys()];
  }

  async readManifest(repository: string, reference: Tag | Digest, access: Access): Promise<ManifestMetadata> {
    this.#answer(`read ${repository} ${reference}`, repository, access);
    const found = [...this.#digests].find((entry) => entry.includes(reference));
    if (found === undefined)
      throw new OciError('KBK_OCI_NOT_FOUND', reference, 'no such manifest', { retryable: false });
    const [tag, digest] = found;
    return {
      digest,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/vnd.oci.image.config.v1+json',
      version: tag,
      revision: undefined,
      created: '2026-01-01T00:00:00Z',
      source: 'https://example.com/app',
      title: undefined,
      description: undefined,
    };
  }

  #answer(request: string, repository: string, access: Access): void {
    this.requests.push(request);
    this.access = access;
    if (this.failure === undefined) return;
    const { code, retryAt } = this.failure;
    throw new OciError(code, repository, `${repository}: ${code}`, { retryable: true, ...(retryAt && { retryAt }) });
  }
}

/** What the manifest of an image says that has nothing but a time of creation. */
export function bareManifest(reference: Tag | Digest, created: string): ManifestMetadata {
  return {
    digest: digestOf(reference),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: undefined,
    version: undefined,
    revision: undefined,
    created,
    source: undefined,
    title: undefined,
    description: undefined,
  };
}

export function digestOf(tag: string, content = ''): Digest {
  const hex = Buffer.from(parseTag(tag) + content).toString('hex');
  return parseDigest(`sha256:${hex.padEnd(64, '0')}`);
}
