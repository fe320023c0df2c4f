/** Requests that wait on a Rollout: who asked for what, and whether another one may take their place. */
import {
  annotationValue,
  BYPASS_GATES,
  DEPLOY,
  DEPLOY_MESSAGE,
  DEPLOY_USER,
  FORCE_DEPLOY,
  RETRY,
  RETRY_MODE,
  REVOKE,
  ROLLBACK,
  UNBLOCK_FAILED,
} from '../../api/annotations.ts';
import type { Rollout } from '../../api/rollout.ts';
import { type Facts, placeOf } from './facts.ts';
import { refuse } from './plan.ts';
import { listed } from './words.ts';

/** Each asks for a deployment, so that there can be one of them at a time. */
const deploymentRequests = [DEPLOY, BYPASS_GATES, FORCE_DEPLOY, ROLLBACK] as const;

const texts: readonly (readonly [key: string, text: (value: string) => string])[] = [
  [DEPLOY, (value) => `to deploy ${value}`],
  [FORCE_DEPLOY, (value) => `to force ${value}`],
  [BYPASS_GATES, (value) => `to let ${value} past the gates`],
  [ROLLBACK, (value) => (value === '' ? 'to roll back' : `to return to ${value}`)],
  [REVOKE, (value) => `to revoke ${value}`],
  [RETRY, () => 'to retry the bake'],
  [UNBLOCK_FAILED, () => 'to go on after the failed bake'],
];

export interface Pending {
  readonly key: string;
  readonly value: string;
  /** `to deploy v1.4.0`. */
  readonly text: string;
}

/** What has not had its effect yet; used up is what the status says so of. */
export function pendingRequests(rollout: Rollout): readonly Pending[] {
  const { annotations = {} } = rollout.metadata;
  const used = rollout.status?.consumedAnnotations ?? [];
  return texts.flatMap(([key, text]) => {
    const raw = annotations[key];
    if (raw === undefined || used.some((one) => one.key === key && one.value === raw)) return [];
    const value = annotationValue(raw);
    return [{ key, value, text: text(value) }];
  });
}

export function requestedBy({ metadata }: Rollout): string | undefined {
  return metadata.annotations?.[DEPLOY_USER] || undefined;
}

/** The version that somebody asked for and that is not deployed yet. */
export function requestedTag(rollout: Rollout): string | undefined {
  const keys: readonly string[] = [DEPLOY, FORCE_DEPLOY, BYPASS_GATES];
  return pendingRequests(rollout).find(({ key }) => keys.includes(key))?.value;
}

/** Everything that goes with a request, to be taken away with it. */
export const companions = [DEPLOY_USER, DEPLOY_MESSAGE, RETRY_MODE] as const;

export interface Replacing {
  /** ` instead of v1.3.0, which you asked for`, or nothing. */
  readonly text: string;
  /** Nulls for the requests that are replaced. */
  readonly annotations: Readonly<Record<string, null>>;
}

/**
 * One's own request is replaced, and that is said.
 * @throws CliError when somebody else's waits.
 */
export function replaceRequest(facts: Facts): Replacing {
  const { rollout, user } = facts;
  const keys: readonly string[] = deploymentRequests;
  const pending = pendingRequests(rollout).filter(({ key }) => keys.includes(key));
  if (pending.length === 0) return { text: '', annotations: {} };
  const by = requestedBy(rollout);
  const what = listed(pending.map(({ text }) => text));
  if (by !== user) {
    const whose = by === undefined ? 'a request of somebody' : `the request of ${by}`;
    throw refuse(
      `${whose} ${what} waits at ${placeOf(rollout)} already`,
      `let it have its effect, or take it back first: kuberik cancel ${rollout.metadata.name}`,
    );
  }
  return {
    text: `, in place of your request ${what}`,
    annotations: Object.fromEntries(pending.map(({ key }) => [key, null])),
  };
}

/** The same for what may wait beside the deployment that somebody else asked for: whose that is stays theirs. */
export function signedUnlessOthers(facts: Facts, message: string | undefined): Readonly<Record<string, string | null>> {
  const keys: readonly string[] = deploymentRequests;
  const waits = pendingRequests(facts.rollout).some(({ key }) => keys.includes(key));
  return waits ? {} : signed(facts, message);
}

/** Takes off a name that nothing used up, where nothing is to be signed: it would be taken for a signature. */
export function unsigned({ rollout }: Facts): Readonly<Record<string, null>> {
  if (pendingRequests(rollout).length > 0) return {};
  const left = [DEPLOY_USER, DEPLOY_MESSAGE].filter((key) => rollout.metadata.annotations?.[key] !== undefined);
  return Object.fromEntries(left.map((key) => [key, null]));
}

/** Who asks, and why. */
export function signed(facts: Facts, message: string | undefined): Readonly<Record<string, string | null>> {
  return { [DEPLOY_USER]: facts.user, [DEPLOY_MESSAGE]: message ?? null };
}
