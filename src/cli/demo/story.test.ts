import { expect, it } from 'vitest';
import { Rollout } from '../../api/rollout.ts';
import { expectedHistory } from './application.ts';
import { checkEnding } from './story.ts';

function ending(history: readonly string[]): Rollout {
  const entries = history.map((line) => {
    const [tag, bakeStatus, trigger] = line.split(' ');
    return { version: { tag }, bakeStatus, trigger, timestamp: '2026-01-01T00:00:00Z' };
  });
  const metadata = { name: 'web', namespace: 'shop' };
  const spec = { releasesImagePolicy: { name: 'web' } };
  return Rollout.parse({
    apiVersion: Rollout.apiVersion,
    kind: 'Rollout',
    metadata,
    spec,
    status: { history: entries },
  });
}

it('fails when the history is not the one that it must leave', () => {
  expect(() => {
    checkEnding(ending(expectedHistory));
  }).not.toThrow();
  for (const other of [expectedHistory.slice(1), expectedHistory.with(2, 'v1.2.0 Succeeded Automatic')]) {
    expect(() => {
      checkEnding(ending(other));
    }).toThrow(/the history is not the expected one/);
  }
});
