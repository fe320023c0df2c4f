/** What a schedule tells about itself: its status, and the one event when something is wrong. */
import { RolloutConditionType } from '../../api/conditions.ts';
import { earliest, instantOf, timestamp } from '../../api/instant.ts';
import { type Condition, keyOf, keyText } from '../../api/meta.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import { ScheduleConditionReason, type ScheduleStatus } from '../../api/schedule.ts';
import { type ConditionUpdate, findCondition, setConditions } from '../condition.ts';
import { valueOf } from './gate.ts';
import type { AnySchedule } from './observation.ts';
import type { SchedulePlan } from './plan.ts';

/** Seconds. */
const shortestRetry = 2;
const longestRetry = 300;

export interface ScheduleOutcome {
  /** Gates that are there now. */
  readonly gates: readonly RolloutGate[];
  /** One sentence for each gate that could not be written. */
  readonly failures: readonly string[];
}

export interface ScheduleReport {
  readonly status: ScheduleStatus;
  /** Only when the schedule became wrong, or wrong in another way. */
  readonly event: { readonly type: 'Warning'; readonly reason: string; readonly message: string } | undefined;
  /** When to look again: exactly at the transition, or before that to try again what failed. */
  readonly requeueAt: Temporal.Instant | undefined;
}

export function reportSchedule(
  schedule: AnySchedule,
  plan: SchedulePlan,
  outcome: ScheduleOutcome,
  now: Temporal.Instant,
): ScheduleReport {
  const { evaluation, matching } = plan;
  const transition = 'fault' in evaluation ? undefined : evaluation.nextTransition;
  const before = schedule.status?.conditions ?? [];
  const update = readiness(schedule, plan, outcome);
  const { generation } = schedule.metadata;
  const conditions = setConditions(before, [update], generation, now);
  const status = {
    ...(!('fault' in evaluation) && said(evaluation)),
    managedGates: outcome.gates.map((gate) => nameOf(schedule, gate)).sort(),
    ...(matching !== undefined && { matchingRollouts: matching }),
    conditions,
  };
  const retry = outcome.failures.length === 0 ? undefined : retryAt(conditions, now);
  return { status, event: eventFor(before, update), requeueAt: earliest(transition, retry) };
}

/** Waits as long again as it has failed already: a back-off that a restart does not forget. */
function retryAt(conditions: readonly Condition[], now: Temporal.Instant): Temporal.Instant {
  const since = instantOf(findCondition(conditions, RolloutConditionType.Ready)?.lastTransitionTime) ?? now;
  const seconds = now.since(since).total('seconds');
  return now.add({ seconds: Math.round(Math.min(Math.max(seconds, shortestRetry), longestRetry)) });
}

function said({ active, activeRules, nextTransition }: Exclude<SchedulePlan['evaluation'], { fault: string }>) {
  return {
    active,
    activeRules: [...activeRules],
    ...(nextTransition && { nextTransition: timestamp(nextTransition) }),
  };
}

type Readiness = ConditionUpdate<keyof typeof ScheduleConditionReason>;

function readiness(
  schedule: AnySchedule,
  { evaluation }: SchedulePlan,
  { gates, failures }: ScheduleOutcome,
): Readiness {
  const type = RolloutConditionType.Ready;
  if ('fault' in evaluation) {
    const meanwhile =
      schedule.spec.action === 'Allow' ? 'its gates are closed' : 'its gates stay as they are, and open no more,';
    const message = `${evaluation.fault}; ${meanwhile} until it is corrected`;
    return { type, status: 'False', reason: ScheduleConditionReason.InvalidSpec, message };
  }
  const [first, ...more] = failures;
  if (first !== undefined) {
    const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
    const message = `${first}${others}; it is tried again`;
    return { type, status: 'False', reason: ScheduleConditionReason.GatesFailed, message };
  }
  const { passing, validUntil } = valueOf(schedule, evaluation);
  const which = gates.length === 1 ? '1 gate is' : `${gates.length} gates are`;
  const until = validUntil === undefined ? ', and no rule will change that' : ` until ${validUntil}`;
  const message = gates.length === 0 ? 'It selects no Rollout' : `${which} ${passing ? 'open' : 'closed'}${until}`;
  return { type, status: 'True', reason: ScheduleConditionReason.Evaluated, message };
}

/** A failure that is tried again may have another text each time; a fault with another text is another fault. */
function eventFor(before: readonly Condition[], { status, reason, message }: Readiness) {
  if (status === 'True') return undefined;
  const last = findCondition(before, RolloutConditionType.Ready);
  const isKnown =
    last?.reason === reason && (reason === ScheduleConditionReason.GatesFailed || last.message === message);
  return isKnown ? undefined : ({ type: 'Warning', reason, message } as const);
}

function nameOf(schedule: AnySchedule, gate: RolloutGate): string {
  return (schedule.metadata.namespace ?? '') === '' ? keyText(keyOf(gate)) : gate.metadata.name;
}
