/** I4 to I6: automation chooses what it must not. */
import type { Saboteur } from './saboteur.ts';
import { both, doing, either, isBad, isJudged, isOfPolicy, isOlder, isSame, meeting, story } from './where.ts';

/** Somebody pins an older version than what failed, and thinks better of it. */
const pinnedBelowFailure = story(isJudged, { do: 'push', is: isBad }, { do: 'pin', is: isOlder, after: [40, 3_600] });

export const ofChoices: readonly Saboteur[] = [
  {
    name: 'automation resumes at once after a deployment by hand',
    breaks: ['I4'],
    where: either(doing('push', 'force'), doing('push', 'rollback')),
    patch: {
      file: 'src/core/choice.ts',
      text: 'return newest === tag ? undefined : newest;',
      instead: 'return undefined;',
    },
  },
  {
    name: 'a pin is obeyed once',
    breaks: ['I4'],
    where: doing('pin', 'push'),
    patch: {
      file: 'src/core/choice.ts',
      text: 'if (spec.pin !== undefined) return choosePinned(situation, spec.pin);',
      instead:
        'if (spec.pin !== undefined && history[0]?.version.tag !== spec.pin) return choosePinned(situation, spec.pin);',
    },
  },
  {
    name: 'a request acts again after a crash',
    breaks: ['I4'],
    where: both(doing('push', 'rollback'), meeting('kill-after-write')),
    patch: {
      file: 'src/core/requests.ts',
      text: '(recorded.has(key) ? undefined : context.annotations[key]);',
      instead: 'context.annotations[key];',
    },
  },
  {
    name: 'a rollback goes back to an earlier failure',
    breaks: ['I5'],
    where: story(isOfPolicy('Rollback'), { do: 'push', is: isBad }, { do: 'push', is: isBad, after: [60, 600] }),
    patch: {
      file: 'src/core/rollback.ts',
      text: 'return goodBefore(history).find(({ version }) => !isRejected(version, rejected));',
      instead: "return history.slice(1).find(({ bakeStatus }) => bakeStatus === 'Failed') ?? goodBefore(history)[0];",
    },
  },
  {
    name: 'what a person deployed is rolled back',
    breaks: ['I5'],
    // It fails, is rolled back, and a person deploys it again.
    where: story(
      isOfPolicy('Rollback'),
      { do: 'push', is: isBad },
      { do: ['force', 'deploy'], is: isSame, after: [60, 600] },
    ),
    patch: {
      file: 'src/core/rollback.ts',
      text: "if (manual || policy !== 'Rollback' || failed?.trigger !== 'Automatic') return undefined;",
      instead: "if (manual || policy !== 'Rollback') return undefined;",
    },
  },
  {
    name: 'what should halt is rolled back',
    breaks: ['I5'],
    where: story(isOfPolicy('Halt'), { do: 'push', is: isBad }),
    patch: {
      file: 'src/core/rollback.ts',
      text: "if (manual || policy !== 'Rollback' || failed",
      instead: 'if (manual || failed',
    },
  },
  {
    name: 'what was rejected is selected again',
    breaks: ['I6'],
    where: pinnedBelowFailure,
    patch: {
      file: 'src/core/choice.ts',
      text: ' && !isRejected(release, rejected),',
      instead: ',',
    },
  },
  {
    name: 'what a person revokes is not rejected',
    breaks: ['I6'],
    where: doing('push', 'revoke'),
    patch: {
      file: 'src/core/rejection.ts',
      text: 'return bounded([...others, rejection]);',
      instead: 'return bounded(others);',
    },
  },
  {
    name: 'failures are not rejected',
    breaks: ['I6'],
    where: pinnedBelowFailure,
    patch: {
      file: 'src/core/rejection.ts',
      text: "if (entry.bakeStatus !== 'Failed' || rejected",
      instead: "if (entry.bakeStatus !== 'None' || rejected",
    },
  },
];
