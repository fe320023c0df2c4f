/** Waits until everything that was planted has been used, and said what came of it. */
import { expect } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import type { Condition } from '../../src/api/meta.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { eventually } from '../support/eventually.ts';
import type { Space } from '../support/space.ts';
import type { Planted } from './planting.ts';

/** @param isSent whether the service was sent what it had to be */
export async function settled(space: Space, planted: Planted, isSent: () => void): Promise<void> {
  const { namespace } = space;
  await eventually(
    async () => {
      isSent();
      const gates = (await space.client.list(RolloutGate, { namespace })).items.map((item) => RolloutGate.parse(item));
      const open = gates.filter(({ status }) => status?.verdicts === undefined && !isNotReady(status?.conditions));
      const checks = (await space.client.list(HealthCheck, { namespace })).items.map((item) => HealthCheck.parse(item));
      const unsaid = checks.filter(({ status }) => (status?.message ?? '') === '' && !isNotReady(status?.conditions));
      const rollouts = (await space.client.list(Rollout, { namespace })).items.map((item) => Rollout.parse(item));
      const silent = rollouts.filter(({ status }) => status?.conditions === undefined);
      expect([...open, ...unsaid, ...silent].map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
      const planned = [planted.gates, planted.checks, planted.rollouts].map(({ length }) => length);
      expect([gates.length, checks.length, rollouts.length]).toEqual(planned);
    },
    150_000,
    500,
  );
}

function isNotReady(conditions: readonly Condition[] | undefined): boolean {
  return conditions?.some(({ type, status }) => type === 'Ready' && status === 'False') ?? false;
}

/** What people ask about these objects, in every form that it is printed in. */
export function commandLines({ rollouts }: Planted): readonly string[] {
  const said = rollouts.filter((name) => /forbidden|config-|proxy-|cert-/.test(name));
  const each = ['gated', 'checked'].flatMap((name) => [
    `explain rollout ${name} -o json`,
    `forecast rollout ${name}`,
    `forecast rollout ${name} -o yaml`,
    `history ${name}`,
    `history ${name} -o json`,
  ]);
  each.push(...['gated', 'checked', ...said].map((name) => `explain rollout ${name}`));
  const kinds = ['rollouts', 'approvals', 'freezes', 'schedules', 'clusterschedules'];
  const lists = kinds.flatMap((kind) => ['table', 'wide', 'json', 'yaml'].map((form) => `get ${kind} -o ${form}`));
  // With `-o json` gates and checks are what people wrote, too.
  const written = ['gates', 'healthchecks'].flatMap((kind) => [`get ${kind}`, `get ${kind} -o wide`]);
  return [...each, ...lists, ...written, 'deploy checked v9.9.9 -y', 'retry checked -y', 'rollback checked -y'];
}
