/** Objects, good ones and bad ones, and the options of writes. */
import { clone, type Json, remove, setAt } from '../../../src/sandbox/apiserver/json.ts';
import { type Draft, drawName, keyOf } from './draft.ts';
import type { Field } from './kind.ts';
import { identityFields, type KindName, kindOf, metadataFields, unknownFields } from './kinds.ts';

/** Values at places, as one object of them. */
export class Change {
  readonly #values: [path: readonly string[], value: unknown][] = [];

  set(path: readonly string[], value: unknown): void {
    this.#values.push([path, value]);
  }

  /** Deeper places last, so that they are kept; what is no object is replaced by what lies below. */
  toObject(base: Json = {}): Json {
    const object = clone(base);
    for (const [path, value] of this.#values.toSorted(([left], [right]) => left.length - right.length)) {
      setAt(object, path, clone(value));
    }
    return object;
  }

  paths(): readonly (readonly string[])[] {
    return this.#values.map(([path]) => path);
  }

  entries(): readonly (readonly [path: readonly string[], value: unknown])[] {
    return this.#values;
  }
}

/** How many values in a hundred are bad. */
const badOnes = 8;

/** Places of a kind with good values, or now and then a bad one. */
export function fieldsOf(draft: Draft, kind: KindName, subresource: string | undefined, most: number): Change {
  const { dice } = draft;
  const { fields, status = [] } = kindOf(kind);
  const change = new Change();
  const own: readonly Field[] = subresource === 'status' ? (dice.oneIn(6) ? [...fields, ...status] : status) : fields;
  const all = [...own, ...own, ...(subresource === 'status' && dice.oneIn(2) ? [] : metadataFields)];
  const chosen = dice.some(
    all.filter(({ good }) => good.length > 0),
    most,
  );
  for (const { path, good } of chosen) change.set(path, dice.one(good));
  if (dice.below(100) < badOnes * most) addBad(draft, change, [...own, ...own, ...metadataFields, ...unknownFields]);
  if (draft.owners && dice.oneIn(3) && kindOf(kind).lingers !== true)
    change.set(['metadata', 'ownerReferences'], drawOwners(draft));
  return change;
}

function addBad({ dice }: Draft, change: Change, fields: readonly Field[]): void {
  const able = fields.filter(({ bad }) => bad.length > 0);
  const { path, bad } = dice.one(able);
  change.set(path, dice.one(bad));
}

function drawOwners(draft: Draft): object[] {
  const { dice, kinds } = draft;
  const how = dice.weighted({ one: 6, two: 2, same: 1, none: 1 });
  if (how === 'none') return [];
  const owners = ['a', 'b'].map(() => {
    const owner = dice.one(kinds);
    const name = drawName(draft, owner);
    const { apiVersion, kind } = kindOf(owner);
    return {
      apiVersion,
      kind,
      name,
      uid: `$(uid ${keyOf({ kind: owner, name })})`,
      ...(dice.oneIn(3) && { controller: true }),
      ...(dice.oneIn(2) && { blockOwnerDeletion: true }),
    };
  });
  const [first, second] = owners;
  if (first === undefined || second === undefined || how === 'one') return owners.slice(0, 1);
  return how === 'same' || first.uid === second.uid ? [first, first] : owners;
}

/** A whole object. */
export function drawBody(draft: Draft, kind: KindName, name: string, subresource?: 'status'): Json {
  const { dice } = draft;
  const { apiVersion, kind: called, base, namespaced = true, status } = kindOf(kind);
  const change = fieldsOf(draft, kind, subresource, 4);
  if (dice.oneIn(60)) addBad(draft, change, identityFields);
  const body = change.toObject({
    apiVersion,
    kind: called,
    metadata: { name, ...(dice.oneIn(4) && namespaced && { namespace: '$(run)' }) },
    ...base,
  });
  if (!namespaced) mark(body);
  if (subresource === undefined && status !== undefined && dice.oneIn(8)) {
    const { path, good } = dice.one(status.filter((field) => field.good.length > 0));
    setAt(body, path, dice.one(good));
  }
  if (dice.oneIn(60)) remove(body, dice.one(['kind', 'apiVersion', 'metadata', 'spec']));
  return body;
}

/** By this label a sequence finds its own. */
export function mark(body: Json): void {
  const labels = (body.metadata as Json).labels;
  if (labels === undefined || (typeof labels === 'object' && !Array.isArray(labels))) {
    setAt(body, ['metadata', 'labels', 'run'], '$(run)');
  }
}

const managers = ['m1', 'm2', 'm3'];

export function drawOptions({ dice }: Draft): Record<string, string> {
  return {
    ...(!dice.oneIn(10) && { fieldManager: dice.one(managers) }),
    ...(dice.oneIn(10) && { dryRun: dice.oneIn(8) ? 'Some' : 'All' }),
    ...(dice.oneIn(3) && {
      fieldValidation: dice.one(['Strict', 'Strict', 'Warn', 'Ignore', dice.oneIn(5) ? 'Odd' : 'Strict']),
    }),
  };
}
