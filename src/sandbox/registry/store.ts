/** Repositories: which blobs, manifests and tags each has. The index is in memory, the bytes are where `files` puts them. */
import { type Digest, isDigest, isTag, type Tag } from '../../api/tag.ts';
import { parseObject } from '../../oci/json.ts';
import type { ContentFiles } from './content-files.ts';

export interface StoredManifest {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** The manifest that this one is about. */
  readonly subject: Digest | undefined;
}

export interface Store {
  hasRepository(repository: string): boolean;
  repositories(): readonly string[];
  /** Sorted by bytes, as clients that page expect. */
  tags(repository: string): readonly Tag[];
  resolve(repository: string, tag: Tag): Digest | undefined;
  manifest(repository: string, digest: Digest): StoredManifest | undefined;
  referrers(repository: string, subject: Digest): readonly StoredManifest[];
  hasBlob(repository: string, digest: Digest): boolean;
  readBlob(digest: Digest): Promise<Buffer>;
  /** `bytes` is absent when another repository has the blob. */
  addBlob(repository: string, digest: Digest, bytes?: Uint8Array): Promise<void>;
  removeBlob(repository: string, digest: Digest): Promise<void>;
  addManifest(repository: string, manifest: StoredManifest, tag?: Tag): Promise<void>;
  /** Its tags go with it. */
  removeManifest(repository: string, digest: Digest): Promise<void>;
  removeTag(repository: string, tag: Tag): Promise<void>;
}

interface Repository {
  readonly blobs: Set<Digest>;
  readonly manifests: Map<Digest, StoredManifest>;
  readonly tags: Map<Tag, Digest>;
}

/** Reads what is there already; a link to something that is gone is passed over. */
export async function openStore(files: ContentFiles): Promise<Store> {
  const repositories = await load(files);
  // One change at a time: bytes must not be removed while another repository is about to link them.
  let last: Promise<unknown> = Promise.resolve();

  function change(work: () => Promise<void>): Promise<void> {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  }

  function repositoryOf(name: string): Repository {
    const known = repositories.get(name);
    if (known) return known;
    const created: Repository = { blobs: new Set(), manifests: new Map(), tags: new Map() };
    repositories.set(name, created);
    return created;
  }

  function isUsed(digest: Digest): boolean {
    return [...repositories.values()].some(({ blobs, manifests }) => blobs.has(digest) || manifests.has(digest));
  }

  async function removeUnused(digest: Digest): Promise<void> {
    if (!isUsed(digest)) await files.remove(contentPath(digest));
  }

  return {
    hasRepository: (name) => repositories.has(name),
    repositories: () => [...repositories.keys()].sort(),
    tags: (name) => [...(repositories.get(name)?.tags.keys() ?? [])].sort(),
    resolve: (name, tag) => repositories.get(name)?.tags.get(tag),
    manifest: (name, digest) => repositories.get(name)?.manifests.get(digest),
    referrers(name, subject) {
      return [...(repositories.get(name)?.manifests.values() ?? [])].filter((one) => one.subject === subject);
    },
    hasBlob: (name, digest) => repositories.get(name)?.blobs.has(digest) === true,
    readBlob: (digest) => files.read(contentPath(digest)),
    addBlob: (name, digest, bytes) =>
      change(async () => {
        if (bytes && !isUsed(digest)) await files.write(contentPath(digest), bytes);
        await files.write(linkPath(name, 'blobs', digest), new Uint8Array());
        repositoryOf(name).blobs.add(digest);
      }),
    removeBlob: (name, digest) =>
      change(async () => {
        await files.remove(linkPath(name, 'blobs', digest));
        repositories.get(name)?.blobs.delete(digest);
        await removeUnused(digest);
      }),
    addManifest: (name, manifest, tag) =>
      change(async () => {
        await files.write(contentPath(manifest.digest), manifest.bytes);
        await files.write(linkPath(name, 'manifests', manifest.digest), Buffer.from(manifest.mediaType));
        if (tag !== undefined) await files.write(tagPath(name, tag), Buffer.from(manifest.digest));
        const repository = repositoryOf(name);
        repository.manifests.set(manifest.digest, manifest);
        if (tag !== undefined) repository.tags.set(tag, manifest.digest);
      }),
    removeManifest: (name, digest) =>
      change(async () => {
        const repository = repositoryOf(name);
        for (const [tag, target] of repository.tags) {
          if (target !== digest) continue;
          await files.remove(tagPath(name, tag));
          repository.tags.delete(tag);
        }
        await files.remove(linkPath(name, 'manifests', digest));
        repository.manifests.delete(digest);
        await removeUnused(digest);
      }),
    removeTag: (name, tag) =>
      change(async () => {
        await files.remove(tagPath(name, tag));
        repositories.get(name)?.tags.delete(tag);
      }),
  };
}

/** The digest of the manifest's `subject`, if it has one. */
export function subjectOf(bytes: Buffer): Digest | undefined {
  const subject = parseObject(bytes.toString('utf8'))?.subject;
  if (typeof subject !== 'object' || subject === null || !('digest' in subject)) return undefined;
  return typeof subject.digest === 'string' && isDigest(subject.digest) ? subject.digest : undefined;
}

function contentPath(digest: Digest): string {
  return `content/${digest.replace(':', '/')}`;
}

// No part of a repository's name begins with "_".
function linkPath(repository: string, kind: 'blobs' | 'manifests', digest: Digest): string {
  return `repositories/${repository}/_${kind}/${digest.replace(':', '/')}`;
}

function tagPath(repository: string, tag: Tag): string {
  return `repositories/${repository}/_tags/${tag}`;
}

async function load(files: ContentFiles): Promise<Map<string, Repository>> {
  const repositories = new Map<string, Repository>();
  const paths = await files.paths();
  const content = new Set(paths.filter((path) => path.startsWith('content/')));
  // Tags sort last, so that what they point at is known by then.
  for (const path of [...paths].sort()) {
    const [, name, kind, rest] = /^repositories\/(.+)\/_(blobs|manifests|tags)\/(.+)$/.exec(path) ?? [];
    if (name === undefined || rest === undefined) continue;
    const repository = repositories.get(name) ?? { blobs: new Set(), manifests: new Map(), tags: new Map() };
    repositories.set(name, repository);
    if (kind === 'tags') {
      const digest = (await files.read(path)).toString('utf8');
      if (isTag(rest) && isDigest(digest) && repository.manifests.has(digest)) repository.tags.set(rest, digest);
      continue;
    }
    const digest = rest.replace('/', ':');
    if (!isDigest(digest) || !content.has(contentPath(digest))) continue;
    if (kind === 'blobs') {
      repository.blobs.add(digest);
      continue;
    }
    const bytes = await files.read(contentPath(digest));
    const mediaType = (await files.read(path)).toString('utf8');
    repository.manifests.set(digest, { digest, mediaType, bytes, subject: subjectOf(bytes) });
  }
  return repositories;
}
