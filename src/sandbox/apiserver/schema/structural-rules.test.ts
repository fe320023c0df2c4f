import { describe, expect, it } from 'vitest';
import { causeText } from '../field-cause.ts';
import { structuralViolations } from './structural-rules.ts';

const object = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: 'object',
  properties,
  ...more,
});

describe('structuralViolations', () => {
  it('accepts a structural schema', () => {
    const schema = object({
      apiVersion: { type: 'string' },
      metadata: { type: 'object' },
      spec: object(
        {
          port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
          free: { 'x-kubernetes-preserve-unknown-fields': true },
          a: { type: 'string' },
          list: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['name'],
            items: object({ name: { type: 'string' } }, { required: ['name'] }),
          },
        },
        {
          oneOf: [{ required: ['a'] }, { properties: { a: { minLength: 1 } } }],
          'x-kubernetes-validations': [{ rule: 'has(self.a)' }],
        },
      ),
    });
    expect(structuralViolations(schema)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['no schema', undefined, ['S: Required value']],
    ['no type at the root', {}, ['S.type: Required value: must not be empty at the root']],
    ['another type at the root', { type: 'string' }, ['S.type: Invalid value: "string": must be object at the root']],
    [
      'a field without type',
      object({ a: {} }),
      ['S.properties[a].type: Required value: must not be empty for specified object fields'],
    ],
    [
      'items without type',
      object({ a: { type: 'array', items: {} } }),
      ['S.properties[a].items.type: Required value: must not be empty for specified array items'],
    ],
    [
      'a list without items',
      object({ a: { type: 'array' } }),
      ['S.properties[a].items: Required value: must be specified'],
    ],
    [
      'a reference',
      object({ a: { type: 'string', $ref: '#/x' } }),
      ['S.properties[a].$ref: Forbidden: $ref is not supported'],
    ],
    [
      'unique items',
      object({ a: { type: 'array', items: { type: 'string' }, uniqueItems: true } }),
      [
        'S.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ],
    ],
    [
      'metadata with more than names',
      object({ metadata: object({ labels: { type: 'object' } }) }),
      [
        'S.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
      ],
    ],
    [
      'a type in a junctor',
      object({ a: { type: 'string', allOf: [{ type: 'string' }] } }),
      ['S.properties[a].allOf[0].type: Forbidden: must be empty to be structural'],
    ],
    [
      'a field defined in a junctor alone',
      object({}, { anyOf: [{ properties: { b: { minLength: 1 } } }] }),
      ['S.properties[b]: Required value: because it is defined in S.anyOf[0].properties[b]'],
    ],
    [
      'a list key that may be absent',
      object({
        a: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: object({ name: { type: 'string' } }),
        },
      }),
      [
        'S.properties[a].items.properties[name].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
      ],
    ],
  ])('refuses %s', (_name, schema, expected) => {
    expect(structuralViolations(schema, 'S').map(causeText).sort()).toEqual(expected);
  });

  it('refuses a rule that is no expression', () => {
    const [found] = structuralViolations(object({}, { 'x-kubernetes-validations': [{ rule: 'self.' }] }), 'S');
    expect(found).toMatchObject({ reason: 'FieldValueInvalid', field: 'S.x-kubernetes-validations[0].rule' });
    expect(found?.message).toMatch(/^Invalid value: "self\.": compilation failed: /);
  });
});
