/** Single requests for a version: what is asked for, or why it is dropped. */
import { BYPASS_GATES, DEPLOY, FORCE_DEPLOY, REVOKE, ROLLBACK } from '../api/annotations.ts';
import type { HistoryEntry, RejectedRelease, VersionInfo } from '../api/rollout.ts';
import { isDigest, isTag, type Tag } from '../api/tag.ts';
import type { ConsumedAnnotation } from './plan.ts';
import { isRejected } from './rejection.ts';
import { goodBefore } from './rollback.ts';

export interface RequestContext {
  readonly annotations: Readonly<Record<string, string>>;
  /** Deployments as they were read, newest first. */
  readonly history: readonly HistoryEntry[];
  /** `status.consumedAnnotations`. */
  readonly recorded: readonly ConsumedAnnotation[];
  /** `status.rejectedReleases`. */
  readonly rejected: readonly RejectedRelease[];
  readonly pin: Tag | undefined;
  readonly releases: readonly VersionInfo[];
  readonly candidates: readonly VersionInfo[];
}

/** A version as it was asked for. */
export interface Wanted {
  readonly text: string;
  /** Undefined: a digest that no known release has. */
  readonly tag: Tag | undefined;
}

export interface Ask extends RequestContext {
  readonly newest: HistoryEntry | undefined;
  /** Takes the annotation off. @param because an event says so, after `Annotation ` */
  readonly drop: (key: string, because?: string) => void;
}

export function readForce(text: string | undefined, ask: Ask): Wanted | undefined {
  return readVersion(FORCE_DEPLOY, text, ask);
}

export function readDeploy(text: string | undefined, ask: Ask): Wanted | undefined {
  return readVersion(DEPLOY, text, ask);
}

function readVersion(key: string, text: string | undefined, ask: Ask): Wanted | undefined {
  if (text === undefined || text === '') return undefined;
  const { drop, newest, pin } = ask;
  if (!isTag(text) && !isDigest(text)) {
    drop(key, `${key} ignored: "${text.slice(0, 200)}" cannot be a tag or a digest`);
    return undefined;
  }
  const tag = isTag(text) ? text : taggedAs(text, ask);
  const shown = tag ?? text;
  if (pin !== undefined && pin !== tag) {
    drop(key, `${key}=${shown} ignored: spec.wantedVersion pins ${pin}; remove the pin first`);
    return undefined;
  }
  if (tag !== undefined && newest?.version.tag === tag) {
    drop(key, newest.trigger === 'Manual' ? undefined : `${key} ignored: ${tag} is deployed already`);
    return undefined;
  }
  return { text, tag };
}

/** The newest release that has the digest. */
function taggedAs(digest: string, { releases, history }: Ask): Tag | undefined {
  const known = [...releases.toReversed(), ...history.map(({ version }) => version)];
  return known.find((release) => release.digest === digest)?.tag;
}

/** By name to any deployment that finished its bake here; without a name to the last one that was not bad. */
export function readRollback(text: string | undefined, ask: Ask): HistoryEntry | undefined {
  if (text === undefined) return undefined;
  const { drop, newest, pin, history, rejected } = ask;
  const good = goodBefore(history);
  if (text !== '' && newest?.version.tag === text) {
    drop(ROLLBACK, newest.rollbackOf === undefined ? `${ROLLBACK} ignored: ${text} is deployed already` : undefined);
    return undefined;
  }
  const target =
    text === ''
      ? good.find(({ version }) => !isRejected(version, rejected))
      : good.find(({ version }) => version.tag === text);
  if (target === undefined) {
    const what = text === '' ? 'no earlier version' : `"${text.slice(0, 200)}"`;
    const verb = text === '' ? 'has finished its bake here' : 'has not finished its bake here';
    drop(ROLLBACK, `${ROLLBACK} ignored: ${what} ${verb}`);
    return undefined;
  }
  if (pin !== undefined && pin !== target.version.tag) {
    drop(ROLLBACK, `${ROLLBACK} ignored: spec.wantedVersion pins ${pin}; remove the pin first`);
    return undefined;
  }
  return target;
}

/** @param deploy the version that a person asked for: it need not be a candidate */
export function readBypass(text: string | undefined, deploy: Tag | undefined, ask: Ask): Tag | undefined {
  if (text === undefined || text === '') return undefined;
  const { newest, releases, candidates, drop } = ask;
  if (newest?.version.tag === text) {
    drop(BYPASS_GATES);
    return undefined;
  }
  const known = releases.some(({ tag }) => tag === text);
  const candidate = candidates.find(({ tag }) => tag === text);
  if (known && candidate === undefined && deploy !== text) {
    drop(BYPASS_GATES, `${BYPASS_GATES} ignored: ${text} is older than what is deployed`);
    return undefined;
  }
  return isTag(text) ? text : undefined;
}

export function readRevocation(text: string | undefined, { drop }: Ask): Tag | undefined {
  if (text === undefined) return undefined;
  if (isTag(text)) return text;
  drop(REVOKE, `${REVOKE} ignored: "${text.slice(0, 200)}" cannot be a tag`);
  return undefined;
}
