import { expect, test } from 'vitest';
import { isOfEarlierCheck } from './failure.ts';

test('a message of Flux with a span that is none says nothing about an earlier check', () => {
  const lastTransitionTime = '2026-11-21T12:00:00Z';
  const message = 'health check failed after zz: timeout';
  const ready = { type: 'Ready', status: 'False', reason: 'HealthCheckFailed', message, lastTransitionTime };
  expect(isOfEarlierCheck(ready, Temporal.Instant.from(lastTransitionTime))).toBe(false);
});
