/** Why the Rollout is where it is: an ordered list that names every wait, its cause, its end and its remedy (I8). */
import { ConditionReason } from '../api/conditions.ts';
import type { HealthCheck } from '../api/health-check.ts';
import { instantOf, timestamp } from '../api/instant.ts';
import { keyOf, keyText } from '../api/meta.ts';
import type { HistoryEntry } from '../api/rollout.ts';
import { type BakeStep, isUnfinished } from './bake.ts';
import { type BakeTarget, failedCheck } from './bake-end.ts';
import { passedOverReasons, pinReason } from './candidates.ts';
import { type Decision, faultReason, type Situation, untoldFaults } from './choice.ts';
import { isByHand } from './guards.ts';
import type { Reason } from './plan.ts';
import { rollbackTarget } from './rollback.ts';

export function explain(situation: Situation, step: BakeStep | undefined, next: Decision): Reason[] {
  const { history, spec, observed, candidates } = situation;
  const [newest] = history;
  const reasons: Reason[] = waitReasons(situation);
  if (newest !== undefined && step !== undefined && isUnfinished(newest))
    reasons.push(bakeReason(newest, step, ifItFails(situation, step)));
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

function bakeReason(newest: HistoryEntry, step: BakeStep, consequence: string): Reason {
  const { tag } = newest.version;
  const since = instantOf(newest.bakeStartTime) ?? instantOf(newest.lastRetryTimestamp ?? newest.timestamp);
  const details = [...step.waitingFor.map(checkDetail), ...step.unapplied.map(targetDetail), consequence];
  const more = {
    details,
    ...(since === undefined ? {} : { since }),
    ...(step.deadline === undefined ? {} : { until: step.deadline }),
  };
  if (newest.retryAt !== undefined) return retryReason(newest, more);
  const recovery =
    step.recoversBy === undefined
      ? ''
      : `; recovery mode: failures count again when every check is healthy, or at ${timestamp(step.recoversBy)}`;
  if (newest.bakeStatus === 'InProgress') return bakingReason(tag, step, recovery, more);
  const until = step.failsAt === undefined ? firstCheckBy(step) : ` until ${timestamp(step.failsAt)}`;
  const end = step.failsAt === undefined ? '' : ', then it fails';
  const waiting = waitingText(step) || everyTarget(step);
  const attempt = newest.retries === undefined ? '' : `, retry ${newest.retries}`;
  return {
    code: ConditionReason.Deploying,
    message: `Deploying ${tag}${attempt}: waiting${until} for ${waiting}${end}${recovery}`,
    ...more,
  };
}

function bakingReason(tag: string, step: BakeStep, recovery: string, more: Partial<Reason>): Reason {
  const end = step.endsAt === undefined ? '' : ` until ${timestamp(step.endsAt)}`;
  const fails = step.failsAt === undefined ? '' : `, fails at ${timestamp(step.failsAt)}`;
  const unhealthy = waitingText(step);
  // It would be over: a target that was made anew does not carry it.
  const lost = step.endsAt === undefined ? `; waiting for ${everyTarget(step)}` : '';
  const waiting = unhealthy === '' ? lost : `; not healthy: ${unhealthy}`;
  return { code: ConditionReason.Baking, message: `Baking ${tag}${end}${fails}${waiting}${recovery}`, ...more };
}

/** As things are: they may be others when it does. */
function ifItFails(situation: Situation, { recoversBy }: BakeStep): string {
  const { spec, history, rejected, observed } = situation;
  const [newest] = history;
  const retries = newest?.retries ?? 0;
  if (newest?.trigger === 'Automatic' && spec.retryPolicy !== undefined && retries < spec.retryPolicy.limit) {
    return `if it fails, its bake is started over: retry ${retries + 1} of ${spec.retryPolicy.limit}`;
  }
  const policy = spec.failurePolicy ?? observed.defaultFailurePolicy;
  const target = rollbackTarget({ history, rejected, policy, manual: isByHand(situation) });
  if (target === undefined || recoversBy !== undefined) return 'if it fails, it stays and waits for a person';
  return `if it fails, it is rolled back to ${target.version.tag}`;
}

/** What failed, and when it is tried again, is what the history says. */
function retryReason(
  { version, bakeStatusMessage = '', failedHealthChecks = [] }: HistoryEntry,
  more: Partial<Reason>,
): Reason {
  return {
    code: ConditionReason.Deploying,
    message: `${version.tag} failed its bake and is started over: ${bakeStatusMessage}`,
    ...more,
    details: failedHealthChecks.map(failedCheck),
    remedy: 'retry it now, or deploy another version by hand',
  };
}

function firstCheckBy({ lacksChecks, deadline }: BakeStep): string {
  return lacksChecks && deadline !== undefined ? ` until ${timestamp(deadline)}` : '';
}

/** The same as long as the facts are: what each of them says is in the details. */
function waitingText({ waitingFor, unapplied }: BakeStep): string {
  const checks = waitingFor.map(
    (check) => `HealthCheck ${keyText(keyOf(check))}${hasNoData(check) ? ' (no data)' : ''}`,
  );
  // That Flux is at it goes without saying while a check is not healthy.
  const told = unapplied.filter(({ failure }) => failure !== undefined || checks.length === 0);
  const targets = told.map(({ kind, name }) => `Flux to apply ${kind}/${name}`);
  return [...checks, ...new Set(targets)].join(', ');
}

function everyTarget({ lacksChecks }: BakeStep): string {
  return lacksChecks ? 'a HealthCheck that spec.healthCheckSelector matches' : 'every target to carry it';
}

function checkDetail(check: HealthCheck): string {
  const { status } = check;
  const text = hasNoData(check) ? 'has no data' : `is ${status?.status ?? 'not judged yet'}`;
  return `HealthCheck ${keyText(keyOf(check))} ${text}: ${status?.message || 'no message'}`;
}

function targetDetail({ kind, name, failure }: BakeTarget): string {
  return failure === undefined
    ? `Flux has not applied ${kind}/${name} yet`
    : `Flux could not apply it: ${failure.message}`;
}

/** Neither good nor bad: the last look brought no answer, and `noDataPolicy` is `Hold`. */
function hasNoData({ status }: HealthCheck): boolean {
  return status?.status === 'Pending' && status.lastSample?.result === 'NoData';
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
