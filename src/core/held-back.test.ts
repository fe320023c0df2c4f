import { expect, it } from 'vitest';
import type { Condition } from '../api/meta.ts';
import { parseTag } from '../api/tag.ts';
import { heldBack } from './held-back.ts';

const at = (hour: number): string => `2026-03-02T${String(hour).padStart(2, '0')}:00:00Z`;
const condition = (type: string, reason: string, hour: number): Condition => ({
  type,
  status: 'False',
  reason,
  message: '',
  lastTransitionTime: at(hour),
});
const candidate = (hour: number) => ({ tag: parseTag('v2'), created: at(hour) });
const deployed = (hour: number, more = {}) => ({ version: { tag: parseTag('v1') }, timestamp: at(hour), ...more });

it.each([
  { name: 'nothing newer', candidates: [], reason: 'Halted', since: undefined },
  { name: 'nothing that could be deployed', candidates: [candidate(1)], reason: 'WaitingForRelease', since: undefined },
  { name: 'the newest', candidates: [candidate(1)], reason: 'UpToDate', since: undefined },
  { name: 'a gate that closed', candidates: [candidate(1)], reason: 'WaitingForGates', since: at(5) },
  { name: 'a gate closed before the release', candidates: [candidate(9)], reason: 'WaitingForGates', since: at(9) },
  { name: 'a Freeze', candidates: [candidate(1)], reason: 'Frozen', since: at(6) },
  { name: 'checks', candidates: [candidate(1)], reason: 'WaitingForHealth', since: at(6) },
  { name: 'a bake', candidates: [candidate(8), candidate(1)], reason: 'Baking', since: at(4) },
])('since when a release is held back: $name', ({ candidates, reason, since }) => {
  const conditions = [
    condition('GatesPassing', 'SomeGatesBlocking', 5),
    condition('DeploymentBlocked', 'Frozen', 6),
    condition('Progressing', reason, 4),
  ];
  const held = heldBack({ conditions, history: [deployed(2)], releaseCandidates: candidates });
  expect(held).toEqual(since === undefined ? undefined : { reason, since: Temporal.Instant.from(since) });
});

it('a halt lasts since the failure', () => {
  const status = {
    conditions: [condition('Progressing', 'Halted', 1)],
    history: [deployed(2, { bakeEndTime: at(7) })],
    releaseCandidates: [candidate(1)],
  };
  expect(heldBack(status)).toEqual({ reason: 'Halted', since: Temporal.Instant.from(at(7)) });
  expect(heldBack(undefined)).toBeUndefined();
});

it('a Rollout that has said nothing, or deployed nothing, is held back since its release at the earliest', () => {
  expect(heldBack({ releaseCandidates: [candidate(1)] })).toBeUndefined();
  expect(heldBack({ conditions: [condition('Progressing', 'Halted', 1)] })).toBeUndefined();
  const status = { conditions: [condition('Progressing', 'WaitingForGates', 1)], releaseCandidates: [candidate(3)] };
  expect(heldBack(status)?.since).toEqual(Temporal.Instant.from(at(3)));
  expect(heldBack({ ...status, history: [] })?.since).toEqual(Temporal.Instant.from(at(3)));
});
