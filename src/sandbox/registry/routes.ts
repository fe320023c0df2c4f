/** Which handler serves a path: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints */
import type { BlobHandlers } from './blobs.ts';
import { isRepositoryName } from './checked.ts';
import { type Answer, type Call, json } from './exchange.ts';
import type { ManifestHandlers } from './manifests.ts';
import { Refusal } from './refusal.ts';

export interface Route {
  /** Absent where the registry as a whole is meant. */
  readonly repository: string | undefined;
  readonly handle: (call: Call) => Promise<Answer> | Answer;
}

type Handle = (call: Call, repository: string, rest: string) => Promise<Answer> | Answer;

/** The result throws a `Refusal` for a path that is none of the registry's. */
export function createRoutes(blobs: BlobHandlers, manifests: ManifestHandlers): (url: URL) => Route {
  // A repository may be called like an endpoint, so the end of the path decides.
  const table: readonly (readonly [RegExp, Handle])[] = [
    [/^\/v2\/(.+)\/blobs\/uploads\/?()$/, (call, repository) => blobs.beginUpload(call, repository)],
    [/^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, (call, repository, id) => blobs.upload(call, repository, id)],
    [/^\/v2\/(.+)\/blobs\/([^/]+)$/, (call, repository, digest) => blobs.blob(call, repository, digest)],
    [/^\/v2\/(.+)\/manifests\/([^/]+)$/, (call, repository, name) => manifests.manifest(call, repository, name)],
    [/^\/v2\/(.+)\/tags\/list()$/, (call, repository) => manifests.tags(call, repository)],
    [/^\/v2\/(.+)\/referrers\/([^/]+)$/, (call, repository, digest) => manifests.referrers(call, repository, digest)],
  ];

  return ({ pathname }) => {
    if (/^\/v2\/?$/.test(pathname)) return { repository: undefined, handle: () => json(200, {}) };
    if (pathname === '/v2/_catalog') return { repository: undefined, handle: (call) => manifests.catalog(call) };
    for (const [pattern, handle] of table) {
      const [, repository, rest] = pattern.exec(pathname) ?? [];
      if (repository === undefined || rest === undefined) continue;
      if (!isRepositoryName(repository)) throw new Refusal(400, 'NAME_INVALID', 'the repository has no valid name');
      const decoded = decode(rest);
      return { repository, handle: (call) => handle(call, repository, decoded) };
    }
    throw new Refusal(404, 'UNSUPPORTED', 'the registry has no such endpoint');
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(400, 'NAME_INVALID', 'the path is not encoded well');
  }
}
