import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFields } from './compare.ts';
import { extractFields } from './extract.ts';
import { FieldSet } from './field-set.ts';
import { mergeFields } from './merge.ts';
import { mergeSchemaOf } from './merge-schema.ts';
import { removeFields } from './remove.ts';

const schema = mergeSchemaOf({
  type: 'object',
  properties: {
    set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    atomic: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: { type: 'string' } },
    map: { type: 'object', additionalProperties: { type: 'string' } },
    text: { type: 'string' },
  },
});

describe('mergeFields', () => {
  it.each<[string, string, string]>([
    ['ac', 'ba', 'bac'],
    ['xa', 'ab', 'xab'],
    ['ab', 'ba', 'ba'],
    ['axb', 'ba', 'xba'],
    ['axby', 'ab', 'axby'],
    ['xyz', 'abc', 'xyzabc'],
    ['abc', 'c', 'abc'],
    ['', 'ab', 'ab'],
  ])('puts the list %s and the applied %s in the order %s', (live, applied, expected) => {
    const merged = mergeFields({ set: Array.from(live) }, { set: Array.from(applied) }, schema);
    expect(merged).toEqual({ set: Array.from(expected) });
  });

  it('replaces an atomic map and merges a granular one', () => {
    const live = { atomic: { a: '1' }, map: { a: '1' } };
    const applied = { atomic: { b: '2' }, map: { b: '2' } };
    expect(mergeFields(live, applied, schema)).toEqual({ atomic: { b: '2' }, map: { a: '1', b: '2' } });
  });
});

const letters = fc.constantFrom('a', 'b', 'c');
const object = fc.record(
  {
    set: fc.uniqueArray(letters),
    atomic: fc.dictionary(letters, letters, { noNullPrototype: true }),
    map: fc.dictionary(letters, letters, { noNullPrototype: true }),
    text: letters,
  },
  { requiredKeys: [], noNullPrototype: true },
);

describe('properties', () => {
  it('what is applied is in the merged object, and so is what was there', () => {
    fc.assert(
      fc.property(object, object, (live, applied) => {
        const fields = extractFields(mergeFields(live, applied, schema), schema);
        const both = extractFields(live, schema).union(extractFields(applied, schema));
        // An empty map is a field only as long as nothing is in it.
        expect(
          both
            .difference(fields)
            .paths()
            .every((path) => path.length === 1),
        ).toBe(true);
      }),
    );
  });

  it('extracting everything and removing it leaves nothing but what has no fields', () => {
    fc.assert(
      fc.property(object, (value) => {
        const rest = (removeFields(value, extractFields(value, schema), schema) ?? {}) as Record<string, unknown>;
        const held = Object.fromEntries(Object.entries(rest).filter(([, child]) => child !== null));
        expect(extractFields(held, schema).equals(FieldSet.empty)).toBe(true);
      }),
    );
  });

  it('nothing changed between an object and itself; what one direction adds the other removes', () => {
    fc.assert(
      fc.property(object, object, (a, b) => {
        const [there, back] = [compareFields(a, b, schema), compareFields(b, a, schema)];
        expect(there.added.equals(back.removed)).toBe(true);
        expect(there.modified.equals(back.modified)).toBe(true);
        const same = compareFields(a, structuredClone(a), schema);
        expect([same.added, same.modified, same.removed].every((set) => set.isEmpty)).toBe(true);
      }),
    );
  });
});
