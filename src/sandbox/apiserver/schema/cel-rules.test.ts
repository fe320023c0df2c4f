import { describe, expect, it } from 'vitest';
import { causeText } from '../field-cause.ts';
import { compileSchema } from './structural.ts';

interface Case {
  readonly rule: string;
  readonly self: unknown;
  readonly old?: unknown;
  readonly more?: Record<string, unknown>;
  /** Undefined: the rule holds. */
  readonly error?: string;
}

const properties = {
  min: { type: 'integer' },
  max: { type: 'integer' },
  ratio: { type: 'number' },
  name: { type: 'string' },
  other: { type: 'string' },
  tags: { type: 'array', items: { type: 'string' } },
  items: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
  map: { type: 'object', additionalProperties: { type: 'integer' } },
  wait: { type: 'string', format: 'duration' },
  at: { type: 'string', format: 'date-time' },
  port: { 'x-kubernetes-int-or-string': true },
  'a-b': { type: 'string' },
  namespace: { type: 'string' },
};

function check({ rule, self, old, more }: Case): string[] {
  const spec = { type: 'object', properties, 'x-kubernetes-validations': [{ rule, message: 'broken', ...more }] };
  const schema = compileSchema({ type: 'object', properties: { spec } });
  return schema.validate({ spec: self }, old === undefined ? undefined : { spec: old }).map(causeText);
}

const broken = 'spec: Invalid value: broken';

const cases: readonly Case[] = [
  { rule: 'self.min <= self.max', self: { min: 1, max: 2 } },
  { rule: 'self.min <= self.max', self: { min: 3, max: 2 }, error: broken },
  { rule: 'self.ratio < 1.5 && self.ratio > 0', self: { ratio: 1 } },
  { rule: 'has(self.name) || has(self.other)', self: {}, error: broken },
  { rule: 'has(self.name)', self: { name: '' } },
  { rule: 'self.name.matches("^[a-z]+$")', self: { name: 'abc' } },
  { rule: 'self.name.startsWith("a") && self.name.endsWith("c") && self.name.contains("b")', self: { name: 'abc' } },
  { rule: 'size(self.tags) == 2 && self.tags.size() == 2', self: { tags: ['a', 'b'] } },
  { rule: 'self.tags.all(t, t.size() == 1)', self: { tags: ['a', 'b'] } },
  { rule: 'self.tags.exists(t, t == "b") && self.tags.exists_one(t, t == "a")', self: { tags: ['a', 'b'] } },
  { rule: 'self.items.map(i, i.name) == ["a", "b"]', self: { items: [{ name: 'a' }, { name: 'b' }] } },
  { rule: 'self.items.filter(i, i.name == "a").size() == 1', self: { items: [{ name: 'a' }, { name: 'b' }] } },
  { rule: '"a" in self.tags && "k" in self.map', self: { tags: ['a'], map: { k: 1 } } },
  { rule: 'self.map.all(k, self.map[k] > 0)', self: { map: { a: 1, b: 2 } } },
  { rule: 'self.wait < duration("1h")', self: { wait: '30m' } },
  { rule: 'self.wait < duration("1h")', self: { wait: '90m' }, error: broken },
  { rule: 'self.at > timestamp("2026-01-01T00:00:00Z")', self: { at: '2026-06-01T00:00:00Z' } },
  { rule: 'self.tags.isSorted()', self: { tags: ['a', 'b'] } },
  { rule: 'self.tags.isSorted()', self: { tags: ['b', 'a'] }, error: broken },
  { rule: '[1, 2, 3].sum() == 6 && [3, 1].min() == 1 && [3, 1].max() == 3', self: {} },
  { rule: 'self.name.lowerAscii() == "abc" && self.name.indexOf("B") == 1', self: { name: 'ABC' } },
  { rule: 'self.name.split(",") == ["a", "b"] && self.name.replace(",", ";") == "a;b"', self: { name: 'a,b' } },
  { rule: 'self.name.trim().substring(1) == "b" && ["a", "b"].join("-") == "a-b"', self: { name: ' ab ' } },
  { rule: 'self.name.find("[0-9]+") == "12" && self.name.findAll("[0-9]").size() == 3', self: { name: 'a12b3' } },
  { rule: 'type(self.port) == int ? self.port > 0 : self.port != ""', self: { port: 'http' } },
  { rule: 'quantity(self.name).isGreaterThan(quantity("500Mi")) && isQuantity("1.5")', self: { name: '1Gi' } },
  { rule: 'quantity("1500m").compareTo(quantity("1.5")) == 0 && quantity("2k").asInteger() == 2000', self: {} },
  { rule: 'self.a__dash__b == "x" && self.__namespace__ == "y"', self: { 'a-b': 'x', namespace: 'y' } },
  { rule: 'self.?name.orValue("none") == "none"', self: {} },
  { rule: '!has(self.name) || self.name != "x"', self: { name: 'x' }, error: broken },
  // Transition rules
  { rule: 'self.name == oldSelf.name', self: { name: 'b' } },
  { rule: 'self.name == oldSelf.name', self: { name: 'b' }, old: { name: 'a' }, error: broken },
  {
    rule: 'self == oldSelf',
    self: { name: 'b', tags: ['x'], map: { a: 1 } },
    old: { map: { a: 1 }, tags: ['x'], name: 'b' },
  },
  {
    rule: 'oldSelf.hasValue() || self.name == "first"',
    self: { name: 'b' },
    more: { optionalOldSelf: true },
    error: broken,
  },
  {
    rule: '!oldSelf.hasValue() || oldSelf.value().name == self.name',
    self: { name: 'b' },
    old: { name: 'a' },
    more: { optionalOldSelf: true },
    error: broken,
  },
  // Messages
  {
    rule: 'self.min > 5',
    self: { min: 1 },
    more: { message: undefined },
    error: 'spec: Invalid value: failed rule: self.min > 5',
  },
  {
    rule: 'self.min > 5',
    self: { min: 1 },
    more: { messageExpression: '"min is " + string(self.min)' },
    error: 'spec: Invalid value: min is 1',
  },
  { rule: 'self.min > 5', self: { min: 1 }, more: { messageExpression: 'self.nothing' }, error: broken },
  {
    rule: 'self.min > 5',
    self: { min: 1 },
    more: { messageExpression: '"%s is %d".format(["min", self.min])' },
    error: 'spec: Invalid value: min is 1',
  },
  {
    rule: 'has(self.name)',
    self: {},
    more: { reason: 'FieldValueRequired', fieldPath: '.name' },
    error: 'spec.name: Required value: broken',
  },
  { rule: 'false', self: {}, more: { reason: 'FieldValueForbidden' }, error: 'spec: Forbidden: broken' },
  { rule: 'false', self: {}, more: { reason: 'FieldValueDuplicate' }, error: 'spec: Duplicate value' },
  // Rules that fail
  {
    rule: 'self.name == "a"',
    self: {},
    error: 'spec: Invalid value: "object": no such key: name evaluating rule: broken',
  },
  {
    rule: 'self.port > 1',
    self: { port: 'x' },
    error: `spec: Invalid value: "object": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: broken`,
  },
  {
    rule: 'self.tags[3] == "a"',
    self: { tags: [] },
    error: 'spec: Invalid value: "object": index out of bounds: 3 evaluating rule: broken',
  },
];

describe('rules', () => {
  it.each(cases)('$rule on $self', (example) => {
    expect(check(example)).toEqual(example.error === undefined ? [] : [example.error]);
  });

  it('reports a rule that does not compile', () => {
    expect(check({ rule: '1 +', self: {} })[0]).toMatch(/^spec: Invalid value: "object": rule compile error: /);
  });

  it('lets an unchanged value break a rule, but not one that looks back', () => {
    const old = { min: 1, name: 'a' };
    expect(check({ rule: 'self.min > 5', self: { ...old }, old })).toEqual([]);
    expect(check({ rule: 'self.min > 5 || oldSelf.min > 5', self: { ...old }, old })).toEqual([broken]);
  });

  it('finds rules wherever they are and names the place', () => {
    const rule = (text: string) => [{ rule: text, message: text }];
    const schema = compileSchema({
      type: 'object',
      'x-kubernetes-validations': rule('self.metadata.name == "x"'),
      properties: {
        spec: {
          type: 'object',
          properties: {
            count: { type: 'integer', 'x-kubernetes-validations': rule('self > 1') },
            list: { type: 'array', items: { type: 'string', 'x-kubernetes-validations': rule('self != "b"') } },
            map: {
              type: 'object',
              additionalProperties: { type: 'integer', 'x-kubernetes-validations': rule('self != 2') },
            },
            keyed: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['name'],
              items: {
                type: 'object',
                properties: { name: { type: 'string' }, value: { type: 'integer' } },
                'x-kubernetes-validations': rule('self.value >= oldSelf.value'),
              },
            },
          },
        },
      },
    });
    const spec = {
      count: 1,
      list: ['a', 'b'],
      map: { a: 1, 'b.c': 2 },
      keyed: [
        { name: 'y', value: 1 },
        { name: 'x', value: 1 },
      ],
    };
    const old = { spec: { keyed: [{ name: 'x', value: 5 }] } };
    expect(schema.validate({ metadata: { name: 'y' }, spec }, old).map(causeText)).toEqual([
      '<nil>: Invalid value: self.metadata.name == "x"',
      'spec.count: Invalid value: 1: self > 1',
      'spec.list[1]: Invalid value: "b": self != "b"',
      'spec.map[b.c]: Invalid value: 2: self != 2',
      'spec.keyed[1]: Invalid value: self.value >= oldSelf.value',
    ]);
  });

  it('waits until the object has no worse errors', () => {
    expect(check({ rule: 'self.min > 5', self: { min: 'x' } })).toEqual([
      'spec.min: Invalid value: "string": spec.min in body must be of type integer: "string"',
      '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ]);
  });
});

it('a quantity of many digits and no known unit does not take longer and longer', () => {
  const before = process.threadCpuUsage();
  expect(check({ rule: '!isQuantity(self.name)', self: { name: `${'1'.repeat(100_000)}x` } })).toEqual([]);
  // With the digits tried out two by two it is five seconds.
  expect(process.threadCpuUsage(before).user).toBeLessThan(2_000_000);
});
