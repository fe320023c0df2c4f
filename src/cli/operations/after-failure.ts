/** `retry`, `unblock` and `revoke`: what people do about a version that is bad, or that was taken for bad. */
import { RETRY, REVOKE, UNBLOCK_FAILED } from '../../api/annotations.ts';
import type { HistoryEntry } from '../../api/rollout.ts';
import { type Facts, placeOf, runningIn } from './facts.ts';
import { nextDeploymentGoal, retryGoal, revokedGoal } from './goals.ts';
import { type Plan, refuse } from './plan.ts';
import { rejectionOf } from './rejected.ts';
import { pendingRequests, signedUnlessOthers } from './requests.ts';
import { recordedVersion } from './version.ts';

/** @throws CliError when the newest deployment has not failed */
export function planRetry(facts: Facts): Plan {
  const failed = failedDeployment(facts, RETRY);
  const { tag } = failed.version;
  return {
    operation: 'retry',
    sentence: `Starts the bake of ${tag} at ${placeOf(facts.rollout)} over`,
    version: tag,
    passesOver: [],
    undoes: `the failure of ${tag}`,
    notes: [],
    needs: [{ operation: 'retry' }],
    change: { kind: 'request', annotations: { [RETRY]: '', ...signedUnlessOthers(facts, undefined) } },
    done: `Retry of ${tag} requested`,
    goal: retryGoal(failed, RETRY),
  };
}

/** @throws CliError when the newest deployment has not failed */
export function planUnblock(facts: Facts, message: string | undefined): Plan {
  const failed = failedDeployment(facts, UNBLOCK_FAILED);
  const next = facts.rollout.status?.releaseCandidates?.[0]?.tag;
  const then = next === undefined ? 'with the next release' : `with ${next} as soon as it may`;
  return {
    operation: 'unblock',
    sentence: `Lets automation at ${placeOf(facts.rollout)} go on after the failed bake of ${failed.version.tag}, ${then}`,
    ...(next !== undefined && { version: next }),
    passesOver: [],
    notes: [],
    needs: [{ operation: 'unblock' }],
    change: { kind: 'request', annotations: { [UNBLOCK_FAILED]: 'true', ...signedUnlessOthers(facts, message) } },
    done: 'Unblocked',
    goal: nextDeploymentGoal(failed, UNBLOCK_FAILED),
  };
}

function failedDeployment(facts: Facts, key: string): HistoryEntry {
  const { rollout } = facts;
  const running = runningIn(facts);
  const place = placeOf(rollout);
  if (running === undefined) throw refuse(`nothing has been deployed at ${place} yet`);
  if (running.bakeStatus !== 'Failed') {
    const how = running.bakeStatus === undefined ? 'has no bake' : `its bake is ${running.bakeStatus}`;
    throw refuse(
      `${running.version.tag} at ${place} has not failed: ${how}`,
      `see what it is doing: kuberik explain rollout ${rollout.metadata.name}`,
    );
  }
  if (pendingRequests(rollout).some((request) => request.key === key)) {
    throw refuse(`that is asked for at ${place} already`, `take it back with kuberik cancel ${rollout.metadata.name}`);
  }
  return running;
}

/** @throws CliError when it is revoked already, or not known */
export function planRevoke(facts: Facts, text: string, message: string | undefined): Plan {
  const version = recordedVersion(facts, text);
  const { tag } = version;
  const place = placeOf(facts.rollout);
  const { name } = facts.rollout.metadata;
  if (rejectionOf(facts, version)?.reason === 'Revoked') throw refuse(`${tag} is revoked at ${place} already`);
  const other = pendingRequests(facts.rollout).find(({ key }) => key === REVOKE);
  if (other !== undefined) {
    throw refuse(
      `a request ${other.text} waits at ${place} already`,
      `let it have its effect, or take it back first: kuberik cancel ${name}`,
    );
  }
  const runs = runningIn(facts)?.version.tag === tag;
  return {
    operation: 'revoke',
    sentence: `Revokes ${tag} at ${place}: automation never selects it again${runs ? ', and it keeps running until another version is deployed' : ''}`,
    version: tag,
    passesOver: [],
    notes: runs ? [`to go back to the last good version: kuberik rollback ${name}`] : [],
    needs: [{ operation: 'revoke' }],
    change: { kind: 'request', annotations: { [REVOKE]: tag, ...signedUnlessOthers(facts, message) } },
    done: `Revocation of ${tag} requested`,
    goal: revokedGoal(tag, version.digest, REVOKE),
  };
}
