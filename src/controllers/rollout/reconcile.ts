/**
 * One look at one Rollout: observe, decide, apply. The order of the writes is what makes a crash harmless: the status
 * first, since it is the record and the only commit point; then the targets, idempotently and on every look; then the
 * one-shot annotations, by value.
 */
import { InvalidObjectError } from '../../api/errors.ts';
import { earliest } from '../../api/instant.ts';
import type { ObjectKey } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import type { Tag } from '../../api/tag.ts';
import { decide } from '../../core/decide.ts';
import type { RolloutObservation, TargetObservation } from '../../core/observation.ts';
import type { ConsumedAnnotation, RolloutPlan } from '../../core/plan.ts';
import { takesVersions } from '../../core/target.ts';
import { convergeTarget } from '../../integrations/flux/converge.ts';
import { ApiStatusError, isForbidden, isNotFound } from '../../kube/errors.ts';
import type { ReconcileResult } from '../../kube/reconciler.ts';
import { writeStatus } from '../../kube/status.ts';

import { observeRollout } from './observe.ts';
import type { RolloutControllerOptions } from './options.ts';
import { reportForbidden, reportInvalid } from './report.ts';
import type { TargetFaults } from './target-faults.ts';

// What a target refuses as invalid it may take later, when somebody changes a policy, of which nothing is heard here.
const refusedFor = Temporal.Duration.from({ minutes: 1 });

export async function reconcileRollout(
  options: RolloutControllerOptions,
  faults: TargetFaults,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const rollout = await readRollout(options, key, signal);
  if (rollout === undefined || rollout.metadata.deletionTimestamp !== undefined) return {};

  const observed = await observe(options, faults, rollout, signal);
  const plan = decide(observed, options.clock.now());

  const recorded = await record(options, rollout, plan, signal);
  const behind = oneForEachObject(observed.targets.filter((target) => isBehind(target, plan.desired)));
  // A status write is the proof that this Rollout was not read from a cache that lags behind; without one, ask.
  if (behind.length > 0 && recorded === rollout && !(await isCurrent(options, rollout, signal))) {
    return { requeueAt: options.clock.now() };
  }
  const { failures, isNews } = await converge(options, faults, recorded, behind, plan.desired, signal);
  const settled = observed.targets.filter((target) => !isBehind(target, plan.desired));
  const healed = settled.filter((target) => faults.clear(recorded, target));
  await consume(options, recorded, plan.consume, signal);
  // A fault came or went: the next look writes it down.
  if (isNews || healed.length > 0) return { requeueAt: options.clock.now() };
  return resultOf(plan, failures, options.clock.now());
}

/** What a target refuses changes nothing about when this Rollout has to be looked at: a deployment fails in its time. */
function resultOf(
  { requeueAt }: RolloutPlan,
  failures: readonly ApiStatusError[],
  now: Temporal.Instant,
): ReconcileResult {
  const failure = failures.find(({ disposition }) => disposition.kind !== 'terminal') ?? failures[0];
  if (failure === undefined) return requeueAt === undefined ? {} : { requeueAt };
  const isRefused = failures.some(({ disposition }) => disposition.kind === 'terminal');
  const next = earliest(requeueAt, isRefused ? now.add(refusedFor) : undefined);
  return { failure, ...(next !== undefined && { requeueAt: next }) };
}

async function observe(
  options: RolloutControllerOptions,
  faults: TargetFaults,
  rollout: Rollout,
  signal: AbortSignal,
): Promise<RolloutObservation> {
  try {
    return await observeRollout(options, faults, rollout, signal);
  } catch (error) {
    if (isForbidden(error)) await reportForbidden(options, rollout, error, signal);
    throw error;
  }
}

function isBehind(target: TargetObservation, desired: Tag | undefined): boolean {
  if (desired === undefined || !takesVersions(target)) return false;
  return target.carries !== desired || !target.claimed;
}

/** All variables of one Kustomization are written together, by one apply. */
function oneForEachObject(targets: readonly TargetObservation[]): readonly TargetObservation[] {
  return [...new Map(targets.map((target) => [`${target.kind}/${target.name}`, target])).values()];
}

async function isCurrent(
  { client }: RolloutControllerOptions,
  rollout: Rollout,
  signal: AbortSignal,
): Promise<boolean> {
  const { resourceVersion, namespace = '', name } = rollout.metadata;
  try {
    const live = await client.get(Rollout, { namespace, name }, { signal });
    return live.metadata.resourceVersion === resourceVersion;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function readRollout(
  options: RolloutControllerOptions,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<Rollout | undefined> {
  try {
    const rollout = await options.reader.get(Rollout, key);
    if (rollout === undefined) options.recorder?.forget(key);
    return rollout;
  } catch (error) {
    if (!(error instanceof InvalidObjectError)) throw error;
    await reportInvalid(options, error, signal);
    return undefined;
  }
}

async function record(
  options: RolloutControllerOptions,
  rollout: Rollout,
  plan: RolloutPlan,
  signal: AbortSignal,
): Promise<Rollout> {
  const written = await writeStatus(options.client, Rollout, rollout, plan.status, { signal });
  options.recorder?.looked(rollout, written);
  for (const event of plan.events) options.events.record(written, event);
  return written;
}

interface Converged {
  /** What the API server refused. */
  readonly failures: readonly ApiStatusError[];
  /** A target failed that did not before, or the other way round. */
  readonly isNews: boolean;
}

/** Writes each of them, whatever becomes of the others. */
async function converge(
  { client }: RolloutControllerOptions,
  faults: TargetFaults,
  rollout: Rollout,
  targets: readonly TargetObservation[],
  desired: Tag | undefined,
  signal: AbortSignal,
): Promise<Converged> {
  if (desired === undefined) return { failures: [], isNews: false };
  const { name, namespace = '' } = rollout.metadata;
  const failures: ApiStatusError[] = [];
  let isNews = false;
  for (const target of targets) {
    try {
      await convergeTarget({ client, rolloutName: name, namespace, target, tag: desired, signal });
      if (faults.clear(rollout, target)) isNews = true;
    } catch (error) {
      if (!(error instanceof ApiStatusError)) throw error;
      const message = `${target.kind} ${namespace}/${target.name} cannot take ${target.field}=${desired}: ${error.message}`;
      if (faults.of(rollout, target) === undefined) isNews = true;
      faults.set(rollout, target, { reason: 'TargetFailed', message });
      failures.push(error);
    }
  }
  return { failures, isNews };
}

/** Tests the value before it removes it: a newer request is never swallowed. */
async function consume(
  { client }: RolloutControllerOptions,
  rollout: Rollout,
  annotations: readonly ConsumedAnnotation[],
  signal: AbortSignal,
): Promise<void> {
  if (annotations.length === 0) return;
  const { name, namespace = '' } = rollout.metadata;
  const operations = annotations.flatMap(({ key, value }) => {
    const path = `/metadata/annotations/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [{ op: 'test', path, value } as const, { op: 'remove', path } as const];
  });
  try {
    await client.patch(Rollout, { namespace, name }, { type: 'json', operations }, { signal });
  } catch (error) {
    // Another value, or gone already: the next look judges what is there then. A conflict is tried again: that there is
    // something new to look at is not certain.
    const outdated = error instanceof ApiStatusError && error.status === 422;
    if (!outdated && !isNotFound(error)) throw error;
  }
}
