/** Why the Rollout is where it is: an ordered list that names every wait, its cause, its end and its remedy (I8). */
import { ConditionReason } from '../api/conditions.ts';
import { instantOf, timestamp } from '../api/instant.ts';
import { keyOf, keyText } from '../api/meta.ts';
import type { HistoryEntry } from '../api/rollout.ts';
import type { BakeStep } from './bake.ts';
import { isUnfinished } from './bake.ts';
import { passedOverReasons, pinReason } from './candidates.ts';
import { type Decision, faultReason, type Situation, untoldFaults } from './choice.ts';
import type { Reason } from './plan.ts';

export function explain(situation: Situation, step: BakeStep | undefined, next: Decision): Reason[] {
  const { history, spec, observed, candidates } = situation;
  const [newest] = history;
  const reasons: Reason[] = waitReasons(situation);
  if (newest !== undefined && step !== undefined && isUnfinished(newest)) reasons.push(bakeReason(newest, step));
  reasons.push(...next.reasons);
  if (next.choice !== undefined) {
    const { version } = next.choice;
    reasons.push({ code: ConditionReason.Deploying, message: `${version.tag} is deployed next` });
  }
  if (spec.pin !== undefined && newest?.version.tag === spec.pin) reasons.push(pinReason(situation));
  if (observed.releases.fault !== undefined) reasons.push(faultReason(observed.releases.fault));
  reasons.push(...untoldFaults(observed, reasons));
  if (spec.pin === undefined) reasons.push(...passedOverReasons(situation));
  if (reasons.length === 0 && candidates.length === 0) reasons.push(upToDate(situation));
  return reasons;
}

/** Flux takes nothing up, or not yet: that comes before everything else, the bake included. */
function waitReasons({ history, observed }: Situation): Reason[] {
  const waits = history.length === 0 ? [] : observed.targets.flatMap((target) => target.waits ?? []);
  return waits
    .filter(({ message }, index) => waits.findIndex((wait) => wait.message === message) === index)
    .map((wait) => ({ code: ConditionReason.WaitingForTarget, ...wait }));
}

function bakeReason(newest: HistoryEntry, step: BakeStep): Reason {
  const { tag } = newest.version;
  const checks = step.waitingFor.map((check) => `HealthCheck ${keyText(keyOf(check))}`);
  const details = step.waitingFor.map(
    ({ status }, index) =>
      `${checks[index]} is ${status?.status ?? 'not judged yet'}: ${status?.message || 'no message'}`,
  );
  const until = step.deadline === undefined ? '' : ` until ${timestamp(step.deadline)}`;
  const since = instantOf(newest.bakeStartTime) ?? instantOf(newest.timestamp);
  const more = {
    ...(details.length === 0 ? {} : { details }),
    ...(since === undefined ? {} : { since }),
    ...(step.deadline === undefined ? {} : { until: step.deadline }),
  };
  if (newest.bakeStatus === 'InProgress') {
    const waiting = checks.length === 0 ? '' : `; not healthy: ${checks.join(', ')}`;
    return { code: ConditionReason.Baking, message: `Baking ${tag}${until}${waiting}`, ...more };
  }
  const others = step.lacksChecks ? 'a HealthCheck that spec.healthCheckSelector matches' : 'every target to carry it';
  const waiting = checks.length === 0 ? others : checks.join(', ');
  return { code: ConditionReason.Deploying, message: `Deploying ${tag}: waiting${until} for ${waiting}`, ...more };
}

function upToDate({ history, releases }: Situation): Reason {
  const [newest] = history;
  if (newest === undefined) {
    return {
      code: ConditionReason.NoReleases,
      message: 'No releases available: waiting for the first tag that the ImagePolicy admits',
    };
  }
  const known = releases.length === 0 ? '' : ' is the newest release';
  return { code: ConditionReason.UpToDate, message: `${newest.version.tag}${known}` };
}
