/** LIST: selectors, pages that continue at one revision, and the rules of `resourceVersion`. */
import { ApiFailure, badRequest, invalid, tooNew } from '../errors.ts';
import { cause, type FieldCause } from '../field-cause.ts';
import { fieldSelector } from '../field-selector.ts';
import { isObject, numberOf, objectOf, text } from '../json.ts';
import { labelSelector, type Matcher } from '../label-selector.ts';
import { integerOf, isTrue } from '../options.ts';
import type { Target } from '../resource.ts';
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
function revisionOf(query: URLSearchParams): number | undefined {
  const source = query.get('resourceVersion') ?? '';
  checkOptions(query, source);
  return parseRevision(source, (why) => badRequest(`invalid resource version: ${why}`));
}

/** @param refusal of a text that is no revision. @throws what it makes */
export function parseRevision(source: string, refusal: (why: string) => Error): number | undefined {
  if (source === '') return undefined;
  if (/^\d+$/.test(source)) return Number(source);
  throw refusal(`resourceVersion: Invalid value: "${source}": strconv.ParseUint: parsing "${source}": invalid syntax`);
}

/** Of a GET: not older than. @throws ApiFailure 500, 504 */
export function checkRevision(store: Store, query: URLSearchParams): void {
  const asked = parseRevision(query.get('resourceVersion') ?? '', (why) => new ApiFailure(500, '', why));
  if (asked !== undefined && asked > store.revision) throw tooNew(asked, store.revision);
}

function invalidOptions(...faults: readonly FieldCause[]): ApiFailure {
  return invalid({ group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' }, '', faults);
}

/** @throws ApiFailure 422 */
export function checkOptions(query: URLSearchParams, revision: string): void {
  const watch = isTrue(query, 'watch');
  const faults = watch ? watchFaults(query) : listFaults(query, revision);
  if (faults.length > 0) throw invalidOptions(...faults);
}

const matching = 'resourceVersionMatch';

function watchFaults(query: URLSearchParams): FieldCause[] {
  const match = query.get(matching) ?? '';
  const initial = query.has('sendInitialEvents');
  const faults: FieldCause[] = [];
  if (match !== '' && !initial) {
    const why = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
    faults.push(cause.forbidden(matching, why));
  }
  if (initial && match !== 'NotOlderThan') {
    const why = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
    faults.push(cause.forbidden(matching, why));
  }
  if (match !== '' && match !== 'NotOlderThan') faults.push(cause.notSupported(matching, match, ['NotOlderThan']));
  return faults;
}

function listFaults(query: URLSearchParams, revision: string): FieldCause[] {
  const match = query.get(matching) ?? '';
  if (query.has('sendInitialEvents')) {
    return [cause.forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list')];
  }
  if (match === '') return [];
  if (revision === '') {
    return [cause.forbidden(matching, 'resourceVersionMatch is forbidden unless resourceVersion is provided')];
  }
  if ((query.get('continue') ?? '') !== '') {
    return [cause.forbidden(matching, 'resourceVersionMatch is forbidden when continue is provided')];
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    return [cause.notSupported(matching, match, ['Exact', 'NotOlderThan', ''])];
  }
  return match === 'Exact' && revision === '0'
    ? [cause.forbidden(matching, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"')]
    : [];
}

/** @throws ApiFailure 400, 410, 422 or 504 */
export function listObjects(store: Store, selection: Selection, query: URLSearchParams): Listing {
  integerOf(query, 'timeoutSeconds');
  const asked = revisionOf(query);
  // A cache answers revision zero, and knows no pages.
  const limit = Math.max(0, asked === 0 ? 0 : (integerOf(query, 'limit') ?? 0));
  const token = query.get('continue') ?? '';
  if (token !== '' && asked !== undefined && asked !== 0) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
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
