/**
 * One-shot annotations: what a person asks for, and which of them have had their effect. Each is judged against history
 * as it was read, so that a crash between the status write and the removal never makes one act twice.
 */
import {
  BYPASS_GATES,
  DEPLOY,
  DEPLOY_MESSAGE,
  DEPLOY_USER,
  FORCE_DEPLOY,
  RETRY,
  REVOKE,
  ROLLBACK,
  UNBLOCK_FAILED,
} from '../api/annotations.ts';
import { EventReason } from '../api/conditions.ts';
import type { HistoryEntry } from '../api/rollout.ts';
import type { Tag } from '../api/tag.ts';
import type { ConsumedAnnotation, PlannedEvent } from './plan.ts';
import {
  type Ask,
  type RequestContext,
  readBypass,
  readDeploy,
  readForce,
  readRevocation,
  readRollback,
  type Wanted,
} from './request.ts';

export interface Requests {
  /** Start the bake of the failed newest deployment over. */
  readonly retry: boolean;
  /** Deploy this version past gates, freezes and health. */
  readonly force: Wanted | undefined;
  /** Return to this deployment past gates, freezes and health. */
  readonly rollback: HistoryEntry | undefined;
  /** Deploy this version as soon as gates, freezes and health allow it. */
  readonly deploy: Wanted | undefined;
  /** Deploy this version past the gates once it is a candidate. */
  readonly bypass: Tag | undefined;
  /** Never select this version automatically again. */
  readonly revoke: Tag | undefined;
  /** Let automation go on although the newest deployment failed. */
  readonly unblock: boolean;
  readonly message: string | undefined;
  readonly user: string | undefined;
  /** Without effect, or their effect is already recorded. */
  readonly spent: readonly ConsumedAnnotation[];
  /** For requests that are dropped without effect. */
  readonly events: readonly PlannedEvent[];
  /** `status.consumedAnnotations` that are still to be removed. */
  readonly stillRecorded: readonly ConsumedAnnotation[];
}

/** A person asks for a version, which is what their name and their words are about. */
export function asksForVersion({ force, rollback, deploy, bypass }: VersionRequests): boolean {
  return [force, rollback, deploy, bypass].some((request) => request !== undefined);
}

type VersionRequests = Pick<Requests, 'force' | 'rollback' | 'deploy' | 'bypass'>;

/** The companions of a deployment by hand: used up by whichever deployment comes next. */
export const COMPANIONS = [DEPLOY_MESSAGE, DEPLOY_USER] as const;

export function readRequests(context: RequestContext): Requests {
  const [newest] = context.history;
  const stillRecorded = context.recorded.filter(({ key, value }) => context.annotations[key] === value);
  const recorded = new Set(stillRecorded.map(({ key }) => key));
  const value = (key: string): string | undefined => (recorded.has(key) ? undefined : context.annotations[key]);

  const spent: ConsumedAnnotation[] = [...stillRecorded];
  const events: PlannedEvent[] = [];
  const drop = (key: string, because?: string): void => {
    spent.push({ key, value: context.annotations[key] ?? '' });
    if (because === undefined) return;
    events.push({ type: 'Normal', reason: EventReason.RequestIgnored, message: `Annotation ${because}` });
  };
  const ask: Ask = { ...context, newest, drop };

  // A bake that waits for its next attempt need not wait.
  const canRetry = newest?.bakeStatus === 'Failed' || newest?.retryAt !== undefined;
  const retry = value(RETRY) !== undefined && canRetry;
  if (value(RETRY) !== undefined) drop(RETRY, retry ? undefined : retryIgnored(newest));

  const force = readForce(value(FORCE_DEPLOY), ask);
  const rollback = readRollback(value(ROLLBACK), ask);
  const deploy = readDeploy(value(DEPLOY), ask);
  const bypass = readBypass(value(BYPASS_GATES), deploy?.tag, ask);
  const unblock = value(UNBLOCK_FAILED) === 'true' && newest?.bakeStatus === 'Failed' && !retry;
  if (value(UNBLOCK_FAILED) === 'true' && !unblock) {
    const used = newest?.message?.includes(UNBLOCKED) === true;
    drop(UNBLOCK_FAILED, used ? undefined : `${UNBLOCK_FAILED} ignored: the newest deployment has not failed`);
  }

  // What came with a request that is dropped says nothing about another deployment.
  const isOrphan =
    (value(FORCE_DEPLOY) || value(DEPLOY) || value(ROLLBACK) !== undefined) &&
    !asksForVersion({ force, rollback, deploy, bypass });
  if (isOrphan) for (const key of COMPANIONS) if (value(key) !== undefined) drop(key);
  const companion = (key: string): string | undefined =>
    spent.some((annotation) => annotation.key === key) ? undefined : value(key) || undefined;
  return {
    retry,
    force,
    rollback,
    deploy,
    bypass,
    revoke: readRevocation(value(REVOKE), ask),
    unblock,
    message: companion(DEPLOY_MESSAGE),
    user: companion(DEPLOY_USER),
    spent,
    events,
    stillRecorded,
  };
}

/** In the message of a deployment that `unblock-failed` let through. */
export const UNBLOCKED = 'with failed bake unblock';

function retryIgnored(newest: HistoryEntry | undefined): string {
  const what = newest === undefined ? 'nothing is deployed' : `${newest.version.tag} has not failed`;
  return `${RETRY} ignored: ${what}`;
}
