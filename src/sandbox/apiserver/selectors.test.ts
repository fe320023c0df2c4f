/** Keys that every JavaScript object has from its prototype are keys like any other. */
import { expect, test } from 'vitest';
import { builtInResources } from './builtin/resources.ts';
import { ApiFailure } from './errors.ts';
import { fieldSelector } from './field-selector.ts';
import { labelSelector } from './label-selector.ts';

const unlabelled = { metadata: { labels: {} } };

test.each([
  ['constructor', false],
  ['!constructor', true],
  ['toString in (a)', false],
  ['toString notin (a)', true],
  ['valueOf>1', false],
  ['constructor=a', false],
  ['constructor!=a', true],
])('the label selector %s of an object without labels: %s', (selector, expected) => {
  expect(labelSelector(selector)?.(unlabelled)).toBe(expected);
});

test.each(['constructor=a', '__proto__=a', 'toString!=a'])('the field selector %s is refused', (selector) => {
  const pods = builtInResources().find(({ key }) => key === '/pods');
  expect(pods).toBeDefined();
  expect(() => pods && fieldSelector(selector, pods)).toThrow(ApiFailure);
});
