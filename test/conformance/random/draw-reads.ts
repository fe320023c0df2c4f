/** Gets, lists with every form of selector, page and revision, and watches. */
import { asMetadata, asMetadataList, asTable } from '../table/request.ts';
import { type Draft, drawName } from './draft.ts';
import { type KindName, kindOf } from './kinds.ts';
import type { Step } from './step.ts';

const revisions = (kind: KindName): Readonly<Record<string, string | undefined>> => ({
  unset: undefined,
  zero: '0',
  list: `$(list ${kind})`,
  earlier: `$(list1 ${kind})`,
  start: '$(start)',
  object: `$(rv ${kind}/a)`,
  first: '1',
  invalid: 'x',
  negative: '-1',
  future: '999999999999',
});

const labelSelectors = [
  'app=x',
  'app!=x',
  'app',
  '!app',
  'app in (x,y)',
  'app notin (x)',
  'app==y,example.com/tier',
  'example.com/tier in (web)',
  'app=',
];
const badLabelSelectors = ['app===x', 'app in', 'a b', 'app in ()', '-=x'];

export function drawRead(draft: Draft, kind: KindName): Step {
  return draft.dice.oneIn(4) ? drawGet(draft, kind) : drawList(draft, kind);
}

function drawGet(draft: Draft, kind: KindName): Step {
  const { dice } = draft;
  const { scale, status } = kindOf(kind);
  const place = { kind, name: drawName(draft, kind), method: 'GET' as const };
  if (scale === true && dice.oneIn(4)) return { ...place, subresource: 'scale' };
  if (status !== undefined && dice.oneIn(6)) return { ...place, subresource: 'status' };
  const form = dice.weighted({ none: 5, zero: 2, object: 1, list: 1, invalid: 1 });
  const revision = revisions(kind)[form];
  return {
    ...place,
    ...(revision !== undefined && { query: { resourceVersion: revision } }),
    ...(dice.oneIn(6) && { accept: dice.one([asTable, asMetadata]) }),
  };
}

function drawList(draft: Draft, kind: KindName): Step {
  const { dice } = draft;
  const query: Record<string, string> = drawSelectors(draft, kind);
  // Outside of namespaces what others have there makes pages.
  const paged = kindOf(kind).namespaced !== false;
  if (paged && dice.oneIn(3)) query.limit = dice.one(['1', '2', '2', '500', '0', dice.oneIn(4) ? 'x' : '1']);
  if (paged && dice.oneIn(5)) query.continue = dice.oneIn(8) ? 'nonsense' : `$(continue ${kind})`;
  const form = dice.weighted({
    ...{ unset: 40, zero: 15, list: 10, earlier: 8, start: 8, object: 6, first: 3, invalid: 2, negative: 1 },
    // A real server waits three seconds for it.
    future: dice.oneIn(8) ? 1 : 0,
  });
  const revision = query.continue !== undefined && !dice.oneIn(5) ? undefined : revisions(kind)[form];
  if (revision !== undefined) query.resourceVersion = revision;
  // How far back a server knows exactly is its own business.
  if (form === 'first') query.resourceVersionMatch = 'NotOlderThan';
  else if (dice.oneIn(revision === undefined ? 20 : 2)) {
    query.resourceVersionMatch = dice.one(['Exact', 'NotOlderThan', 'Exact', 'NotOlderThan', 'Any']);
  }
  if (dice.oneIn(60)) query.sendInitialEvents = 'true';
  return { kind, method: 'GET', query, ...(dice.oneIn(8) && { accept: dice.one([asTable, asMetadataList]) }) };
}

/** Outside of namespaces a list is always about this sequence alone. */
export function drawSelectors({ dice }: Draft, kind: KindName, mostlyGood = 10): Record<string, string> {
  const { namespaced = true, selectable = {} } = kindOf(kind);
  const query: Record<string, string> = {};
  if (dice.oneIn(3))
    query.labelSelector = dice.oneIn(mostlyGood) ? dice.one(badLabelSelectors) : dice.one(labelSelectors);
  if (!namespaced) query.labelSelector = [query.labelSelector, 'run=$(run)'].filter(Boolean).join(',');
  if (dice.oneIn(5)) {
    const good = [
      'metadata.name=a',
      'metadata.name!=b',
      ...(namespaced ? ['metadata.namespace=$(run)', 'metadata.namespace=other'] : []),
      ...Object.entries(selectable).flatMap(([path, value]) => [`${path}=${value}`, `${path}!=${value}`]),
    ];
    query.fieldSelector = dice.oneIn(mostlyGood) ? dice.one(['spec.foo=x', 'metadata.name', 'a=b=c']) : dice.one(good);
  }
  return query;
}

export function drawWatch(draft: Draft, kind: KindName): Step {
  const { dice } = draft;
  const query: Record<string, string> = { watch: dice.one(['1', 'true']), ...drawSelectors(draft, kind, 20) };
  // Of events there is no cache: their state is read while others write already.
  const early = kind === 'Event' ? 0 : 6;
  const form = dice.weighted({
    ...{ unset: early, zero: early, list: 8, earlier: 5, start: 8, object: 5, invalid: 1, negative: 1 },
  });
  const revision = revisions(kind)[form];
  if (revision !== undefined) query.resourceVersion = revision;
  if (early > 0 && dice.oneIn(4)) {
    query.sendInitialEvents = dice.one(['true', 'true', 'false']);
    if (!dice.oneIn(8)) query.resourceVersionMatch = 'NotOlderThan';
  } else if (dice.oneIn(12)) query.resourceVersionMatch = dice.one(['NotOlderThan', 'Exact']);
  if (dice.oneIn(3)) query.allowWatchBookmarks = 'true';
  return { kind, method: 'GET', query, ...(dice.oneIn(8) && { accept: dice.one([asTable, asMetadata]) }) };
}
