/** LIST: selectors, pages that continue at one revision, and the rules of `resourceVersion`. */
import { isEvent } from '../builtin/events.ts';
import { ApiFailure, badRequest, invalid, tooNew } from '../errors.ts';
import { cause, type FieldCause } from '../field-cause.ts';
import { fieldSelector, nameIn, selectorTerms } from '../field-selector.ts';
import { isObject, numberOf, objectOf, text } from '../json.ts';
import { labelSelector, type Matcher } from '../label-selector.ts';
import { integerOf, isTrue } from '../options.ts';
import type { ResourceType, Target } from '../resource.ts';
import type { Store, Stored } from '../store.ts';
import type { ListMeta } from './texts.ts';

export interface Listing {
  readonly items: readonly Stored[];
  readonly metadata: ListMeta;
}

export interface Selection {
  readonly target: Target;
  readonly namespace: string;
  /** The one name that is wanted: nothing else is looked at. */
  readonly only: string | undefined;
  readonly matches: Matcher;
}

/** What a list or a watch is about. @param name of a single object, or empty. @throws ApiFailure 400, 422 */
export function selectionOf(target: Target, namespace: string, name: string, query: URLSearchParams): Selection {
  for (const key of ['limit', 'timeoutSeconds']) integerOf(query, key);
  const labels = labelSelector(query.get('labelSelector') ?? '');
  const terms = selectorTerms(query.get('fieldSelector') ?? '');
  checkOptions(query, query.get('resourceVersion') ?? '');
  const fields = fieldSelector(query.get('fieldSelector') ?? '', target.type);
  const matches: Matcher = (object) =>
    (name === '' || text(objectOf(object.metadata).name) === name) &&
    (labels === undefined || labels(object)) &&
    (fields === undefined || fields(object));
  return { target, namespace, only: nameIn(terms), matches };
}

const isCalled =
  (name: string) =>
  (object: Stored): boolean =>
    objectOf(object.metadata).name === name;

/** Events alone are read from the store itself. */
function isCached({ key }: ResourceType): boolean {
  return !isEvent(key);
}

/** @throws ApiFailure 400 for a resource version that is none */
function revisionOf(query: URLSearchParams): number | undefined {
  return parseRevision(query.get('resourceVersion') ?? '', invalidRevision);
}

const invalidRevision = (why: string): ApiFailure => badRequest(`invalid resource version: ${why}`);

/** @param refusal of a text that is no revision. @throws what it makes */
export function parseRevision(source: string, refusal: (why: string) => Error): number | undefined {
  if (source === '') return undefined;
  if (/^\d+$/.test(source)) return Number(source);
  throw refusal(`resourceVersion: Invalid value: "${source}": strconv.ParseUint: parsing "${source}": invalid syntax`);
}

/** Of a GET: not older than. @throws ApiFailure 500, 504 */
export function checkRevision(store: Store, type: ResourceType, query: URLSearchParams): void {
  const asked = parseRevision(query.get('resourceVersion') ?? '', (why) =>
    isCached(type) ? new ApiFailure(500, '', why) : invalidRevision(why),
  );
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
  const faults: FieldCause[] = [];
  const forbid = (field: string, why: string): void => void faults.push(cause.forbidden(field, why));
  if (match !== '') {
    if (revision === '') forbid(matching, 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (query.get('continue')) forbid(matching, 'resourceVersionMatch is forbidden when continue is provided');
    if (match !== 'Exact' && match !== 'NotOlderThan')
      faults.push(cause.notSupported(matching, match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && revision === '0')
      forbid(matching, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
  }
  if (query.has('sendInitialEvents')) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  return faults;
}

/** @throws ApiFailure 400, 410, 422 or 504 */
export function listObjects(store: Store, selection: Selection, query: URLSearchParams): Listing {
  const wanted = Math.max(0, integerOf(query, 'limit') ?? 0);
  const asked = revisionOf(query);
  // A cache answers revision zero, and knows no pages.
  const limit = asked === 0 && isCached(selection.target.type) ? 0 : wanted;
  const token = query.get('continue') ?? '';
  const resume = token === '' ? undefined : decodeToken(token);
  if (token !== '' && asked !== undefined && asked !== 0) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  if (resume === undefined && asked !== undefined && asked > store.revision) throw tooNew(asked, store.revision);
  const exact =
    resume?.revision ?? (isExact(query, asked, selection.only === undefined ? limit : 0) ? asked : undefined);
  const revision = exact ?? store.revision;
  const { type } = selection.target;
  const listed =
    exact === undefined || exact === store.revision
      ? store.list(type.key, selection.namespace)
      : store.listAt(type.key, selection.namespace, exact);
  const all = resume === undefined && selection.only !== undefined ? listed.filter(isCalled(selection.only)) : listed;
  const found = all.filter(selection.matches);
  const start = resume === undefined ? 0 : found.findIndex((object) => keyOf(object) > resume.after);
  const rest = start === -1 ? [] : found.slice(start);
  const items = limit === 0 ? rest : rest.slice(0, limit);
  // A page that is full ends the search, whether or not anything of what is left matches.
  const isLast = items.length < limit || limit === 0 || items.at(-1) === all.at(-1);
  return {
    items,
    metadata: metadataOf(isLast ? undefined : items.at(-1), rest.length - items.length, revision, query),
  };
}

function isExact(query: URLSearchParams, asked: number | undefined, limit: number): boolean {
  if (asked === undefined || asked === 0) return false;
  const match = query.get('resourceVersionMatch') ?? '';
  // Without a match, a page that is limited is taken at that revision.
  return match === 'Exact' || (match === '' && limit > 0);
}

/** @param last of a page that others follow */
function metadataOf(last: Stored | undefined, remaining: number, revision: number, query: URLSearchParams): ListMeta {
  const resourceVersion = String(revision);
  if (last === undefined) return { resourceVersion };
  const selected = (query.get('labelSelector') ?? '') !== '' || (query.get('fieldSelector') ?? '') !== '';
  return {
    resourceVersion,
    continue: encodeToken(revision, keyOf(last)),
    // A count under a selector would cost a scan: kube-apiserver leaves it out.
    ...(selected ? {} : { remainingItemCount: remaining }),
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
