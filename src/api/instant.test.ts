import { expect, test } from 'vitest';
import { instantOf, momentAfter, timestamp } from './instant.ts';

test.each(['+275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z', '+010000-01-01T00:00:00Z'])(
  'a time of a year with more than four digits, %s, is as good as none',
  (text) => {
    expect(instantOf(text)).toBeUndefined();
  },
);

test.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])('every wait can be added to %s', (text) => {
  const instant = instantOf(text);
  expect(instant).toBeDefined();
  if (instant === undefined) return;
  expect(() => timestamp(instant.add({ hours: 2_562_047 }))).not.toThrow();
  expect(instantOf(momentAfter(instant))).toEqual(instant);
});
