/** A registry in a Map, with artifacts that are already unpacked. */
import { createHash } from 'node:crypto';
import { parseDigest } from '../../api/tag.ts';
import { OciError } from '../../oci/errors.ts';
import { formatReference, parseReference } from '../../oci/reference.ts';
import type { ManifestMetadata, Registry } from '../../oci/registry.ts';
import type { ArtifactFiles, ArtifactPuller } from '../flux/artifact-store.ts';
import type { PushSource } from '../flux/receiver.ts';

interface Image {
  readonly manifest: ManifestMetadata;
  readonly annotations: Readonly<Record<string, string>>;
  readonly files: ArtifactFiles;
}

export interface MemoryRegistry extends Registry, ArtifactPuller {
  /** `reference` is `host/repository:tag`; the digest follows from what is pushed. */
  push(
    reference: string,
    content?: { readonly annotations?: Record<string, string>; readonly files?: Record<string, string> },
  ): string;
  annotationsOf(image: string): Promise<Readonly<Record<string, string>>>;
  readonly pushes: PushSource;
  /** While true every request is answered with 503. */
  down: boolean;
}

const prefix = 'org.opencontainers.image.';

export function createMemoryRegistry(): MemoryRegistry {
  const images = new Map<string, Image>();
  const listeners = new Set<(repository: string) => void>();

  const registry: MemoryRegistry = {
    down: false,
    pushes(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => listeners.delete(listener) };
    },
    push(reference, { annotations = {}, files = {} } = {}) {
      const name = parseReference(reference);
      const content = JSON.stringify([annotations, files]);
      const digest = parseDigest(`sha256:${createHash('sha256').update(content).digest('hex')}`);
      const about = (key: string): string | undefined => annotations[prefix + key];
      const manifest: ManifestMetadata = {
        digest,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        artifactType: undefined,
        version: about('version'),
        revision: about('revision'),
        created: about('created'),
        source: about('source'),
        title: about('title'),
        description: about('description'),
      };
      const unpacked = new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));
      const image = { manifest, annotations, files: unpacked };
      const repository = formatReference({ registry: name.registry, repository: name.repository });
      images.set(`${repository}:${name.tag ?? 'latest'}`, image);
      images.set(`${repository}@${digest}`, image);
      for (const listener of listeners) listener(repository);
      return digest;
    },
    async listTags(repository) {
      refuseWhenDown(repository);
      const tags = [...images.keys()].flatMap((key) =>
        key.startsWith(`${repository}:`) ? [key.slice(repository.length + 1)] : [],
      );
      if (tags.length === 0) throw notFound(repository);
      return tags;
    },
    readManifest: async (repository, reference) =>
      find(`${repository}${reference.includes(':') ? '@' : ':'}${reference}`).manifest,
    pull: async (reference) => find(reference).files,
    annotationsOf: async (image) => find(image).annotations,
  };

  function refuseWhenDown(reference: string): void {
    if (!registry.down) return;
    throw new OciError('KBK_OCI_UNAVAILABLE', reference, `${reference}: 503 Service Unavailable`, { retryable: true });
  }
  function notFound(reference: string): OciError {
    return new OciError('KBK_OCI_NOT_FOUND', reference, `${reference}: not found`, { retryable: false });
  }
  function find(reference: string): Image {
    refuseWhenDown(reference);
    const image = images.get(reference);
    if (image === undefined) throw notFound(reference);
    return image;
  }
  return registry;
}
