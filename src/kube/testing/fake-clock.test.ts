import { describe, expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

describe('fake clock', () => {
  it('runs due timers in order of time, then of creation, with the time they were due at', async () => {
    const clock = createFakeClock('2026-03-01T00:00:00Z');
    const seen: string[] = [];
    const note = (name: string) => (): void => void seen.push(`${name}@${clock.now().toString()}`);
    clock.after(2000, note('late'));
    clock.after(1000, note('first'));
    clock.after(1000, note('second'));
    clock.after(2001, note('never'));
    await clock.advance(2000);
    expect(seen).toEqual(['first@2026-03-01T00:00:01Z', 'second@2026-03-01T00:00:01Z', 'late@2026-03-01T00:00:02Z']);
    expect(clock.pending).toBe(1);
    expect(clock.nextDue()?.toString()).toBe('2026-03-01T00:00:02.001Z');
  });

  it('runs timers that a resolved sleep makes on the way', async () => {
    const clock = createFakeClock();
    const seen: number[] = [];
    const loop = (async () => {
      for (let turn = 0; turn < 3; turn++) {
        await clock.sleep(10, AbortSignal.any([]));
        seen.push(turn);
      }
    })();
    await clock.advance(30);
    await loop;
    expect(seen).toEqual([0, 1, 2]);
  });

  it('does not fire a disposed timer, and a sleep ends with its signal', async () => {
    const clock = createFakeClock();
    let fired = false;
    clock.after(5, () => (fired = true))[Symbol.dispose]();
    const controller = new AbortController();
    const sleeping = clock.sleep(5, controller.signal);
    controller.abort(new Error('stop'));
    await expect(sleeping).rejects.toThrow('stop');
    await clock.advance(10);
    expect(fired).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
