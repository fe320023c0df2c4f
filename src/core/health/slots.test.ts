import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slotAfter, slotFrom } from './slots.ts';

const start = Temporal.Instant.from('2026-01-05T12:00:00Z');
const uids = Array.from({ length: 1000 }, (_, index) => `6f1e1b1e-0000-4000-8000-00000000${index + 1000}`);
const interval = Temporal.Duration.from({ seconds: 30 });

describe('slots', () => {
  it('spread checks with one interval over it', () => {
    const perSecond = new Map<number, number>();
    for (const uid of uids) {
      const second = Math.floor(slotFrom(uid, interval, start).since(start).total('seconds'));
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(perSecond.size).toBeGreaterThanOrEqual(30);
    // A third each of a thousand in one second is 33; all at once would be 1000.
    expect(Math.max(...perSecond.values())).toBeLessThan(67);
  });

  it('are an interval apart, whenever one looks, and leave half of it to rest', () => {
    const cases = [
      fc.string(),
      fc.integer({ min: 1000, max: 7_200_000 }),
      fc.integer({ min: 0, max: 10_000_000 }),
    ] as const;
    fc.assert(
      fc.property(...cases, (uid, milliseconds, later) => {
        const every = Temporal.Duration.from({ milliseconds });
        const from = start.add({ milliseconds: later });
        const first = slotFrom(uid, every, from);
        expect(first.since(from).total('milliseconds')).toBeGreaterThanOrEqual(0);
        expect(first.since(from).total('milliseconds')).toBeLessThanOrEqual(milliseconds);
        expect(slotAfter(uid, every, first).since(first).total('milliseconds')).toBe(milliseconds);
        const rest = slotAfter(uid, every, from).since(from).total('milliseconds');
        expect(rest).toBeGreaterThanOrEqual(milliseconds / 2);
        expect(rest).toBeLessThanOrEqual(milliseconds * 1.5 + 1);
      }),
    );
  });
});
