/**
 * A list, page by page, to its end: an API server may answer with less than it was asked for.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
import type { ResourceType } from '../api/resource-type.ts';
import type { KubeClient, ListOptions, ListPage } from './client.ts';
import { KubeError } from './errors.ts';

const pageSize = 500;
// Two thousand of them are a million objects.
const mostPages = 2000;

/** @throws KubeError of a page; KBK_KUBE_RESPONSE when there is no end */
export async function* pagesOf(
  client: Pick<KubeClient, 'list'>,
  type: ResourceType,
  options: Omit<ListOptions, 'limit' | 'continue'>,
): AsyncGenerator<ListPage> {
  let next: string | undefined;
  for (let pages = 0; pages < mostPages; pages++) {
    const more = next === undefined ? {} : { continue: next };
    const page = await client.list(type, { ...options, limit: pageSize, ...more });
    yield page;
    if (page.continue === undefined) return;
    next = page.continue;
  }
  throw new KubeError('KBK_KUBE_RESPONSE', `list ${type.kind}: more than ${mostPages} pages`, { kind: 'retryable' });
}
