/** What automation never takes again: how long it is remembered, and how much of it. */
import { describe, expect, it } from 'vitest';
import type { HistoryEntry, RejectedRelease } from '../api/rollout.ts';
import { parseDigest, parseTag } from '../api/tag.ts';
import { isRejected, isRevoked, rejectedReleases, revoke } from './rejection.ts';

const now = Temporal.Instant.from('2026-01-05T12:00:00.7Z');
const digest = (letter: string) => parseDigest(`sha256:${letter.repeat(64)}`);

function rejected(
  tag: string,
  reason: RejectedRelease['reason'],
  more: Partial<RejectedRelease> = {},
): RejectedRelease {
  return { tag: parseTag(tag), reason, timestamp: '2026-01-01T00:00:00Z', ...more };
}

function entry(tag: string, bakeStatus: string, more: object = {}): HistoryEntry {
  return { id: 1, version: { tag: parseTag(tag) }, timestamp: '2026-01-02T00:00:00Z', bakeStatus, ...more };
}

describe('a release is rejected', () => {
  it('since its bake failed, with the digest that failed', () => {
    const version = { tag: parseTag('1.0.0'), digest: digest('a') };
    const history = [entry('1.0.0', 'Failed', { version, bakeEndTime: '2026-01-02T00:10:00Z' })];
    expect(rejectedReleases([], history)).toEqual([
      { ...version, reason: 'BakeFailed', timestamp: '2026-01-02T00:10:00Z' },
    ]);
  });

  it('once, and from its deployment on where nobody knows when its bake ended', () => {
    const history = [entry('1.0.0', 'Failed', { id: 2, timestamp: '2026-01-03T00:00:00Z' }), entry('1.0.0', 'Failed')];
    expect(rejectedReleases([], history)).toEqual([
      rejected('1.0.0', 'BakeFailed', { timestamp: '2026-01-02T00:00:00Z' }),
    ]);
    expect(rejectedReleases([rejected('1.0.0', 'Revoked')], history)).toEqual([rejected('1.0.0', 'Revoked')]);
  });

  it.each([
    ['it succeeded afterwards', '2026-01-02T00:00:00Z', []],
    ['it had succeeded before', '2025-01-02T00:00:00Z', ['1.0.0']],
    ['it succeeded in the same second', '2026-01-01T00:00:00Z', ['1.0.0']],
  ])('until it succeeds: %s', (_, timestamp, left) => {
    const stored = [rejected('1.0.0', 'BakeFailed')];
    expect(rejectedReleases(stored, [entry('1.0.0', 'Succeeded', { timestamp })]).map(({ tag }) => tag)).toEqual(left);
    const ended = entry('1.0.0', 'Succeeded', { timestamp: '2025-01-01T00:00:00Z', bakeEndTime: timestamp });
    expect(rejectedReleases(stored, [ended]).map(({ tag }) => tag)).toEqual(left);
  });

  it('although another one succeeded, or it is only being deployed', () => {
    const stored = [rejected('1.0.0', 'BakeFailed')];
    expect(rejectedReleases(stored, [entry('2.0.0', 'Succeeded'), entry('1.0.0', 'InProgress')])).toEqual(stored);
  });

  it('for ever when a person revoked it, whatever it does afterwards', () => {
    const stored = [rejected('1.0.0', 'Revoked')];
    expect(rejectedReleases(stored, [entry('1.0.0', 'Succeeded')])).toEqual(stored);
  });

  it('by a person instead of by its failure', () => {
    const others = [rejected('1.0.0', 'BakeFailed'), rejected('2.0.0', 'BakeFailed')];
    expect(revoke(others, { tag: parseTag('1.0.0'), digest: digest('a') }, now)).toEqual([
      others[1],
      { tag: '1.0.0', digest: digest('a'), reason: 'Revoked', timestamp: '2026-01-05T12:00:00Z' },
    ]);
    expect(revoke([], { tag: parseTag('1.0.0') }, now)[0]).not.toHaveProperty('digest');
  });
});

it('a revoked release is rejected, a failed one is not revoked', () => {
  const both = [rejected('1.0.0', 'BakeFailed'), rejected('2.0.0', 'Revoked')];
  const asked = ['1.0.0', '2.0.0', '3.0.0'].map((tag) => ({ tag: parseTag(tag) }));
  expect(asked.map((release) => isRejected(release, both))).toEqual([true, true, false]);
  expect(asked.map((release) => isRevoked(release, both))).toEqual([false, true, false]);
});

it('a release is another one where both digests are known and differ', () => {
  const list = [rejected('1.0.0', 'BakeFailed', { digest: digest('a') }), rejected('2.0.0', 'BakeFailed')];
  const is = (tag: string, letter?: string) =>
    isRejected({ tag: parseTag(tag), ...(letter !== undefined && { digest: digest(letter) }) }, list);
  expect([is('1.0.0', 'a'), is('1.0.0', 'b'), is('1.0.0'), is('2.0.0', 'a')]).toEqual([true, false, true, true]);
});

describe('the list of rejections stays bounded', () => {
  const many = (count: number, reason: RejectedRelease['reason'], name: string): RejectedRelease[] =>
    Array.from({ length: count }, (_, index) => rejected(`${name}-${index}`, reason));
  const tagsOf = (list: readonly RejectedRelease[]): string[] => list.map(({ tag }) => tag);

  it('to two hundred', () => {
    expect(rejectedReleases(many(200, 'BakeFailed', 'f'), [])).toHaveLength(200);
    expect(tagsOf(rejectedReleases(many(201, 'BakeFailed', 'f'), []))).toEqual(
      tagsOf(many(201, 'BakeFailed', 'f').slice(1)),
    );
  });

  it('and what people decided is kept before what happened, the newest of both', () => {
    const list = [...many(150, 'BakeFailed', 'f'), ...many(80, 'Revoked', 'r')];
    const kept = tagsOf(rejectedReleases(list, []));
    expect(kept).toEqual([...tagsOf(many(150, 'BakeFailed', 'f').slice(30)), ...tagsOf(many(80, 'Revoked', 'r'))]);
  });

  it('even of what people decided', () => {
    const list = [...many(250, 'Revoked', 'r'), ...many(5, 'BakeFailed', 'f')];
    expect(tagsOf(rejectedReleases(list, []))).toEqual(tagsOf(many(250, 'Revoked', 'r').slice(50)));
    expect(revoke(list, { tag: parseTag('last') }, now).at(-1)?.tag).toBe('last');
  });
});
