/**
 * Two deployments of one second had one stamp: what a check had said about the first counted as said about the second, which
 * passed its bake on it, or never got over it.
 */
import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../api/rollout.ts';
import { parseTag } from '../api/tag.ts';
import { beginning } from './beginning.ts';

const now = Temporal.Instant.from('2026-03-06T16:40:04.300Z');
const entry = (times: Partial<HistoryEntry>): HistoryEntry => ({
  version: { tag: parseTag('1.0.0') },
  timestamp: '2026-03-06T16:00:00Z',
  ...times,
});

describe('a deployment begins', () => {
  it.each([
    ['with the second that follows', {}, '2026-03-06T16:40:05Z'],
    ['as it is after what is long ago', { timestamp: '2026-03-06T16:40:00Z' }, '2026-03-06T16:40:05Z'],
    ['after the one of the same second', { timestamp: '2026-03-06T16:40:05Z' }, '2026-03-06T16:40:06Z'],
    ['after one that was behind it already', { timestamp: '2026-03-06T16:40:06Z' }, '2026-03-06T16:40:07Z'],
    ['after the one of a clock that was put back', { timestamp: '2026-03-06T16:50:03Z' }, '2026-03-06T16:50:04Z'],
    [
      'after the retry of the same second',
      { timestamp: '2026-03-06T16:39:05Z', lastRetryTimestamp: '2026-03-06T16:40:05Z' },
      '2026-03-06T16:40:06Z',
    ],
    ['as it is after one of a wrong clock', { timestamp: '2026-03-06T16:50:05Z' }, '2026-03-06T16:40:05Z'],
    ['as it is after one that cannot be read', { timestamp: 'yesterday' }, '2026-03-06T16:40:05Z'],
  ])('%s', (_, times, stamp) => {
    expect(beginning(entry(times), now).toString()).toBe(stamp);
  });

  it('with the second that follows when it is the first', () => {
    expect(beginning(undefined, now).toString()).toBe('2026-03-06T16:40:05Z');
  });
});
