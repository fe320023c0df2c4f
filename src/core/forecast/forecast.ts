/**
 * What will happen if nobody does anything: `decide` runs forward on a virtual clock, over schedules, freezes, expiries
 * and bakes. The same function that decides in the cluster decides here, so that a forecast is no second opinion.
 */
import { earliest, instantOf, isBefore } from '../../api/instant.ts';
import { decide } from '../decide.ts';
import type { RolloutObservation } from '../observation.ts';
import type { Reason, RolloutPlan } from '../plan.ts';
import { evaluateSchedule } from '../schedule/evaluate.ts';
import { valueOf, withValue } from '../schedule/gate.ts';
import type { ForecastInput } from './input.ts';
import { deploymentEntries, freezeEntries, scheduleEntries, type TimelineEntry } from './timeline.ts';
import { carriedOut, stillStanding } from './world.ts';

export interface Forecast {
  /** In order of time; of one instant, causes before effects. */
  readonly timeline: readonly TimelineEntry[];
  /** How it stands at the end, and why it goes no further. */
  readonly reasons: readonly Reason[];
  /** Where it was broken off, if so much happens that it would not end. */
  readonly brokenOffAt?: Temporal.Instant;
}

/** Instants at which something happens. A schedule of minutes over a year has more; nobody reads them. */
const mostInstants = 5_000;
/** A Rollout comes to rest within a few looks; more of them at one instant would be a loop. */
const mostLooks = 20;

interface Present {
  readonly input: ForecastInput;
  readonly plan: RolloutPlan;
  readonly timeline: readonly TimelineEntry[];
}

export function forecast(input: ForecastInput, now: Temporal.Instant, until: Temporal.Instant): Forecast {
  const timeline: TimelineEntry[] = [];
  let at = now;
  let present = look({ ...input, observed: stillStanding(input.observed) }, at, now);
  timeline.push(...present.timeline);
  for (let instants = 0; instants < mostInstants; instants += 1) {
    const next = nextInstant(present, at);
    if (next === undefined || isBefore(until, next)) return { timeline, reasons: present.plan.reasons };
    at = next;
    present = look(present.input, at, now);
    timeline.push(...present.timeline);
  }
  return { timeline, reasons: present.plan.reasons, brokenOffAt: at };
}

/** Everything that happens at one instant. */
function look(input: ForecastInput, at: Temporal.Instant, start: Temporal.Instant): Present {
  const scheduled = scheduledAt(input, at);
  const isFirst = Temporal.Instant.compare(at, start) === 0;
  const timeline: TimelineEntry[] = isFirst
    ? []
    : [...scheduleEntries(input, scheduled, at), ...freezeEntries(input.observed.freezes, at)];
  let observed: RolloutObservation = { ...input.observed, gates: scheduled };
  let plan = decide(observed, at);
  for (let looks = 0; looks < mostLooks; looks += 1) {
    timeline.push(...deploymentEntries(observed, plan, at));
    const before = observed;
    observed = carriedOut(observed, plan);
    plan = decide(observed, at);
    const isDue = plan.requeueAt !== undefined && !isBefore(at, plan.requeueAt);
    if (plan.status === observed.rollout.status && !isDue && before.targets === observed.targets) break;
  }
  return { input: { ...input, observed }, plan, timeline };
}

/** What the schedule controller writes at this instant. */
function scheduledAt({ observed, schedules }: ForecastInput, at: Temporal.Instant): RolloutObservation['gates'] {
  return observed.gates.map((gate) => {
    const schedule = schedules.find((one) => one.gate === gate.metadata.name)?.schedule;
    if (schedule === undefined) return gate;
    const evaluation = evaluateSchedule(schedule.spec.rules, schedule.spec.timezone, at);
    return 'fault' in evaluation ? gate : withValue(gate, valueOf(schedule, evaluation));
  });
}

function nextInstant({ input, plan }: Present, at: Temporal.Instant): Temporal.Instant | undefined {
  const { observed, schedules } = input;
  const transitions = schedules.map(({ schedule: { spec } }) => {
    const evaluation = evaluateSchedule(spec.rules, spec.timezone, at);
    return 'fault' in evaluation ? undefined : evaluation.nextTransition;
  });
  const ends = observed.freezes.map(({ spec }) => instantOf(spec.until));
  const later = [plan.requeueAt, ...transitions, ...ends].filter(
    (instant) => instant !== undefined && isBefore(at, instant),
  );
  return earliest(...later);
}
