import { expect, test } from 'vitest';
import { Pod } from './job.ts';
import { lastWords } from './last-words.ts';

function pod(...containers: readonly object[]): Pod {
  const status = { containerStatuses: containers.map((one) => ({ name: 'smoke', ...one })) };
  return Pod.parse({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, status });
}
const ended = (exitCode: number, finishedAt: string, message?: string) => ({
  state: { terminated: { exitCode, finishedAt, ...(message !== undefined && { message }) } },
});

test('the newest container that failed is heard, wherever its end stands', () => {
  const early = pod(ended(1, '2026-01-01T12:00:00Z', 'first'));
  const late = pod({ lastState: ended(7, '2026-01-01T12:01:00Z', 'second\n').state }, ended(0, '2026-01-01T13:00:00Z'));
  expect(lastWords([late, early])).toBe('container smoke exited with 7: second');
  expect(lastWords([early])).toBe('container smoke exited with 1: first');
});

test('an init container is heard, too, and one that says nothing', () => {
  const containers = [{ name: 'migrate', ...ended(2, '2026-01-01T12:00:00Z') }];
  const status = { initContainerStatuses: containers };
  const init = Pod.parse({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, status });
  expect(lastWords([init])).toBe('container migrate exited with 2');
});

test('nobody failed', () => {
  expect(lastWords([])).toBeUndefined();
  expect(lastWords([pod(ended(0, '2026-01-01T12:00:00Z', 'done')), pod({})])).toBeUndefined();
});

test('the end of a long text is told, in whole characters', () => {
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');
  expect(lastWords([pod(ended(1, '', lines))])).toMatch(/: line 40\n(.*\n){8}line 49$/);
  const long = lastWords([pod(ended(1, '', '😀'.repeat(2000)))]) ?? '';
  expect(long.length).toBeLessThan(1100);
  expect(long.isWellFormed()).toBe(true);
});
