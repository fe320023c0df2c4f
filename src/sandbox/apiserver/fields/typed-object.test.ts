import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { mergeSchemaOf } from './merge-schema.ts';
import { checkTyped, TypedObjectError } from './typed-object.ts';

const names = { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' };
const items = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name', 'kind'],
  items: { type: 'object', properties: { name: { type: 'string' }, kind: { type: 'string' }, names } },
};
const spec = { type: 'object', properties: { names, items, map: { additionalProperties: names, type: 'object' } } };
const custom = mergeSchemaOf({ type: 'object', properties: { spec } });
const service = mergeSchemaOf(undefined, { group: '', kind: 'Service' });

function faults(object: Json, schema = custom): readonly string[] {
  try {
    checkTyped({ apiVersion: 'example.com/v1', kind: 'Thing', ...object }, schema);
    return [];
  } catch (error) {
    if (error instanceof TypedObjectError) return error.faults;
    throw error;
  }
}

const keyless =
  'associative list with keys has an element that omits all key fields ["name" "kind"] (and doesn\'t have default values for any key fields)';

describe('an applied configuration', () => {
  it.each<[string, Json, string[]]>([
    ['that fits', { metadata: { labels: { a: 'b' } }, spec: { names: ['a', 'b'], items: [{ name: 'a' }] } }, []],
    ['with an item that has one key of two', { spec: { items: [{ kind: 'a' }, { name: 'a' }] } }, []],
    ['with a field that is not declared', { spec: { foo: 1, bar: 2 } }, ['.spec.foo: field not declared in schema']],
    ['with one in its metadata', { metadata: { foo: 1 } }, ['.metadata.foo: field not declared in schema']],
    [
      'with one in each of two places',
      { spec: { foo: 1 }, top: 1, metadata: { foo: 1 } },
      ['.top: field not declared in schema'],
    ],
    [
      'with one beside one deeper',
      { metadata: { foo: 1 }, spec: { items: [{ name: 'a', foo: 1 }] } },
      ['.metadata.foo: field not declared in schema', '.spec.items[name="a"].foo: field not declared in schema'],
    ],
    ['with equal members of a set', { spec: { names: ['a', 'a'] } }, ['.spec.names: duplicate entries for key [="a"]']],
    [
      'with equal keys',
      { spec: { items: [{ name: 'a' }, { name: 'a', names: ['b', 'b'] }] } },
      [
        '.spec.items: duplicate entries for key [name="a"]',
        '.spec.items[name="a"].names: duplicate entries for key [="b"]',
      ],
    ],
    ['with an item without keys', { spec: { items: [{}, { foo: 1 }] } }, [`.spec.items: element 0: ${keyless}`]],
    [
      'with an item that is no object',
      { spec: { items: [{ name: 'a' }, 'a'] } },
      ['.spec.items: element 1: associative list with keys may not have non-map elements'],
    ],
    [
      'with a null for an item',
      { spec: { items: [null] } },
      ['.spec.items: element 0: associative list with keys may not have a null element'],
    ],
    [
      'with a null in a set',
      { spec: { map: { a: [null] } } },
      [".spec.map.a: element 0: associative list without keys has an element that's an explicit null"],
    ],
  ])('%s', (_name, object, expected) => {
    expect(faults(object)).toEqual(expected);
  });

  it('takes the zero value for a key of a built-in list that is left out', () => {
    const ports = [{ targetPort: 1 }, { targetPort: 2 }];
    expect(faults({ spec: { ports } }, service)).toEqual([
      '.spec.ports: duplicate entries for key [port=0,protocol="TCP"]',
    ]);
  });

  it('tells one fault in a line and more in lines', () => {
    expect(new TypedObjectError(['.a: b']).message).toBe('.a: b');
    expect(new TypedObjectError(['.a: b', '.c: d']).message).toBe('errors:\n  .a: b\n  .c: d');
  });
});
