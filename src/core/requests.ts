/**
 * One-shot annotations: what a person asks for, and which of them have had their effect. Each is judged against history
 * as it was read, so that a crash between the status write and the removal never makes one act twice.
 */
import { BYPASS_GATES, DEPLOY_MESSAGE, DEPLOY_USER, FORCE_DEPLOY, RETRY, UNBLOCK_FAILED } from '../api/annotations.ts';
import { EventReason } from '../api/conditions.ts';
import type { HistoryEntry, VersionInfo } from '../api/rollout.ts';
import { isTag, type Tag } from '../api/tag.ts';
import type { ConsumedAnnotation, PlannedEvent } from './plan.ts';

export interface Requests {
  /** Start the bake of the failed newest deployment over. */
  readonly retry: boolean;
  /** Deploy this version past gates and health. */
  readonly force: Tag | undefined;
  /** Deploy this version past the gates once it is a candidate. */
  readonly bypass: Tag | undefined;
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

/** The companions of a deployment by hand: used up by whichever deployment comes next. */
export const COMPANIONS = [DEPLOY_MESSAGE, DEPLOY_USER] as const;

export interface RequestContext {
  readonly annotations: Readonly<Record<string, string>>;
  /** The newest deployment as it was read. */
  readonly newest: HistoryEntry | undefined;
  /** `status.consumedAnnotations`. */
  readonly recorded: readonly ConsumedAnnotation[];
  readonly pin: Tag | undefined;
  readonly releases: readonly VersionInfo[];
  readonly candidates: readonly VersionInfo[];
}

export function readRequests(context: RequestContext): Requests {
  const { newest, pin } = context;
  const stillRecorded = context.recorded.filter(({ key, value }) => context.annotations[key] === value);
  const recorded = new Set(stillRecorded.map(({ key }) => key));
  const value = (key: string): string | undefined => (recorded.has(key) ? undefined : context.annotations[key]);

  const spent: ConsumedAnnotation[] = [...stillRecorded];
  const events: PlannedEvent[] = [];
  const drop = (key: string, because?: string): void => {
    spent.push({ key, value: context.annotations[key] ?? '' });
    if (because !== undefined) events.push({ type: 'Normal', reason: EventReason.RequestIgnored, message: because });
  };

  // What came with a request that is dropped says nothing about another deployment.
  const companion = (key: string): string | undefined =>
    spent.some((annotation) => annotation.key === key) ? undefined : value(key) || undefined;

  const retry = value(RETRY) !== undefined && newest?.bakeStatus === 'Failed';
  if (value(RETRY) !== undefined) drop(RETRY, retry ? undefined : retryIgnored(newest));

  const force = readForce(value(FORCE_DEPLOY), newest, pin, drop);
  if (force === undefined && value(FORCE_DEPLOY)) {
    for (const key of COMPANIONS) if (value(key) !== undefined) drop(key);
  }

  const bypass = readBypass(value(BYPASS_GATES), newest, context, drop);
  const unblock = value(UNBLOCK_FAILED) === 'true' && newest?.bakeStatus === 'Failed' && !retry;
  if (value(UNBLOCK_FAILED) === 'true' && !unblock) {
    const used = newest?.message?.includes(UNBLOCKED) === true;
    drop(
      UNBLOCK_FAILED,
      used ? undefined : `Annotation ${UNBLOCK_FAILED} ignored: the newest deployment has not failed`,
    );
  }
  return {
    retry,
    force,
    bypass,
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

type Drop = (key: string, because?: string) => void;

function retryIgnored(newest: HistoryEntry | undefined): string {
  const what = newest === undefined ? 'nothing is deployed' : `${newest.version.tag} has not failed`;
  return `Annotation ${RETRY} ignored: ${what}`;
}

function readForce(
  text: string | undefined,
  newest: HistoryEntry | undefined,
  pin: Tag | undefined,
  drop: Drop,
): Tag | undefined {
  if (text === undefined || text === '') return undefined;
  if (!isTag(text)) {
    drop(FORCE_DEPLOY, `Annotation ${FORCE_DEPLOY} ignored: "${text.slice(0, 200)}" cannot be a tag`);
    return undefined;
  }
  if (pin !== undefined && pin !== text) {
    drop(
      FORCE_DEPLOY,
      `Annotation ${FORCE_DEPLOY}=${text} ignored: spec.wantedVersion pins ${pin}; remove the pin first`,
    );
    return undefined;
  }
  if (newest?.version.tag === text) {
    const used = newest.trigger === 'Manual';
    drop(FORCE_DEPLOY, used ? undefined : `Annotation ${FORCE_DEPLOY} ignored: ${text} is deployed already`);
    return undefined;
  }
  return text;
}

function readBypass(
  text: string | undefined,
  newest: HistoryEntry | undefined,
  { releases, candidates }: RequestContext,
  drop: Drop,
): Tag | undefined {
  if (text === undefined || text === '') return undefined;
  if (newest?.version.tag === text) {
    drop(BYPASS_GATES);
    return undefined;
  }
  const known = releases.some(({ tag }) => tag === text);
  const candidate = candidates.find(({ tag }) => tag === text);
  if (known && candidate === undefined) {
    drop(BYPASS_GATES, `Annotation ${BYPASS_GATES} ignored: ${text} is older than what is deployed`);
    return undefined;
  }
  return isTag(text) ? text : undefined;
}
