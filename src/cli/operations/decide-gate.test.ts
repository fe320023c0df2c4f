import { expect, it } from 'vitest';
import { planDecision } from './decide-gate.ts';
import { approvalOf, factsOf, gateOf } from './facts.fixture.ts';

it.each([
  [
    'RolloutGate board waits for an approval of v1.4.0; somebody who may create approvals: kuberik approve board v1.4.0',
    'gate board lets v1.4.0 go',
  ],
  ['RolloutGate hours is closed', 'gate board lets v1.4.0 go; RolloutGate hours is closed'],
])('an approval that opens its gate never says that the gate still waits: %s', async (message, text) => {
  const conditions = [{ type: 'Progressing', status: 'False', reason: 'WaitingForGates', message }];
  const gates = [gateOf('board', { class: 'manual' })];
  const status = { conditions: conditions.map((one) => ({ ...one, lastTransitionTime: '2026-11-21T11:00:00Z' })) };
  const { goal } = planDecision(factsOf({ gates }), gates, 'Approve', 'v1.4.0', undefined);
  const facts = factsOf({ gates, status, approvals: [approvalOf('board', 'jane')] });
  expect(await goal?.(facts.rollout, () => Promise.resolve(facts))).toEqual({ state: 'done', text });
});
