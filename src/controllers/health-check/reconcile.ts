/** One look at one HealthCheck: observe, judge, write the status if it changed. */
import { HealthCheck } from '../../api/health-check.ts';
import { isBefore } from '../../api/instant.ts';
import type { ObjectKey } from '../../api/meta.ts';
import { readyChange } from '../../core/condition.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { Reader } from '../../kube/reader.ts';
import type { ReconcileResult } from '../../kube/reconciler.ts';
import { writeStatus } from '../../kube/status.ts';
import { selectingRollouts } from '../selection.ts';
import type { HealthClassJudge } from './health-class.ts';
import { cutoffsOf, nextStatus } from './next-status.ts';

export interface HealthCheckContext {
  readonly client: KubeClient;
  /** HealthChecks, Rollouts and Namespaces. */
  readonly reader: Reader;
  /** By name: `spec.class`. Checks of another class are reset, and judged by somebody else. */
  readonly classes: ReadonlyMap<string, HealthClassJudge>;
  readonly clock: Clock;
  readonly events: EventRecorder;
}

/**
 * A check that could not be observed keeps its status: an API server that does not answer says nothing about health.
 * @throws KubeError of that read, or of the write (a conflict, for example), to be tried again.
 */
export async function reconcileHealthCheck(
  context: HealthCheckContext,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const { reader, classes, client, clock, events } = context;
  const check = await reader.get(HealthCheck, key);
  const isThere = check !== undefined && check.metadata.deletionTimestamp === undefined;
  const judge = isThere ? classes.get(check.spec.class ?? '') : undefined;
  for (const other of classes.values()) if (other !== judge) other.forget?.(key);
  if (!isThere) return {};

  const rollouts = await selectingRollouts(reader, check);
  const cutoffs = cutoffsOf(rollouts);
  // Deployments are stamped with a second that is to come: whoever looked before it would be reset time and again.
  const { cutoff } = cutoffs;
  if (judge === undefined && cutoff !== undefined && isSoon(cutoff, clock.now())) return { requeueAt: cutoff };
  const verdict = await judge?.judge({ check, rollouts, ...cutoffs }, signal);
  signal.throwIfAborted();
  const status = nextStatus(check, cutoffs, verdict, clock.now());
  const written = await writeStatus(client, HealthCheck, { ...check, status: check.status ?? {} }, status, { signal });
  const change = readyChange(check.status?.conditions, status.conditions);
  if (change !== undefined) events.record(written, change);
  return verdict?.changesAt === undefined ? {} : { requeueAt: verdict.changesAt };
}

/** What is further ahead was stamped by a wrong clock. */
function isSoon(instant: Temporal.Instant, now: Temporal.Instant): boolean {
  return isBefore(now, instant) && isBefore(instant, now.add({ seconds: 10 }));
}
