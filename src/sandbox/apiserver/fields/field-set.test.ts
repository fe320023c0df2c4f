import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FieldPath, FieldSet, pathText } from './field-set.ts';
import { fieldElement, keyElement, parseElement, valueElement } from './path-element.ts';

const element = fc.oneof(
  fc.constantFrom('a', 'b', 'c').map(fieldElement),
  fc.constantFrom('x', 'y').map((name) => keyElement({ name })),
  fc.integer({ min: 1, max: 3 }).map((port) => keyElement({ protocol: 'TCP', port })),
  fc.constantFrom('v', 1, true).map(valueElement),
);
const path = fc.array(element, { minLength: 1, maxLength: 3 });
const sets = fc.array(path, { maxLength: 6 }).map((paths) => FieldSet.of(...paths));
const texts = (set: FieldSet): string[] =>
  set
    .paths()
    .map((member) => member.join('/'))
    .sort();

describe('FieldSet', () => {
  it('reads and prints fieldsV1', () => {
    const fieldsV1 = {
      'f:metadata': { 'f:annotations': { '.': {}, 'f:a': {} }, 'f:labels': { 'f:app': {} } },
      'f:spec': {
        'f:finalizers': { 'v:"x"': {} },
        'f:ports': {
          'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} },
          'k:{"port":443,"protocol":"TCP"}': {},
        },
        'f:replicas': {},
      },
    };
    const printed = JSON.stringify(FieldSet.parse(fieldsV1).print());
    expect(printed).toBe(JSON.stringify(fieldsV1));
  });

  it('prints members in order and keys alphabetically, whatever came in', () => {
    const set = FieldSet.parse({
      'f:b': {},
      'k:{"protocol":"TCP","port":443}': {},
      'k:{"port":80}': {},
      'f:a': { 'f:z': {}, '.': {} },
    });
    expect(JSON.stringify(set.print())).toBe(
      '{"f:a":{".":{},"f:z":{}},"f:b":{},"k:{\\"port\\":80}":{},"k:{\\"port\\":443,\\"protocol\\":\\"TCP\\"}":{}}',
    );
  });

  it('escapes as Go does', () => {
    expect(valueElement('<a&b>')).toBe('v:"\\u003ca\\u0026b\\u003e"');
    expect(parseElement('v:"<a&b>"')).toBe(valueElement('<a&b>'));
  });

  it.each(['x:1', 'k:[1]', 'k:{', 'i:a', 'v:', ''])('has no place for %j', (text) => {
    expect(parseElement(text)).toBeUndefined();
  });

  it('tells paths as conflicts do', () => {
    const text = pathText([
      fieldElement('spec'),
      fieldElement('containers'),
      keyElement({ name: 'app' }),
      fieldElement('image'),
    ]);
    expect(text).toBe('.spec.containers[name="app"].image');
    expect(pathText([fieldElement('ports'), keyElement({ protocol: 'TCP', port: 80 })])).toBe(
      '.ports[port=80,protocol="TCP"]',
    );
    expect(pathText([fieldElement('finalizers'), valueElement('a')])).toBe('.finalizers[="a"]');
    expect(pathText([fieldElement('a'), 'i:0'])).toBe('.a[0]');
  });

  it('comes back from its printed form', () => {
    fc.assert(
      fc.property(sets, (set) => {
        expect(FieldSet.parse(JSON.parse(JSON.stringify(set.print()))).equals(set)).toBe(true);
      }),
    );
  });

  it('is a set of paths under union, intersection and difference', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const [inA, inB] = [texts(a), texts(b)];
        expect(texts(a.union(b))).toEqual([...new Set([...inA, ...inB])].sort());
        expect(texts(a.intersection(b))).toEqual(inA.filter((text) => inB.includes(text)));
        expect(texts(a.difference(b))).toEqual(inA.filter((text) => !inB.includes(text)));
      }),
    );
  });

  it('takes a member and everything under it away in a recursive difference', () => {
    fc.assert(
      fc.property(sets, path, (set, gone) => {
        const isUnder = (member: FieldPath): boolean => gone.every((step, index) => member[index] === step);
        const rest = set.recursiveDifference(FieldSet.of(gone));
        expect(rest.paths()).toEqual(set.paths().filter((member) => !isUnder(member)));
      }),
    );
  });
});
