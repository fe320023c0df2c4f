/** Every tag of a repository: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
import { isTag } from '../api/tag.ts';
import { OciError } from './errors.ts';
import type { HttpResponse } from './http.ts';
import { parseObject } from './json.ts';

/** Reads one page; `path` is below `/v2/<repository>/` or a whole URL of the same registry. */
export type ReadTagPage = (path: string | URL) => Promise<HttpResponse>;

const pageSize = 1000;
const mostTags = 100_000;
const mostPages = 1000;
// The fallback of the referrers API, and what cosign puts beside an image: `sha256-<hex>`, `sha256-<hex>.sig`, ...
const companionTag = /^sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{128})(?:\..+)?$/;

/**
 * Tags in the registry's order, without those that accompany an image. Pages end with the `Link` header; a registry
 * that pages without one, or that pages not at all, is understood too.
 * @throws OciError
 */
export async function readTags(reference: string, readPage: ReadTagPage): Promise<readonly string[]> {
  const tags = new Set<string>();
  let path: string | URL | undefined = `tags/list?n=${pageSize}`;
  for (let page = 0; path !== undefined; page += 1) {
    if (page === mostPages) throw invalid(reference, `has more than ${mostPages} pages of tags`);
    const before = tags.size;
    const response: HttpResponse = await readPage(path);
    const listed = parsePage(reference, response);
    for (const tag of listed) tags.add(tag);
    if (tags.size > mostTags) throw invalid(reference, `has more than ${mostTags} tags; delete old ones`);
    // A page without anything new would come again and again.
    path = tags.size === before ? undefined : nextPage(reference, response, listed);
  }
  return [...tags].filter((tag) => isTag(tag) && !companionTag.test(tag));
}

function parsePage(reference: string, response: HttpResponse): readonly string[] {
  const page = parseObject(response.body.toString('utf8'));
  // Go writes an empty list as null.
  const tags: unknown = page?.tags ?? [];
  if (page && Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return tags;
  throw invalid(reference, 'is not a list of tags; check that a registry serves this address');
}

function nextPage(reference: string, response: HttpResponse, listed: readonly string[]): string | URL | undefined {
  const link = findNext(response.headers('link'));
  if (link === undefined) {
    const last = listed.at(-1);
    // Exactly as many as were asked for, and no word about more: ask where the list goes on.
    if (listed.length !== pageSize || last === undefined) return undefined;
    return `tags/list?n=${pageSize}&last=${encodeURIComponent(last)}`;
  }
  const url = URL.parse(link, response.url.href);
  // A proxy in front that ends TLS often makes the registry say `http:`; what counts is that the host stays.
  if (!url || url.host !== response.url.host) throw invalid(reference, 'continues the list of tags on another host');
  url.protocol = response.url.protocol;
  return url;
}

/** The target of `rel="next"`: https://www.rfc-editor.org/rfc/rfc8288#section-3 */
function findNext(headers: readonly string[]): string | undefined {
  for (const header of headers) {
    for (const [, target, parameters] of header.slice(0, 8192).matchAll(/<([^<>]*)>((?:[^,"<]|"[^"]*")*)/g)) {
      if (/;\s*rel\s*=\s*"?next"?/i.test(parameters ?? '')) return target;
    }
  }
  return undefined;
}

function invalid(reference: string, fault: string): OciError {
  return new OciError('KBK_OCI_INVALID_RESPONSE', reference, `${reference}: what the registry sent ${fault}`, {
    retryable: false,
  });
}
