/** A short soak, as full of kills as a long one: nothing is lost, altered, done twice, or done that must not be done. */
import { expect, test } from 'vitest';
import { soak } from './soak.ts';
import { summaryText, violationText } from './summary.ts';

const [rollouts, seconds] = [25, 75];

test('controllers, API server and etcd are killed while releases arrive, and nothing is lost', async () => {
  const seed = Math.floor(Math.random() * 1_000_000);
  const told: string[] = [];
  const tell = (line: string): void => void told.push(line);
  const { summary, storyOf } = await soak({ seed, rollouts, seconds, restSeconds: 20, tell });
  const violations = summary.violations.map((violation) => {
    return [violationText(violation), ...storyOf(violation.rollout)].join('\n  ');
  });
  const text = `${summaryText(summary)}\nagain: make soak-real ARGS="--seed ${seed} --rollouts ${rollouts} --minutes ${seconds / 60}"`;
  process.stdout.write(`${text}\n`);
  expect(violations, `${text}\n${told.join('\n')}`).toEqual([]);
  for (const [name, times] of Object.entries(summary.kills)) expect(times, name).toBeGreaterThan(0);
  expect(Object.values(summary.deployments).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(2 * rollouts);
}, 900_000); // Of which it needs a third on two cores that do nothing else.
