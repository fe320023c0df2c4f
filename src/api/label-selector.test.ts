import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidValueError } from './errors.ts';
import { compileLabelSelector } from './label-selector.ts';
import type { LabelSelector } from './meta.ts';

const keys = ['app', 'tier', 'kuberik.com/track'];
const key = fc.constantFrom(...keys);
const value = fc.constantFrom('', 'a', 'b', 'c');
const labels = fc.dictionary(key, value);
const requirement = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom('In', 'NotIn'),
    values: fc.array(value, { minLength: 1 }),
  }),
  fc.record({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
);
const selector: fc.Arbitrary<LabelSelector> = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(requirement) },
  { requiredKeys: [] },
);

const matches = (given: LabelSelector, on?: Record<string, string>) => compileLabelSelector(given)(on);

describe('a compiled selector', () => {
  test.each<[LabelSelector, Record<string, string> | undefined, boolean]>([
    [{}, undefined, true],
    [{ matchLabels: {} }, { a: 'b' }, true],
    [{ matchLabels: { app: 'a' } }, { app: 'a', tier: 'x' }, true],
    [{ matchLabels: { app: 'a' } }, { app: 'b' }, false],
    [{ matchLabels: { app: '' } }, undefined, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] }, { app: 'b' }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] }, {}, false],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }, {}, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }, { app: 'a' }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, { app: '' }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, undefined, false],
    [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, undefined, true],
  ])('%j on %j: %s', (given, on, expected) => {
    expect(matches(given, on)).toBe(expected);
  });

  test('a label of Object.prototype is no label', () => {
    expect(matches({ matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, {})).toBe(false);
  });

  test('its parts are ANDed', () => {
    fc.assert(
      fc.property(selector, labels, (given, on) => {
        const parts: LabelSelector[] = [
          { ...(given.matchLabels && { matchLabels: given.matchLabels }) },
          ...(given.matchExpressions ?? []).map((expression) => ({ matchExpressions: [expression] })),
        ];
        expect(matches(given, on)).toBe(parts.every((part) => matches(part, on)));
      }),
    );
  });

  test('In and NotIn, Exists and DoesNotExist are opposites', () => {
    const opposite: Record<string, string> = {
      In: 'NotIn',
      NotIn: 'In',
      Exists: 'DoesNotExist',
      DoesNotExist: 'Exists',
    };
    fc.assert(
      fc.property(requirement, labels, (expression, on) => {
        const other = { ...expression, operator: opposite[expression.operator] ?? '' };
        expect(matches({ matchExpressions: [other] }, on)).toBe(!matches({ matchExpressions: [expression] }, on));
      }),
    );
  });

  test('matchLabels means In with one value', () => {
    fc.assert(
      fc.property(labels, labels, (wanted, on) => {
        const matchExpressions = Object.entries(wanted).map(([name, only]) => ({
          key: name,
          operator: 'In',
          values: [only],
        }));
        expect(matches({ matchLabels: wanted }, on)).toBe(matches({ matchExpressions }, on));
      }),
    );
  });
});

test.each<[LabelSelector, string]>([
  [{ matchLabels: { 'a b': 'c' } }, 'not a label key'],
  [{ matchLabels: { '/a': 'c' } }, 'not a label key'],
  [{ matchLabels: { 'Upper.example/a': 'c' } }, 'not a label key'],
  [{ matchLabels: { ['a'.repeat(64)]: 'c' } }, 'not a label key'],
  [{ matchLabels: { a: 'b c' } }, 'not a value'],
  [{ matchLabels: { a: 'x'.repeat(64) } }, 'not a value'],
  [{ matchExpressions: [{ key: 'a', operator: 'In' }] }, 'at least one value'],
  [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: [] }] }, 'at least one value'],
  [{ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }, 'takes no values'],
  [{ matchExpressions: [{ key: 'a', operator: 'in', values: ['b'] }] }, 'not an operator'],
])('%j is refused: %s', (given, message) => {
  expect(() => compileLabelSelector(given)).toThrow(InvalidValueError);
  expect(() => compileLabelSelector(given)).toThrow(message);
});
