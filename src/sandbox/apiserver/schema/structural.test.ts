import { describe, expect, it } from 'vitest';
import { causeText } from '../field-cause.ts';
import type { Json } from '../json.ts';
import { compileSchema } from './structural.ts';

const schema = compileSchema({
  type: 'object',
  required: ['spec'],
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: {
      type: 'object',
      required: ['name'],
      minProperties: 1,
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 5, pattern: '^[a-z]*$' },
        type: { type: 'string', enum: ['A', 'B'] },
        replicas: { type: 'integer', format: 'int32', minimum: 1, maximum: 10 },
        ratio: { type: 'number', exclusiveMinimum: true, minimum: 0, multipleOf: 0.5 },
        paused: { type: 'boolean' },
        when: { type: 'string', format: 'date-time' },
        data: { type: 'string', format: 'byte' },
        port: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
        note: { type: 'string', nullable: true },
        labels: { type: 'object', maxProperties: 2, additionalProperties: { type: 'string' } },
        list: {
          type: 'array',
          minItems: 1,
          maxItems: 2,
          items: { type: 'object', properties: { a: { type: 'string' } } },
        },
        tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port', 'protocol'],
          items: {
            type: 'object',
            properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } },
          },
        },
        one: {
          type: 'object',
          properties: { a: { type: 'string' }, b: { type: 'string' } },
          oneOf: [{ required: ['a'] }, { required: ['b'] }],
        },
        any: {
          type: 'object',
          properties: { a: { type: 'string' }, b: { type: 'string' } },
          anyOf: [{ required: ['a'] }, { required: ['b'] }],
          not: { required: ['a', 'b'] },
        },
        all: { type: 'string', allOf: [{ minLength: 2 }, { pattern: '^x' }] },
        free: {
          type: 'object',
          'x-kubernetes-preserve-unknown-fields': true,
          properties: { known: { type: 'object' } },
        },
        embedded: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: { type: 'object' } } },
      },
    },
  },
});

function messages(spec: unknown, old?: unknown): string[] {
  const before = old === undefined ? undefined : { spec: old };
  return schema.validate({ spec }, before).map(causeText);
}

describe('validate', () => {
  it.each<[unknown, string[]]>([
    [{ name: 'a' }, []],
    [{}, ['spec.name: Required value', 'spec: Invalid value: 1: spec in body should have at least 1 properties']],
    [
      { name: 'a', replicas: 'x' },
      ['spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"'],
    ],
    [
      { name: 'a', replicas: 1.5 },
      ['spec.replicas: Invalid value: "number": spec.replicas in body must be of type integer: "number"'],
    ],
    [
      { name: 'a', replicas: null },
      ['spec.replicas: Invalid value: "null": spec.replicas in body must be of type integer: "null"'],
    ],
    [{ name: 'a', note: null }, []],
    [
      { name: 'a', replicas: 0 },
      ['spec.replicas: Invalid value: 0: spec.replicas in body should be greater than or equal to 1'],
    ],
    [
      { name: 'a', replicas: 11 },
      ['spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10'],
    ],
    [{ name: 'a', ratio: 0 }, ['spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0']],
    [{ name: 'a', ratio: 0.7 }, ['spec.ratio: Invalid value: 0.7: spec.ratio in body should be a multiple of 0.5']],
    [{ name: 'a', type: 'C' }, ['spec.type: Unsupported value: "C": supported values: "A", "B"']],
    [{ name: '' }, ['spec.name: Invalid value: "": spec.name in body should be at least 1 chars long']],
    [{ name: '5' }, [`spec.name: Invalid value: "5": spec.name in body should match '^[a-z]*$'`]],
    [{ name: 'abcdef' }, ['spec.name: Too long: may not be more than 5 bytes']],
    [
      { name: 'a', when: 'today' },
      ['spec.when: Invalid value: "today": spec.when in body must be of type date-time: "today"'],
    ],
    [{ name: 'a', when: '2026-01-31T12:00:00Z', data: 'YQ==' }, []],
    [{ name: 'a', data: '*' }, ['spec.data: Invalid value: "*": spec.data in body must be of type byte: "*"']],
    [{ name: 'a', port: 1 }, []],
    [{ name: 'a', port: 'http' }, []],
    [
      { name: 'a', labels: { a: 1 } },
      ['spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer"'],
    ],
    [{ name: 'a', labels: { a: '', b: '', c: '' } }, ['spec.labels: Too many: 3: must have at most 2 items']],
    [{ name: 'a', list: [] }, ['spec.list: Invalid value: 0: spec.list in body should have at least 1 items']],
    [{ name: 'a', list: [{}, {}, {}] }, ['spec.list: Too many: 3: must have at most 2 items']],
    [
      { name: 'a', list: [{ a: 1 }] },
      ['spec.list[0].a: Invalid value: "integer": spec.list[0].a in body must be of type string: "integer"'],
    ],
    [{ name: 'a', tags: ['x', 'y', 'x'] }, ['spec.tags[2]: Duplicate value: "x"']],
    [
      {
        name: 'a',
        ports: [
          { port: 80, protocol: 'TCP' },
          { protocol: 'TCP', port: 80 },
        ],
      },
      ['spec.ports[1]: Duplicate value: {"port":80,"protocol":"TCP"}'],
    ],
    [{ name: 'a', one: { a: '' } }, []],
    [
      { name: 'a', one: { a: '', b: '' } },
      [
        '<nil>: Invalid value: "": "spec.one" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ],
    ],
    [
      { name: 'a', one: {} },
      [
        '<nil>: Invalid value: "": "spec.one" must validate one and only one schema (oneOf). Found none valid',
        'spec.one.a: Required value',
      ],
    ],
    [
      { name: 'a', any: {} },
      ['<nil>: Invalid value: "": "spec.any" must validate at least one schema (anyOf)', 'spec.any.a: Required value'],
    ],
    [{ name: 'a', any: { a: '', b: '' } }, ['<nil>: Invalid value: "": "spec.any" must not validate the schema (not)']],
    [{ name: 'a', all: 'xyz' }, []],
    [
      { name: 'a', all: 'yz' },
      [
        '<nil>: Invalid value: "": "spec.all" must validate all the schemas (allOf)',
        `spec.all: Invalid value: "yz": spec.all in body should match '^x'`,
      ],
    ],
    ['x', ['spec: Invalid value: "string": spec in body must be of type object: "string"']],
  ])('%j', (spec, expected) => {
    expect(messages(spec).sort()).toEqual([...expected].sort());
  });

  it('tells field and type apart from the message', () => {
    expect(schema.validate({})).toEqual([{ field: 'spec', reason: 'FieldValueRequired', message: 'Required value' }]);
  });

  it('lets pass what was wrong before and is unchanged', () => {
    const old = { name: 'TOO LONG', replicas: 99, tags: ['a', 'a'] };
    expect(messages({ ...old, type: 'A' }, old)).toEqual([]);
    expect(messages({ ...old, replicas: 100 }, old)).toHaveLength(1);
  });
});

describe('prune and unknownFields', () => {
  const object = (): Json => ({
    apiVersion: 'v1',
    kind: 'T',
    metadata: { name: 'x', custom: 1 },
    extra: 1,
    spec: {
      name: 'a',
      foo: 1,
      labels: { any: 'thing' },
      list: [{ a: '1', b: '2' }],
      free: { anything: { goes: 1 }, known: { gone: 1 } },
      port: 1,
      embedded: { apiVersion: 'v1', kind: 'P', metadata: { name: 'p' }, spec: { gone: 1 }, gone: 1 },
    },
  });

  it('finds what the schema does not know', () => {
    expect(schema.unknownFields(object())).toEqual([
      'extra',
      'spec.embedded.gone',
      'spec.embedded.spec.gone',
      'spec.foo',
      'spec.free.known.gone',
      'spec.list[0].b',
    ]);
  });

  it('drops it, and then finds nothing', () => {
    const pruned = object();
    schema.prune(pruned);
    expect(pruned).toEqual({
      apiVersion: 'v1',
      kind: 'T',
      metadata: { name: 'x', custom: 1 },
      spec: {
        name: 'a',
        labels: { any: 'thing' },
        list: [{ a: '1' }],
        free: { anything: { goes: 1 }, known: {} },
        port: 1,
        embedded: { apiVersion: 'v1', kind: 'P', metadata: { name: 'p' }, spec: {} },
      },
    });
    expect(schema.unknownFields(pruned)).toEqual([]);
  });
});

describe('applyDefaults', () => {
  const defaulting = compileSchema({
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        default: {},
        properties: {
          a: { type: 'string', default: 'A' },
          b: { type: 'string', nullable: true, default: 'B' },
          c: { type: 'string' },
          d: { type: 'array', items: { type: 'object', properties: { e: { type: 'integer', default: 0 } } } },
          f: {
            type: 'object',
            additionalProperties: { type: 'object', properties: { g: { type: 'boolean', default: false } } },
          },
          h: { type: 'object', properties: { i: { type: 'string', default: 'I' } } },
        },
      },
    },
  });

  it.each<[Json, Json]>([
    [{}, { spec: { a: 'A', b: 'B' } }],
    [{ spec: { a: 'x', b: null } }, { spec: { a: 'x', b: null } }],
    [{ spec: { a: null, c: null } }, { spec: { a: 'A', b: 'B' } }],
    [
      { spec: { d: [{}, { e: 1 }], f: { k: {} } } },
      { spec: { a: 'A', b: 'B', d: [{ e: 0 }, { e: 1 }], f: { k: { g: false } } } },
    ],
    [{ spec: { h: {} } }, { spec: { a: 'A', b: 'B', h: { i: 'I' } } }],
    [{ spec: { a: '' } }, { spec: { a: '', b: 'B' } }],
  ])('%j', (object, expected) => {
    defaulting.applyDefaults(object);
    expect(object).toEqual(expected);
  });

  it('gives each object a default of its own', () => {
    const [one, two]: [Json, Json] = [{}, {}];
    defaulting.applyDefaults(one);
    (one.spec as Json).a = 'changed';
    defaulting.applyDefaults(two);
    expect(two).toEqual({ spec: { a: 'A', b: 'B' } });
  });
});

it('a default of a key called __proto__ is a value like any other', () => {
  const properties: unknown = JSON.parse('{"__proto__": {"type": "object", "default": {"polluted": true}}}');
  const object: Json = {};
  compileSchema({ type: 'object', properties }).applyDefaults(object);
  expect(JSON.stringify(object)).toBe('{"__proto__":{"polluted":true}}');
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
});
