/** Patches of all four forms. */
import { equal, isObject, type Json, remove } from '../../../src/sandbox/apiserver/json.ts';
import { apply, json, merge, strategic } from '../table/request.ts';
import { type Draft, drawName, drawNewName, keyOf } from './draft.ts';
import { type Change, drawOptions, fieldsOf, mark } from './draw-bodies.ts';
import { type KindName, kindOf } from './kinds.ts';
import type { Step } from './step.ts';

export function drawPatch(draft: Draft, kind: KindName, what: 'patch' | 'apply'): Step {
  const { dice } = draft;
  const { status, custom = false } = kindOf(kind);
  const subresource = status !== undefined && dice.oneIn(3) ? ('status' as const) : undefined;
  const place = { kind, method: 'PATCH' as const, ...(subresource !== undefined && { subresource }) };
  if (what === 'apply') return { ...place, ...drawApply(draft, kind, subresource) };
  const form = dice.weighted({ json: 6, merge: 9, strategic: custom ? 1 : 9 });
  const name = drawName(draft, kind);
  const change = fieldsOf(draft, kind, subresource, 3);
  const step = { ...place, name, query: drawOptions(draft) };
  if (form === 'json') return { ...step, type: json, body: jsonPatch(draft, change) };
  if (dice.oneIn(6)) lock(draft, change, keyOf({ kind, name }));
  const body = withRemovals(draft, change).toObject();
  if (form === 'strategic') direct(draft, body);
  return { ...step, type: { merge, strategic }[form], body };
}

function lock({ dice }: Draft, change: Change, key: string): void {
  const revision = dice.one([`$(rv ${key})`, `$(rv ${key})`, `$(rv1 ${key})`, '1']);
  change.set(['metadata', 'resourceVersion'], revision);
}

/** Null takes away. */
function withRemovals({ dice }: Draft, change: Change): Change {
  for (const path of change.paths()) if (dice.oneIn(5)) change.set(path, null);
  return change;
}

const directives = {
  replaceMap: (parent: Json, key: string) => {
    // With nulls in it, it comes to what no type has.
    if (isObject(parent[key]) && !Object.values(parent[key]).includes(null)) parent[key].$patch = 'replace';
  },
  deleteMap: (parent: Json, key: string) => {
    if (isObject(parent[key])) parent[key] = { $patch: 'delete' };
  },
  replaceList: (parent: Json, key: string) => {
    if (Array.isArray(parent[key])) parent[key] = [...(parent[key] as unknown[]), { $patch: 'replace' }];
  },
  deleteItem: (parent: Json, key: string) => {
    if (Array.isArray(parent[key])) parent[key] = (parent[key] as unknown[]).map(deletion);
  },
  deletePrimitive: (parent: Json, key: string) => {
    if (Array.isArray(parent[key])) parent[`$deleteFromPrimitiveList/${key}`] = parent[key];
  },
  order: (parent: Json, key: string) => {
    if (Array.isArray(parent[key])) parent[`$setElementOrder/${key}`] = (parent[key] as unknown[]).toReversed();
  },
  retain: (parent: Json, key: string) => {
    if (isObject(parent[key])) parent[key].$retainKeys = Object.keys(parent[key]);
  },
} satisfies Record<string, (parent: Json, key: string) => void>;

function deletion(item: unknown): unknown {
  return isObject(item) ? { ...item, $patch: 'delete' } : item;
}

/** Puts a directive at one of the places where it can stand. */
function direct({ dice }: Draft, body: Json): void {
  if (dice.oneIn(2)) return;
  const places: [parent: Json, key: string][] = [];
  const visit = (object: Json): void => {
    for (const [key, value] of Object.entries(object)) {
      if (typeof value === 'object' && value !== null) places.push([object, key]);
      if (isObject(value)) visit(value);
    }
  };
  visit(body);
  if (places.length === 0) return;
  const [parent, key] = dice.one(places);
  const list = Array.isArray(parent[key]);
  const fitting: readonly (keyof typeof directives)[] = list
    ? ['replaceList', 'deleteItem', 'deletePrimitive', 'order']
    : ['replaceMap', 'deleteMap', 'retain'];
  directives[dice.one(fitting)](parent, key);
}

const pointer = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function jsonPatch({ dice }: Draft, change: Change): unknown {
  if (dice.oneIn(60)) return dice.one([{}, [{}], [{ op: 'fix', path: '/data' }], [{ op: 'add' }], ['x']]);
  return change.entries().map(([path, value]) => {
    const at = pointer(path);
    const op = dice.weighted({ add: 10, replace: 5, remove: 3, test: 2, copy: 1, move: 1, append: 2, item: 1 });
    switch (op) {
      case 'remove':
        return { op, path: at };
      case 'copy':
      case 'move':
        return { op, from: at, path: dice.one(['/metadata/annotations', '/metadata/labels/app', `${at}x`]) };
      case 'append':
        return { op: 'add', path: `${at}/-`, value };
      case 'item':
        return {
          op: dice.one(['add', 'replace', 'remove']),
          path: `${at}/${dice.one(['0', '1', '7', '-1', 'x'])}`,
          value,
        };
      default:
        return { op, path: at, value };
    }
  });
}

function drawApply(draft: Draft, kind: KindName, subresource: 'status' | undefined): Omit<Step, 'kind' | 'method'> {
  const { dice, alive } = draft;
  const { apiVersion, kind: called, base, namespaced = true } = kindOf(kind);
  const creates = subresource === undefined && dice.oneIn(4);
  const name = creates ? drawNewName(draft, kind) : drawName(draft, kind);
  if (subresource === undefined) alive.add(keyOf({ kind, name }));
  // A manager that applies only what it wants needs an object that is there.
  const whole = creates || dice.oneIn(2);
  const head = { apiVersion, kind: called, metadata: { name }, ...(whole && subresource === undefined && base) };
  const change = fieldsOf(draft, kind, subresource, 3);
  if (dice.oneIn(10)) lock(draft, change, keyOf({ kind, name }));
  const body = change.toObject(head);
  // Who creates what is already going needs nobody to wait for it.
  if (kindOf(kind).lingers === true) remove(body.metadata as Json, 'deletionTimestamp');
  // An empty list of owners is shown or not as it comes.
  if (equal((body.metadata as Json).ownerReferences, [])) remove(body.metadata as Json, 'ownerReferences');
  if (!namespaced && whole) mark(body);
  const { fieldManager = dice.one(['m1', 'm2']), ...options } = drawOptions(draft);
  return {
    name,
    ...(subresource !== undefined && { subresource }),
    type: apply,
    query: {
      ...options,
      ...(!dice.oneIn(30) && { fieldManager }),
      ...(dice.oneIn(3) && { force: dice.one(['true', 'true', 'false']) }),
    },
    body,
  };
}
