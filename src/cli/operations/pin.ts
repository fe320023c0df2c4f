/** `pin` and `unpin`: one version, until further notice. */
import type { Facts } from './facts.ts';
import { obstaclesFor, pinOf, placeOf, runningIn, unfinishedWork } from './facts.ts';
import { deploymentGoal, firstReason } from './goals.ts';
import { type Plan, refuse } from './plan.ts';
import { rejectionNote } from './rejected.ts';
import { replaceRequest, signed, unsigned } from './requests.ts';
import { meantVersion } from './version.ts';
import { passedOver, pastText } from './words.ts';

/** @throws CliError when it cannot work */
export function planPin(facts: Facts, text: string, message: string | undefined): Plan {
  const { version, note } = meantVersion(facts, text);
  const { tag } = version;
  const place = placeOf(facts.rollout);
  const before = pinOf(facts);
  if (before === tag) throw refuse(`${place} is pinned to ${tag} already`);
  const replacing = replaceRequest(facts);
  const instead = before === undefined ? '' : ` instead of ${before}`;
  const runs = runningIn(facts)?.version.tag === tag;
  const obstacles = obstaclesFor(facts, version, facts.user);
  const ends = runs ? undefined : unfinishedWork(facts);
  const what = runs
    ? `, which runs: nothing else is deployed until it is unpinned`
    : `${instead}: deploys it now${pastText(obstacles)}${ends === undefined ? '' : `, ends ${ends}`}, and nothing else until it is unpinned`;
  const undoes = ends ?? (before === undefined ? undefined : `the pin to ${before}`);
  return {
    operation: 'pin',
    sentence: `Pins ${place} to ${tag}${runs ? instead : ''}${what}${replacing.text}`,
    version: tag,
    passesOver: runs ? [] : passedOver(obstacles),
    ...(undoes !== undefined && { undoes }),
    notes: [note, rejectionNote(facts, version)].filter((one) => one !== undefined),
    needs: [{ operation: 'pin' }],
    change: {
      kind: 'request',
      // Without a deployment nothing would use up who asked for it.
      annotations: { ...replacing.annotations, ...(runs ? unsigned(facts) : signed(facts, message)) },
      pin: tag,
    },
    done: `Pinned to ${tag}`,
    ...(!runs && { goal: deploymentGoal(runningIn(facts), tag, []) }),
  };
}

/** @throws CliError when there is no pin */
export function planUnpin(facts: Facts): Plan {
  const { rollout } = facts;
  const pin = pinOf(facts);
  if (pin === undefined) throw refuse(`${placeOf(rollout)} is not pinned`);
  const next = rollout.status?.releaseCandidates?.[0]?.tag;
  const then = next === undefined ? 'with the next release' : `with ${next}, the newest release, as soon as it may`;
  return {
    operation: 'unpin',
    sentence: `Unpins ${placeOf(rollout)} from ${pin}: automation goes on ${then}`,
    version: pin,
    passesOver: [],
    undoes: `the pin to ${pin}`,
    notes: [],
    needs: [{ operation: 'pin' }],
    change: { kind: 'request', annotations: unsigned(facts), pin: null },
    done: `Unpinned from ${pin}`,
    goal: (now) => {
      const progressing = now.status?.conditions?.find(({ type }) => type === 'Progressing');
      const seen = progressing?.reason !== 'Pinned' && progressing?.observedGeneration === now.metadata.generation;
      return seen
        ? { state: 'done', text: `unpinned; ${firstReason(now)}` }
        : { state: 'going', text: firstReason(now) };
    },
  };
}
