/** `deploy`: a version of one's choice, through the gates, past them, or past everything. */
import { BYPASS_GATES, DEPLOY, FORCE_DEPLOY } from '../../api/annotations.ts';
import type { VersionInfo } from '../../api/rollout.ts';
import {
  type Facts,
  isOlderThanRunning,
  type Obstacles,
  obstaclesFor,
  pinOf,
  placeOf,
  runningIn,
  unfinishedWork,
} from './facts.ts';
import { deploymentGoal } from './goals.ts';
import { type Need, type Plan, refuse } from './plan.ts';
import { rejectionNote } from './rejected.ts';
import { replaceRequest, signed } from './requests.ts';
import { meantVersion } from './version.ts';
import { passedOver, pastText, waitNotes, whenText } from './words.ts';

export type DeployMode = 'plain' | 'through-gates' | 'force';

/** @throws CliError when it cannot work */
export function planDeploy(facts: Facts, text: string, mode: DeployMode, message: string | undefined): Plan {
  const { version, note } = meantVersion(facts, text);
  const { tag } = version;
  refuseDeployed(facts, version);
  refusePinned(facts, version, 'deploy it');
  const replacing = replaceRequest(facts);
  const obstacles = obstaclesFor(facts, version, facts.user);
  const bake = unfinishedWork(facts);
  const shown = isOlderThanRunning(facts, version)
    ? `${tag} (older than ${runningIn(facts)?.version.tag ?? ''}, which runs)`
    : tag;
  const past = passed(obstacles, mode);
  const ends = mode === 'force' && bake !== undefined ? bake : undefined;
  const waits = remaining(obstacles, mode);
  return {
    operation: 'deploy',
    sentence: `Deploys ${shown} to ${placeOf(facts.rollout)}${whenText(waits, mode === 'force' ? undefined : bake)}${pastText(past)}${ends === undefined ? '' : `, and ends ${ends}`}${replacing.text}`,
    version: tag,
    passesOver: passedOver(past),
    ...(ends !== undefined && { undoes: ends }),
    notes: [note, rejectionNote(facts, version), automationNote(facts, version), ...waitNotes(waits)].filter(
      (one) => one !== undefined,
    ),
    needs: needs[mode],
    change: {
      kind: 'request',
      annotations: { ...replacing.annotations, ...requests(tag, mode), ...signed(facts, message) },
    },
    done: `Deployment of ${tag} requested`,
    goal: deploymentGoal(runningIn(facts), tag, Object.keys(requests(tag, mode))),
  };
}

const needs: Readonly<Record<DeployMode, readonly Need[]>> = {
  plain: [{ operation: 'deploy' }],
  'through-gates': [{ operation: 'deploy' }, { operation: 'bypassGates' }],
  force: [{ operation: 'forceDeploy' }],
};

function requests(tag: string, mode: DeployMode): Readonly<Record<string, string>> {
  if (mode === 'force') return { [FORCE_DEPLOY]: tag };
  return mode === 'plain' ? { [DEPLOY]: tag } : { [DEPLOY]: tag, [BYPASS_GATES]: tag };
}

const nothing: Obstacles = { gates: [], freezes: [], unhealthy: undefined };

/** What is passed over. */
function passed(obstacles: Obstacles, mode: DeployMode): Obstacles {
  if (mode === 'force') return obstacles;
  return mode === 'plain' ? nothing : { ...nothing, gates: obstacles.gates };
}

/** What is waited for. */
function remaining(obstacles: Obstacles, mode: DeployMode): Obstacles {
  if (mode === 'force') return nothing;
  return mode === 'plain' ? obstacles : { ...obstacles, gates: [] };
}

/** @throws CliError when it runs already */
export function refuseDeployed(facts: Facts, { tag }: VersionInfo): void {
  const running = runningIn(facts);
  if (running?.version.tag !== tag) return;
  const { name } = facts.rollout.metadata;
  if (running.bakeStatus === 'Failed') {
    throw refuse(
      `${tag} is deployed at ${placeOf(facts.rollout)} already, and failed its bake`,
      `start its bake over: kuberik retry ${name}`,
    );
  }
  throw refuse(`${tag} is deployed at ${placeOf(facts.rollout)} already`, `see how it goes: kuberik history ${name}`);
}

/** @throws CliError when another version is pinned */
export function refusePinned(facts: Facts, { tag }: VersionInfo, what: string): void {
  const pin = pinOf(facts);
  if (pin === undefined || pin === tag) return;
  const { name } = facts.rollout.metadata;
  throw refuse(
    `${placeOf(facts.rollout)} is pinned to ${pin}, so that a request to ${what} would be ignored`,
    `pin the other one (kuberik pin ${name} ${tag}), or remove the pin first: kuberik unpin ${name}`,
  );
}

/** An older version stays until something newer than all that is known now is released. */
export function automationNote(facts: Facts, { tag }: VersionInfo): string | undefined {
  const newest = facts.rollout.status?.availableReleases?.at(-1)?.tag;
  if (newest === undefined || newest === tag) return undefined;
  return `automation goes on with what is released after ${newest}`;
}
