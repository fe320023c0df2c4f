/** When a request has had its effect: what `--wait` follows. */
import { RolloutConditionType } from '../../api/conditions.ts';
import type { HistoryEntry, Rollout } from '../../api/rollout.ts';
import type { Tag } from '../../api/tag.ts';
import { isUnfinished } from '../../core/bake.ts';
import { isRevoked } from '../../core/rejection.ts';
import { pinOf } from './facts.ts';
import type { Goal, Progress } from './plan.ts';
import { pendingRequests } from './requests.ts';

/** What it is doing or waiting for, in its own words. */
export function firstReason(rollout: Rollout): string {
  const { conditions = [] } = rollout.status ?? {};
  const find = (wanted: string) => conditions.find(({ type }) => type === wanted);
  const said = find(RolloutConditionType.Progressing) ?? find(RolloutConditionType.Ready);
  return said?.message ?? 'waiting for a controller to look at it';
}

function going(rollout: Rollout): Progress {
  return { state: 'going', text: firstReason(rollout) };
}

/** A deployment of the version, newer than what runs when it is asked for, and its bake. @param keys of the request */
export function deploymentGoal(before: HistoryEntry | undefined, tag: Tag, keys: readonly string[]): Goal {
  return (rollout) => {
    const { history = [] } = rollout.status ?? {};
    const entry = history.find((one) => one.version.tag === tag && isNewer(one, before));
    if (entry !== undefined) return bakeProgress(rollout, entry);
    const waits = pendingRequests(rollout).some(({ key }) => keys.includes(key));
    if (keys.length === 0 ? pinOf({ rollout }) === tag : waits) return going(rollout);
    return { state: 'ignored', text: `the request for ${tag} is gone and ${tag} was not deployed` };
  };
}

function isNewer({ id = 0 }: HistoryEntry, before: HistoryEntry | undefined): boolean {
  return before === undefined || id > (before.id ?? 0);
}

/** How one deployment fares. */
function bakeProgress(rollout: Rollout, entry: HistoryEntry): Progress {
  const { tag } = entry.version;
  if (isUnfinished(entry)) return going(rollout);
  const said = entry.bakeStatusMessage === undefined ? '' : `: ${entry.bakeStatusMessage}`;
  if (entry.bakeStatus === 'Failed') {
    const [newest] = rollout.status?.history ?? [];
    const back = newest?.rollbackOf !== undefined && newest.rollbackOf === entry.id ? newest.version.tag : undefined;
    return {
      state: 'failed',
      text: `${tag} failed its bake${back === undefined ? '' : ` and was rolled back to ${back}`}${said}`,
    };
  }
  if (entry.bakeStatus === 'Cancelled') return { state: 'failed', text: `the bake of ${tag} was cancelled${said}` };
  return { state: 'done', text: `${tag} is deployed and its bake succeeded` };
}

/** The bake of a failed deployment, started over. */
export function retryGoal(failed: HistoryEntry, key: string): Goal {
  return (rollout) => {
    const entry = (rollout.status?.history ?? []).find(({ id }) => id === failed.id);
    const waits = pendingRequests(rollout).some((request) => request.key === key);
    if (entry === undefined) return { state: 'failed', text: `another deployment has taken its place` };
    if (entry.lastRetryTimestamp !== failed.lastRetryTimestamp) return bakeProgress(rollout, entry);
    if (waits) return going(rollout);
    return { state: 'ignored', text: `the request is gone and the bake of ${entry.version.tag} was not started over` };
  };
}

/** Whatever is deployed next after a failure. */
export function nextDeploymentGoal(failed: HistoryEntry, key: string): Goal {
  return (rollout) => {
    const entry = (rollout.status?.history ?? []).findLast((one) => isNewer(one, failed));
    if (entry !== undefined) return bakeProgress(rollout, entry);
    if (pendingRequests(rollout).some((request) => request.key === key)) return going(rollout);
    return { state: 'ignored', text: 'the request is gone and nothing was deployed' };
  };
}

/** The controller has taken note of it. */
export function revokedGoal(tag: Tag, digest: HistoryEntry['version']['digest'], key: string): Goal {
  const version = { tag, ...(digest === undefined ? {} : { digest }) };
  return (rollout) => {
    if (isRevoked(version, rollout.status?.rejectedReleases ?? [])) return { state: 'done', text: `${tag} is revoked` };
    if (pendingRequests(rollout).some((request) => request.key === key)) return going(rollout);
    return { state: 'ignored', text: `the request is gone and ${tag} is not revoked` };
  };
}
