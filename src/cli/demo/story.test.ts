import { expect, it } from 'vitest';
import { Rollout } from '../../api/rollout.ts';
import { expectedHistory } from './application.ts';
import { checkEnding } from './story.ts';

function ending(history: readonly string[]): Rollout {
  const entries = history.map((line) => {
    const [tag, bakeStatus, trigger, by] = line.split(' ');
    const approvals = by === undefined ? [] : [{ gate: 'change-board', by }];
    return { version: { tag }, bakeStatus, trigger, approvals, timestamp: '2026-01-01T00:00:00Z' };
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
  const others = [
    expectedHistory.slice(1),
    expectedHistory.with(2, 'v1.2.0 Succeeded Automatic'),
    expectedHistory.with(0, 'v1.3.0 Succeeded Automatic'),
  ];
  for (const other of others) {
    expect(() => {
      checkEnding(ending(other));
    }).toThrow(/the history is not the expected one/);
  }
});
