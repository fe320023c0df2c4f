/**
 * Section 6, "a check's verdict counts only for the deployment it saw", and what I5 rests on: a bake begins when every
 * check is healthy for this deployment and every target carries it, ends well when its time is over, and fails for a
 * reason that can be seen.
 */
import type { HealthCheck } from '../../../src/api/health-check.ts';
import type { HistoryEntry, Rollout } from '../../../src/api/rollout.ts';
import { durationOf } from './durations.ts';
import { CHECKS } from './ledger.ts';
import { entryText, isUnfinished, type Memory } from './memory.ts';
import { isSelected } from './permission.ts';
import { instant, type Moment, type Scene } from './scene.ts';
import { targetsOf } from './targets.ts';

/** Times in a status are whole seconds, rounded up. */
const rounding = 1_000;
/** So long failures may not count. */
const longestRecovery = 3_600_000;
/** How long Flux may fail to apply a deployment, when `deployTimeout` does not say. */
const patience = 300_000;

export function inspectBake(rollout: Rollout, memory: Memory, moment: Moment, scene: Scene): void {
  const { metadata, spec, status } = rollout;
  const entry = status?.history?.find(({ id = 0 }) => memory.entries.has(id));
  const before = memory.entries.get(entry?.id ?? 0);
  if (entry === undefined || before === undefined || !isUnfinished(before)) return;
  const say = (what: string): void => {
    scene.report('health', `${metadata.name}: ${entryText(entry)} ${what}`);
  };
  const { bakeStatus } = entry;
  const cutoff =
    Math.max(instant(entry.timestamp), instant(entry.lastRetryTimestamp) || 0) - rounding - scene.hearing.skew;
  const hasStarted = entry.bakeStartTime !== undefined && entry.bakeStartTime !== before.bakeStartTime;
  if (hasStarted || bakeStatus === 'Succeeded') inspectFitness(entry, rollout, cutoff, moment, scene, say);
  if (bakeStatus === 'Succeeded' && spec.bakeTime !== undefined) {
    const end = instant(entry.bakeStartTime) + durationOf(spec.bakeTime);
    if (!(moment.now >= end - rounding - moment.slack)) say(`before its bake time of ${spec.bakeTime} was over`);
  }
  const isRetried = entry.retryAt !== undefined && before.retryAt === undefined;
  if (bakeStatus === 'Failed' || isRetried) {
    inspectFailure(rollout, cutoff, moment, say);
    const limit = Math.max(longestRecovery, durationOf(spec.deployTimeout ?? '0s'));
    const isOver = moment.now >= instant(entry.timestamp) + limit - rounding - moment.slack;
    if (memory.recovering && !isOver) say('in recovery mode');
  }
  // The limit may be lowered after it was used.
  const { retries = 0 } = entry;
  if (retries > Math.max(before.retries ?? 0, spec.retryPolicy?.limit ?? 0)) say(`is retried for the ${retries}. time`);
}

/** A new entry: without anything to judge it, and only then, it is good at once. */
export function inspectBirth(entry: HistoryEntry, { metadata, spec }: Rollout, { report }: Scene): void {
  const { bakeTime, deployTimeout, healthCheckSelector } = spec;
  const isJudged = bakeTime !== undefined || deployTimeout !== undefined || healthCheckSelector !== undefined;
  const isDone = entry.bakeStatus === 'Succeeded' && entry.trigger !== 'Adoption';
  if (isJudged && isDone) report('health', `${metadata.name}: ${entryText(entry)} without any bake`);
}

function inspectFitness(
  { version }: HistoryEntry,
  rollout: Rollout,
  cutoff: number,
  moment: Moment,
  scene: Scene,
  say: (what: string) => void,
): void {
  for (const [key, versions] of selectedChecks(rollout, moment)) {
    const isHealthy = ({ status }: HealthCheck): boolean =>
      status?.status === 'Healthy' && instant(status.lastChangeTime) >= cutoff;
    if (!versions.some((check) => check === undefined || isHealthy(check)))
      say(`though HealthCheck ${key} is not healthy for it`);
  }
  for (const { name, carried } of targetsOf(rollout, scene, moment)) {
    if (!carried.includes(version.tag)) say(`though ${name} carries ${carried.join()}`);
  }
}

function inspectFailure(rollout: Rollout, cutoff: number, moment: Moment, say: (what: string) => void): void {
  const { deployTimeout } = rollout.spec;
  const waits = deployTimeout === undefined ? patience : Math.min(patience, durationOf(deployTimeout));
  if (moment.now >= cutoff + waits - rounding - moment.slack) return;
  const hasFailed = ({ status }: HealthCheck): boolean =>
    instant(status?.lastErrorTime) >= cutoff ||
    (status?.status === 'Unhealthy' && instant(status.lastChangeTime) >= cutoff);
  const checks = [...selectedChecks(rollout, moment)];
  if (!checks.some(([, versions]) => versions.some((check) => check !== undefined && hasFailed(check))))
    say('though no HealthCheck has failed since it was deployed');
}

function* selectedChecks(rollout: Rollout, moment: Moment) {
  for (const [key, versions] of moment.each(CHECKS)) {
    if (versions.some((check) => check !== undefined && isSelected(rollout, check))) yield [key, versions] as const;
  }
}
