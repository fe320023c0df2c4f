import { describe, expect, it } from 'vitest';
import type { HistoryEntry, VersionInfo } from '../api/rollout.ts';
import { parseTag } from '../api/tag.ts';
import { MAX_RELEASES, retainReleases } from './retention.ts';

const now = Temporal.Instant.from('2025-01-01T12:00:00Z');
const cutoff = now.subtract({ hours: 7 * 24 });
const daysOld = (days: number): string => now.subtract({ hours: days * 24 }).toString();

function release(tag: string, created?: string): VersionInfo {
  return { tag: parseTag(tag), ...(created !== undefined && { created }) };
}
function entries(...tags: string[]): HistoryEntry[] {
  return tags.map((tag) => ({ version: release(tag), timestamp: now.toString() }));
}
const base = [
  release('0.1.0', daysOld(10)),
  release('0.2.0', daysOld(8)),
  release('0.3.0', daysOld(2)),
  release('0.4.0', daysOld(0)),
];
const allOld = base.map(({ tag }) => release(tag, daysOld(10)));
const allNew = base.map(({ tag }) => release(tag, daysOld(0)));
const without = (tag: string): VersionInfo[] => base.map((item) => (item.tag === tag ? release(tag) : item));

describe('retention of known releases', () => {
  it.each([
    { name: 'N1', releases: base, history: ['0.4.0', '0.3.0'], minimum: 2, kept: ['0.3.0', '0.4.0'] },
    { name: 'N2', releases: base, history: ['0.4.0', '0.3.0', '0.2.0'], minimum: 2, kept: ['0.2.0', '0.3.0', '0.4.0'] },
    { name: 'N3', releases: base, history: ['0.4.0'], minimum: 10, kept: ['0.1.0', '0.2.0', '0.3.0', '0.4.0'] },
    { name: 'N4', releases: [], history: [], minimum: 2, kept: [] },
    { name: 'N5', releases: without('0.1.0'), history: ['0.4.0', '0.3.0'], minimum: 2, kept: ['0.3.0', '0.4.0'] },
    { name: 'N6', releases: base, history: ['0.4.0', '0.3.0', 'gone'], minimum: 2, kept: ['0.3.0', '0.4.0'] },
    { name: 'N7', releases: allOld, history: ['0.4.0', '0.3.0'], minimum: 0, kept: ['0.3.0', '0.4.0'] },
    { name: 'N7 without history', releases: allOld, history: [], minimum: 0, kept: [] },
    { name: 'N8', releases: allNew, history: [], minimum: 0, kept: ['0.1.0', '0.2.0', '0.3.0', '0.4.0'] },
    { name: 'N9', releases: allOld, history: [], minimum: 1, kept: ['0.4.0'] },
    {
      name: 'N10',
      releases: base,
      history: ['0.2.0', '0.2.0', '0.1.0'],
      minimum: 0,
      kept: ['0.1.0', '0.2.0', '0.3.0', '0.4.0'],
    },
    { name: 'N11', releases: without('0.2.0'), history: [], minimum: 0, kept: ['0.2.0', '0.3.0', '0.4.0'] },
    {
      name: 'N12',
      releases: base.map((item) => (item.tag === '0.2.0' ? release('0.2.0', daysOld(6)) : item)),
      history: [],
      minimum: 1,
      kept: ['0.2.0', '0.3.0', '0.4.0'],
    },
  ])('$name', ({ releases, history, minimum, kept }) => {
    const result = retainReleases(releases, entries(...history), { cutoff, minimum });
    expect(result.map(({ tag }) => tag)).toEqual(kept);
  });

  it('B18: a list in which nothing says when it was created does not grow for ever', () => {
    const releases = Array.from({ length: 200 }, (_, index) => release(`0.${index}.0`));
    expect(retainReleases(releases, entries('0.199.0'), { cutoff, minimum: 30 })).toHaveLength(30);
  });

  it('is bounded whatever history and dates say', () => {
    const releases = Array.from({ length: 2000 }, (_, index) => release(`0.${index}.0`, daysOld(0)));
    expect(retainReleases(releases, entries('0.0.0'), { cutoff, minimum: 30 })).toHaveLength(MAX_RELEASES);
  });

  it('keeps the release after which automation resumes', () => {
    const history = entries('0.4.0').map((entry) => ({ ...entry, resumeAfter: parseTag('0.2.0') }));
    expect(retainReleases(base, history, { cutoff, minimum: 1 }).map(({ tag }) => tag)).toEqual([
      '0.2.0',
      '0.3.0',
      '0.4.0',
    ]);
  });
});
