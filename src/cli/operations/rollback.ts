/** `rollback`: now, and past everything, to a version that was good here. */
import { ROLLBACK } from '../../api/annotations.ts';
import type { HistoryEntry } from '../../api/rollout.ts';
import { isRejected } from '../../core/rejection.ts';
import { goodBefore } from '../../core/rollback.ts';
import { automationNote, refuseDeployed, refusePinned } from './deploy.ts';
import { type Facts, obstaclesFor, placeOf, runningIn, unfinishedWork } from './facts.ts';
import { deploymentGoal } from './goals.ts';
import { type Plan, refuse } from './plan.ts';
import { rejectionNote } from './rejected.ts';
import { replaceRequest, signed } from './requests.ts';
import { recordedVersion } from './version.ts';
import { listed, passedOver, pastText } from './words.ts';

/** @param to undefined: the last good version before the present one @throws CliError when it cannot work */
export function planRollback(facts: Facts, to: string | undefined, message: string | undefined): Plan {
  const running = runningIn(facts);
  if (running === undefined) throw refuse(`nothing has been deployed at ${placeOf(facts.rollout)} yet`);
  const { version } = target(facts, running, to);
  refusePinned(facts, version, 'roll back');
  const replacing = replaceRequest(facts);
  const obstacles = obstaclesFor(facts, version, facts.user);
  const ends = unfinishedWork(facts);
  const which = to === undefined ? `${version.tag}, the last version that was good here` : version.tag;
  const past = pastText(obstacles);
  return {
    operation: 'rollback',
    sentence: `Returns ${placeOf(facts.rollout)} now from ${running.version.tag} to ${which}${past}${ends === undefined ? '' : `, and ends ${ends}`}${replacing.text}`,
    version: version.tag,
    passesOver: passedOver(obstacles),
    undoes: ends ?? `the deployment of ${running.version.tag}`,
    notes: [rejectionNote(facts, version), automationNote(facts, version)].filter((one) => one !== undefined),
    needs: [{ operation: 'rollback' }],
    change: {
      kind: 'request',
      // By name: what was said is what happens, whatever is deployed in the meantime.
      annotations: { ...replacing.annotations, [ROLLBACK]: version.tag, ...signed(facts, message) },
    },
    done: `Rollback to ${version.tag} requested`,
    goal: deploymentGoal(running, version.tag, [ROLLBACK]),
  };
}

function target(facts: Facts, running: HistoryEntry, to: string | undefined): HistoryEntry {
  const { history = [], rejectedReleases = [] } = facts.rollout.status ?? {};
  const { name } = facts.rollout.metadata;
  const good = goodBefore(history);
  if (to === undefined) {
    const found = good.find(({ version }) => !isRejected(version, rejectedReleases));
    if (found !== undefined) return found;
    throw refuse(
      `there is nothing to roll back to: no version before ${running.version.tag} finished its bake at ${placeOf(facts.rollout)}`,
      `deploy a version of your choice: kuberik deploy ${name} VERSION --force`,
    );
  }
  const meant = recordedVersion(facts, to);
  refuseDeployed(facts, meant);
  const found = good.find(({ version }) => version.tag === meant.tag);
  if (found !== undefined) return found;
  const names = [...new Set(good.map(({ version }) => version.tag))];
  const instead = names.length === 0 ? '' : `return to ${listed(names, 'or')}, or `;
  throw refuse(
    `${meant.tag} never finished its bake at ${placeOf(facts.rollout)}`,
    `${instead}deploy it all the same: kuberik deploy ${name} ${meant.tag} --force`,
  );
}
