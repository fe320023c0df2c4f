/**
 * The verdict on a Kustomization and everything it applied. Pure: facts and the time in, verdict out. Only what was
 * seen of the deployed version counts, and only what lasts is a failure.
 */

import { HealthCheckConditionReason } from '../../../api/health-check.ts';
import { earliest, instantOf, latest } from '../../../api/instant.ts';
import type { ObjectKey } from '../../../api/meta.ts';
import { applyFailure } from '../../../integrations/flux/failure.ts';
import { findCondition } from '../../../integrations/flux/foreign.ts';
import type { Kustomization } from '../../../integrations/flux/kustomization.ts';
import { computeStatus } from '../../../kube/kstatus/compute-status.ts';
import { failureWitness } from '../../../kube/kstatus/failure-witness.ts';
import type { Verdict } from '../health-class.ts';
import type { DeploymentProgress } from './expectation.ts';
import type { ResourceFact } from './inventory.ts';

export interface KustomizationFacts {
  readonly reference: ObjectKey;
  /** Undefined: there is no such object. */
  readonly kustomization: Kustomization | undefined;
  /** When the check was made; undefined counts as long ago. */
  readonly createdAt?: Temporal.Instant | undefined;
  readonly deployment: DeploymentProgress;
  readonly resources: readonly ResourceFact[];
  /** The newest deployment or retry of a Rollout that this check judges; older failures are not about it. */
  readonly cutoff: Temporal.Instant | undefined;
  /** The newest deployment alone. */
  readonly deployedAt: Temporal.Instant | undefined;
}

const grace = { minutes: 2 } as const;
/** Objects of one `kubectl apply` come one after the other: a check may be there before what it refers to. */
const creationGrace = { seconds: 30 } as const;

/** A verdict without facts: the annotation says nothing usable. */
export function misconfigured(message: string): Verdict {
  return { status: 'Unhealthy', message };
}

/** Which Kustomization is meant cannot be known: that is no failure of the version. */
export function contradicted(message: string): Verdict {
  return { status: 'Pending', message, fault: { reason: HealthCheckConditionReason.InvalidSpec, message } };
}

export function judge(facts: KustomizationFacts, now: Temporal.Instant): Verdict {
  const { kustomization, deployment, reference } = facts;
  if (kustomization === undefined) {
    const message = `Kustomization not found: ${reference.namespace}/${reference.name} not found`;
    const changesAt = facts.createdAt?.add(creationGrace);
    if (changesAt === undefined || Temporal.Instant.compare(changesAt, now) <= 0)
      return { status: 'Unhealthy', message };
    return { status: 'Pending', message, changesAt };
  }
  const verdict = judgeDeployed(facts, kustomization, now);
  return deployment.revision === undefined ? verdict : { ...verdict, revision: deployment.revision };
}

function judgeDeployed(facts: KustomizationFacts, kustomization: Kustomization, now: Temporal.Instant): Verdict {
  const { deployment, resources } = facts;
  if (deployment.progress === 'waiting') return judgeWait(facts, now);
  const failure = judgeFailure(facts, kustomization, now);
  if (failure !== undefined) return failure;
  if (deployment.progress === 'attempted') {
    const { cutoff } = facts;
    const fresh = resources.filter((fact) => 'status' in fact && isFresh(fact.failedAt, cutoff));
    return judgeFailures(fresh) ?? judgeWait(facts, now);
  }

  const status = computeStatus(kustomization, now);
  const ready = findCondition(kustomization.status?.conditions, 'Ready');
  if (status.status === 'Failed' || status.status === 'Unknown') {
    const said = ready?.message === undefined || ready.message === '' ? '' : `: ${ready.message}`;
    return unhealthy(`Kustomization unhealthy: ${status.message}${said}`, failureWitness(kustomization));
  }
  const isPending = status.status !== 'Current';
  const hasObjects = (kustomization.status?.inventory?.entries ?? []).length > 0;
  if (!hasObjects) {
    return pending(isPending ? `Kustomization pending: ${status.message}` : 'Kustomization has no managed resources');
  }
  const failed = judgeFailures(resources);
  if (failed !== undefined) return failed;
  const waiting = judgePending(resources);
  if (waiting !== undefined) return waiting;
  if (isPending) return pending(`Kustomization pending: ${status.message}`);
  return { status: 'Healthy', message: 'Kustomization and all managed resources are healthy' };
}

function judgeWait({ deployment, cutoff, deployedAt }: KustomizationFacts, now: Temporal.Instant): Verdict {
  const { tags, detail, sourceFailure } = deployment;
  const message = `Waiting for Flux to apply ${tags.join(', ')}`;
  if (sourceFailure !== undefined) {
    const lasting = lastingFailure(sourceFailure.message, latest(sourceFailure.since, cutoff), now);
    if (lasting.status === 'Pending') return { ...lasting, message: `${message}: ${sourceFailure.message}` };
    return { ...lasting, ...failedAt(latest(sourceFailure.since, deployedAt)) };
  }
  return pending(detail === undefined ? message : `${message}: ${detail}`);
}

/** Flux failed with the present generation. */
function judgeFailure(
  { cutoff, deployedAt }: KustomizationFacts,
  kustomization: Kustomization,
  now: Temporal.Instant,
): Verdict | undefined {
  const failure = applyFailure(kustomization);
  if (failure === undefined) return undefined;
  const { since } = failure;
  const message = `Kustomization unhealthy: ${failure.text}`;
  // Ready keeps its transition time when one failure follows the other without a break; the deployment is newer then.
  const witness = failedAt(latest(since, deployedAt));
  if (failure.isImmediate) return { status: 'Unhealthy', message, ...witness };
  // Each retry of Flux sets Ready to Unknown and back, while Reconciling stays True all along.
  const reconciling = findCondition(kustomization.status?.conditions, 'Reconciling');
  const begun = reconciling?.status === 'True' ? (instantOf(reconciling.lastTransitionTime) ?? since) : since;
  const lasting = lastingFailure(message, latest(begun, cutoff), now);
  return lasting.status === 'Pending' ? lasting : { ...lasting, ...witness };
}

function lastingFailure(message: string, since: Temporal.Instant | undefined, now: Temporal.Instant): Verdict {
  const changesAt = since?.add(grace);
  if (changesAt === undefined || Temporal.Instant.compare(now, changesAt) >= 0) return { status: 'Unhealthy', message };
  return { status: 'Pending', message, changesAt };
}

function judgeFailures(resources: readonly ResourceFact[]): Verdict | undefined {
  const errors: string[] = [];
  const failures: string[] = [];
  let witness: Temporal.Instant | undefined;
  for (const fact of resources) {
    if ('error' in fact) errors.push(`${fact.name} (parse error: ${fact.error})`);
    if (!('status' in fact)) continue;
    const { status, message } = fact.status;
    if (status !== 'Failed' && status !== 'Unknown') continue;
    failures.push(status === 'Failed' ? `${fact.name} (${message})` : `${fact.name} (${status}: ${message})`);
    witness = latest(witness, fact.failedAt);
  }
  if (errors.length > 0) return unhealthy(`Errors: ${errors.join('; ')}`, witness);
  return failures.length > 0 ? unhealthy(`Unhealthy resources: ${failures.join('; ')}`, witness) : undefined;
}

/** The label is that of `deploy/kustomize/inventory-cluster-role.yaml`. */
const remedy =
  'give it list and watch, by a ClusterRole with the label rbac.kuberik.com/aggregate-to-inventory: "true"';

function judgePending(resources: readonly ResourceFact[]): Verdict | undefined {
  const waiting: string[] = [];
  let changesAt: Temporal.Instant | undefined;
  for (const fact of resources) {
    if ('forbidden' in fact) {
      waiting.push(`${fact.name} (the controller may not read ${fact.forbidden}: ${remedy})`);
    }
    if (!('status' in fact)) continue;
    const { status, message } = fact.status;
    if (status === 'Terminating') waiting.push(`${fact.name} (terminating)`);
    if (status !== 'InProgress') continue;
    waiting.push(`${fact.name} (${message})`);
    changesAt = earliest(changesAt, fact.status.changesAt);
  }
  if (waiting.length === 0) return undefined;
  return { ...pending(`Pending resources: ${waiting.join('; ')}`), ...(changesAt !== undefined && { changesAt }) };
}

function pending(message: string): Verdict {
  return { status: 'Pending', message };
}

function unhealthy(message: string, witness: Temporal.Instant | undefined): Verdict {
  return { status: 'Unhealthy', message, ...failedAt(witness) };
}

function failedAt(instant: Temporal.Instant | undefined): Pick<Verdict, 'failedAt'> {
  return instant === undefined ? {} : { failedAt: instant };
}

function isFresh(instant: Temporal.Instant | undefined, cutoff: Temporal.Instant | undefined): boolean {
  if (instant === undefined || cutoff === undefined) return cutoff === undefined;
  return Temporal.Instant.compare(instant, cutoff) >= 0;
}
