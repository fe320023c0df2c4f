/** LIST: selectors, pages that continue at one revision, and the rules of `resourceVersion`. */
import { type ApiFailure, badRequest, invalid, tooNew } from '../errors.ts';
import { cause, type FieldCause } from '../field-cause.ts';
import { isObject, numberOf, objectOf, text } from '../json.ts';
import type { Target } from '../resource.ts';
import { fieldSelector, labelSelector, type Matcher } from '../selectors.ts';
import type { Store, Stored } from '../store.ts';
import type { ListMeta } from './texts.ts';

export interface Listing {
  readonly items: readonly Stored[];
  readonly metadata: ListMeta;
}

export interface Selection {
  readonly target: Target;
  readonly namespace: string;
  readonly matches: Matcher;
}

/** What a list or a watch is about. @param name of a single object, or empty. @throws ApiFailure 400 */
export function selectionOf(target: Target, namespace: string, name: string, query: URLSearchParams): Selection {
  const labels = labelSelector(query.get('labelSelector') ?? '');
  const fields = fieldSelector(query.get('fieldSelector') ?? '', target.type);
  const matches: Matcher = (object) =>
    (name === '' || text(objectOf(object.metadata).name) === name) &&
    (labels === undefined || labels(object)) &&
    (fields === undefined || fields(object));
  return { target, namespace, matches };
}

/** @throws ApiFailure 400 for a resource version that is none, 422 for options that do not go together */
export function revisionOf(query: URLSearchParams): number | undefined {
  const source = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch');
  if (match !== null && match !== '') checkMatch(query, source, match);
  if (source === '') return undefined;
  if (/^\d+$/.test(source)) return Number(source);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: "${source}": strconv.ParseUint: parsing "${source}": invalid syntax`,
  );
}

export function invalidOptions(...faults: readonly FieldCause[]): ApiFailure {
  return invalid({ group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' }, '', faults);
}

function checkMatch(query: URLSearchParams, source: string, match: string): void {
  const field = 'resourceVersionMatch';
  const watch = ['true', '1'].includes(query.get('watch') ?? '');
  if (watch) {
    if (!query.has('sendInitialEvents')) {
      throw invalidOptions(
        cause.forbidden(field, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
      );
    }
    return;
  }
  if (source === '')
    throw invalidOptions(
      cause.forbidden(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
    );
  if ((query.get('continue') ?? '') !== '') {
    throw invalidOptions(cause.forbidden(field, 'resourceVersionMatch is forbidden when continue is provided'));
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    throw invalidOptions(cause.notSupported(field, match, ['Exact', 'NotOlderThan', '']));
  }
  if (match === 'Exact' && source === '0') {
    throw invalidOptions(cause.forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
}

/** @throws ApiFailure 400, 410, 422 or 504 */
export function listObjects(store: Store, selection: Selection, query: URLSearchParams): Listing {
  const limit = limitOf(query);
  const token = query.get('continue') ?? '';
  const asked = revisionOf(query);
  const resume = token === '' ? undefined : decodeToken(token);
  if (resume === undefined && asked !== undefined && asked > store.revision) throw tooNew(asked, store.revision);
  const exact = resume?.revision ?? (isExact(query, asked, limit) ? asked : undefined);
  const revision = exact ?? store.revision;
  const { type } = selection.target;
  const all =
    exact === undefined || exact === store.revision
      ? store.list(type.key, selection.namespace)
      : store.listAt(type.key, selection.namespace, exact);
  const found = all.filter(selection.matches);
  const start = resume === undefined ? 0 : found.findIndex((object) => keyOf(object) > resume.after);
  const rest = start === -1 ? [] : found.slice(start);
  const items = limit === 0 ? rest : rest.slice(0, limit);
  return { items, metadata: metadataOf(items, rest, revision, query) };
}

function isExact(query: URLSearchParams, asked: number | undefined, limit: number): boolean {
  if (asked === undefined || asked === 0) return false;
  const match = query.get('resourceVersionMatch') ?? '';
  // Without a match, a page that is limited is taken at that revision.
  return match === 'Exact' || (match === '' && limit > 0);
}

function metadataOf(
  items: readonly Stored[],
  rest: readonly Stored[],
  revision: number,
  query: URLSearchParams,
): ListMeta {
  const resourceVersion = String(revision);
  const last = items.at(-1);
  if (items.length === rest.length || last === undefined) return { resourceVersion };
  const selected = (query.get('labelSelector') ?? '') !== '' || (query.get('fieldSelector') ?? '') !== '';
  return {
    resourceVersion,
    continue: encodeToken(revision, keyOf(last)),
    // A count under a selector would cost a scan: kube-apiserver leaves it out.
    ...(selected ? {} : { remainingItemCount: rest.length - items.length }),
  };
}

// The order of etcd's keys.
function keyOf(object: Stored): string {
  const metadata = objectOf(object.metadata);
  return `${text(metadata.namespace)}/${text(metadata.name)}`;
}

function limitOf(query: URLSearchParams): number {
  const source = query.get('limit') ?? '';
  if (source === '') return 0;
  if (!/^-?\d+$/.test(source)) throw badRequest(`strconv.ParseInt: parsing "${source}": invalid syntax`);
  return Math.max(0, Number(source));
}

function encodeToken(revision: number, after: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after }), 'utf8').toString('base64url');
}

function decodeToken(token: string): { revision: number; after: string } {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    throw badRequest('invalid continue token: continue key is not valid');
  }
  if (!isObject(value)) throw badRequest('invalid continue token: continue key is not valid');
  return { revision: numberOf(value.rv, 0), after: text(value.start) };
}
