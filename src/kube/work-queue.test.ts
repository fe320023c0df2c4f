import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from './testing/fake-clock.ts';
import { priorities, WorkQueue, type WorkQueueOptions } from './work-queue.ts';

const key = (name: string) => ({ namespace: 'default', name });

function newQueue(options: Partial<WorkQueueOptions> = {}) {
  const clock = createFakeClock();
  let woken = 0;
  const queue = new WorkQueue({ clock, random: () => 1, onReady: () => woken++, ...options });
  const take = (): string | undefined => queue.take()?.key.name;
  return { clock, queue, take, woken: () => woken };
}

const inSeconds = (clock: { now(): Temporal.Instant }, seconds: number) => clock.now().add({ seconds });

describe('work queue', () => {
  it('hands a key out once however often it was added', () => {
    const { queue, take } = newQueue();
    for (const name of ['a', 'b', 'a', 'a']) queue.add(key(name));
    expect([take(), take(), take()]).toEqual(['a', 'b', undefined]);
  });

  it('brings nothing up before the time that the API server has asked for, whoever asks for it', async () => {
    const { clock, queue, take } = newQueue();
    queue.add(key('a'));
    const work = queue.take();
    if (work !== undefined) queue.retry(work, inSeconds(clock, 4));
    queue.done(key('a'));
    queue.add(key('a'));
    queue.setDeadline(key('a'), inSeconds(clock, 1));
    await clock.advance(3_999);
    expect(take()).toBeUndefined();
    await clock.advance(1);
    expect(take()).toBe('a');
    queue.done(key('a'));
    queue.add(key('a'));
    expect(take()).toBe('a');
  });

  it('does not hand out a key that is worked on, and brings it up again afterwards', () => {
    const { queue, take } = newQueue();
    queue.add(key('a'));
    expect(take()).toBe('a');
    queue.add(key('a'));
    expect(take()).toBeUndefined();
    queue.done(key('a'));
    expect(take()).toBe('a');
    queue.done(key('a'));
    expect(queue.size).toBe(0);
  });

  it('lets a change go before the first list and a resync, also when it comes later', () => {
    const { queue, take } = newQueue();
    for (const name of ['a', 'b', 'c']) queue.add(key(name), { priority: priorities.resync });
    queue.add(key('d'));
    queue.add(key('c'));
    expect([take(), take(), take(), take()]).toEqual(['d', 'c', 'a', 'b']);
  });

  it('keeps the earliest time', async () => {
    const { clock, queue, take, woken } = newQueue();
    queue.add(key('a'), { at: inSeconds(clock, 10) });
    queue.add(key('a'), { at: inSeconds(clock, 5) });
    queue.add(key('a'), { at: inSeconds(clock, 20) });
    await clock.advance(4999);
    expect([take(), woken()]).toEqual([undefined, 0]);
    await clock.advance(1);
    expect([take(), woken()]).toEqual(['a', 1]);
    queue.done(key('a'));
    await clock.advance(60_000);
    expect(take()).toBeUndefined();
  });

  it('never comes up before a deadline with fractions of a millisecond', async () => {
    const { clock, queue, take } = newQueue();
    queue.setDeadline(key('a'), clock.now().add({ milliseconds: 10, nanoseconds: 1 }));
    await clock.advance(10);
    expect(take()).toBeUndefined();
    await clock.advance(1);
    expect(take()).toBe('a');
  });

  it('keeps a deadline through events and failures before it, until it is replaced', async () => {
    const { clock, queue, take } = newQueue();
    queue.add(key('a'));
    take();
    queue.setDeadline(key('a'), inSeconds(clock, 100));
    queue.done(key('a'));
    queue.add(key('a'));
    expect(take()).toBe('a'); // an event; this reconcile ends without a result
    queue.forget(key('a'));
    queue.done(key('a'));
    await clock.advance(100_000);
    expect(take()).toBe('a');
    queue.setDeadline(key('a'), inSeconds(clock, 100));
    queue.setDeadline(key('a'), undefined);
    queue.done(key('a'));
    expect(queue.size).toBe(0);
    expect(clock.pending).toBeLessThanOrEqual(1);
  });

  it('backs off twice as long with each failure, up to a bound, and starts anew after success', async () => {
    const { clock, queue, take } = newQueue();
    queue.add(key('a'));
    const waits: number[] = [];
    for (let failure = 0; failure < 20; failure++) {
      const work = queue.take()!;
      queue.retry(work);
      queue.done(work.key);
      const started = clock.now().epochMilliseconds;
      await clock.advanceTo(clock.nextDue()!);
      waits.push(clock.now().epochMilliseconds - started);
    }
    expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(waits.at(-1)).toBe(1_000_000);
    queue.forget(key('a'));
    queue.retry({ key: key(take()!), priority: 0 });
    queue.done(key('a'));
    await clock.advance(5);
    expect(take()).toBe('a');
  });

  it('refuses more than its limit, and everything once closed', () => {
    const { queue } = newQueue({ limit: 2 });
    expect([queue.add(key('a')), queue.add(key('b')), queue.add(key('c')), queue.add(key('a'))]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    queue.close();
    expect(queue.add(key('a'))).toBe(false);
    expect(queue.take()).toBeUndefined();
  });

  it('keeps no trace of deadlines that were replaced', () => {
    const { clock, queue, take } = newQueue();
    for (let turn = 0; turn < 10_000; turn++) {
      queue.add(key('a'));
      take();
      queue.setDeadline(key('a'), inSeconds(clock, 1_000_000 + turn));
      queue.done(key('a'));
    }
    expect(clock.pending).toBe(1);
    expect(queue.size).toBe(1);
  });

  it('never hands out a key twice at once, never early, and loses none', async () => {
    const action = fc.record({
      kind: fc.constantFrom('add', 'addAt', 'take', 'done', 'retry', 'deadline', 'advance'),
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      priority: fc.constantFrom(0, -100),
      delay: fc.nat(50),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const { clock, queue } = newQueue({ random: () => 0 });
        const owed = new Map<string, number>();
        const working = new Map<string, { priority: number }>();
        const now = (): number => clock.now().epochMilliseconds;
        const owe = (name: string, at: number): void => void owed.set(name, Math.min(owed.get(name) ?? at, at));
        const takeOne = (): boolean => {
          const work = queue.take();
          if (work === undefined) return false;
          const { name } = work.key;
          expect(working.has(name)).toBe(false);
          expect(owed.get(name)).toBeLessThanOrEqual(now());
          owed.delete(name);
          working.set(name, work);
          return true;
        };
        for (const { kind, name, priority, delay } of actions) {
          const at = clock.now().add({ milliseconds: delay });
          if (kind === 'add') {
            queue.add(key(name), { priority });
            owe(name, now());
          } else if (kind === 'addAt') {
            queue.add(key(name), { priority, at });
            owe(name, at.epochMilliseconds);
          } else if (kind === 'take') {
            takeOne();
          } else if (kind === 'advance') {
            await clock.advance(delay);
          } else if (working.has(name)) {
            if (kind === 'retry') {
              queue.retry({ key: key(name), priority });
              owe(name, now() + 2);
            } else if (kind === 'deadline') {
              queue.setDeadline(key(name), at);
              owe(name, at.epochMilliseconds);
            }
            queue.done(key(name));
            working.delete(name);
          }
        }
        for (const name of working.keys()) queue.done(key(name));
        working.clear();
        const expected = new Set(owed.keys());
        const seen = new Set<string>();
        for (let turn = 0; turn < 10; turn++) {
          await clock.advance(2_000_000);
          for (let work = queue.take(); work !== undefined; work = queue.take()) {
            seen.add(work.key.name);
            queue.done(work.key);
          }
        }
        for (const name of expected) expect(seen).toContain(name);
      }),
      { numRuns: 300 },
    );
  });
});
