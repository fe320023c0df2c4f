/** Decisions about objects that others wrote: whatever can be read can be decided. */
import { Approval } from '../../../src/api/approval.ts';
import { InvalidObjectError } from '../../../src/api/errors.ts';
import { Freeze } from '../../../src/api/freeze.ts';
import { HealthCheck } from '../../../src/api/health-check.ts';
import { isRecord } from '../../../src/api/json.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import { RolloutGate } from '../../../src/api/rollout-gate.ts';
import { RolloutSchedule } from '../../../src/api/rollout-schedule.ts';
import { decide } from '../../../src/core/decide.ts';
import { deploymentFacts } from '../../../src/core/deployment-facts.ts';
import { evaluateSchedule } from '../../../src/core/schedule/evaluate.ts';
import { holds, jsonOf, type Target } from '../engine/target.ts';

const now = Temporal.Instant.from('2026-11-21T12:00:00Z');
const isInvalidObject = (error: unknown): boolean => error instanceof InvalidObjectError;

/** Those that are objects of the kind. */
function listOf<T>(type: { parse(object: unknown): T }, value: unknown): T[] {
  return (Array.isArray(value) ? value : []).map((item: unknown) => type.parse(item));
}

const decision: Target = {
  name: 'decide',
  form: 'json',
  refuses: isInvalidObject,
  run(input) {
    const json = jsonOf(input);
    if (!isRecord(json)) return;
    const rollout = Rollout.parse(json.rollout);
    const admitted = rollout.status?.availableReleases?.map(({ tag }) => tag) ?? [];
    const plan = decide(
      {
        rollout,
        defaultFailurePolicy: 'Rollback',
        releases: { admitted, metadata: new Map(), unknownTags: new Set(), hasTag: (tag) => admitted.includes(tag) },
        gates: listOf(RolloutGate, json.gates),
        approvals: listOf(Approval, json.approvals),
        freezes: listOf(Freeze, json.freezes),
        healthChecks: listOf(HealthCheck, json.healthChecks),
        targets: [],
      },
      now,
    );
    deploymentFacts(rollout.status, plan.status);
    const written: unknown = JSON.parse(JSON.stringify({ ...rollout, status: plan.status }));
    try {
      Rollout.parse(written);
    } catch (error) {
      holds(`what is written can be read: ${error instanceof Error ? error.message : ''}`, false);
    }
  },
};

const schedule: Target = {
  name: 'schedule',
  form: 'json',
  refuses: isInvalidObject,
  run(input) {
    const { spec } = RolloutSchedule.parse(jsonOf(input));
    const state = evaluateSchedule(spec.rules.slice(0, 500), spec.timezone, now);
    if ('fault' in state || state.nextTransition === undefined) return;
    const { nextTransition, active } = state;
    holds('a change is in the future', Temporal.Instant.compare(nextTransition, now) > 0);
    const then = evaluateSchedule(spec.rules.slice(0, 500), spec.timezone, nextTransition);
    holds('it is a change', !('fault' in then) && then.active !== active);
  },
};

export const coreTargets: readonly Target[] = [decision, schedule];
