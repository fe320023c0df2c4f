import { expect, test } from 'vitest';
import { Rollout } from '../api/rollout.ts';
import { deepFreeze, readVersion } from './version.ts';

/** Nested deeper than a function can call itself. */
const nested: unknown = JSON.parse('{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000));

test('an object that is nested deeper than the stack is frozen all the same', () => {
  const object = { spec: { values: nested } };
  deepFreeze(object);
  expect(Object.isFrozen(object.spec.values)).toBe(true);
});

test('an object that is nested deeper than the stack and fits no schema is one that cannot be read', () => {
  const raw = { apiVersion: 'kuberik.com/v1alpha1', kind: 'Rollout', metadata: { name: 'app' }, spec: nested };
  expect(readVersion(Rollout, raw)?.invalid?.code).toBe('KBK_API_INVALID_OBJECT');
});
