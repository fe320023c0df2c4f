/** I4 to I6: automation chooses what it must not. */
import type { Plan } from '../plan.ts';
import { doing, failing, type Saboteur } from './saboteur.ts';

export const ofChoices: readonly Saboteur[] = [
  {
    name: 'automation resumes at once after a deployment by hand',
    breaks: ['I4'],
    where: (plan) => doing('push', 'force')(plan) || doing('push', 'rollback')(plan),
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
    where: (plan) =>
      doing('push', 'rollback')(plan) &&
      plan.faults.some(({ kind }) => kind === 'kill-after-write' || kind === 'conflict'),
    patch: {
      file: 'src/core/requests.ts',
      text: '(recorded.has(key) ? undefined : context.annotations[key]);',
      instead: 'context.annotations[key];',
    },
  },
  {
    name: 'a rollback goes back to an earlier failure',
    breaks: ['I5'],
    where: failingTwice,
    patch: {
      file: 'src/core/rollback.ts',
      text: 'return goodBefore(history).find(({ version }) => !isRejected(version, rejected));',
      instead: "return history.slice(1).find(({ bakeStatus }) => bakeStatus === 'Failed') ?? goodBefore(history)[0];",
    },
  },
  {
    name: 'what a person deployed is rolled back',
    breaks: ['I5'],
    where: forcedFailure,
    patch: {
      file: 'src/core/rollback.ts',
      text: "if (manual || policy !== 'Rollback' || failed?.trigger !== 'Automatic') return undefined;",
      instead: "if (manual || policy !== 'Rollback') return undefined;",
    },
  },
  {
    name: 'what should halt is rolled back',
    breaks: ['I5'],
    where: failing,
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

/** Of one application that rolls back. */
function failingTwice({ actions, applications }: Plan): boolean {
  return applications.some(({ spec }, app) => {
    const pushes = actions.filter((action) => action.app === app && action.do === 'push');
    return (
      spec.failurePolicy === 'Rollback' && pushes.filter(({ behaviour = 'good' }) => behaviour !== 'good').length > 1
    );
  });
}

/** What failed is newer than what runs again. */
function pinnedBelowFailure({ actions }: Plan): boolean {
  return actions.some(
    (push) =>
      push.behaviour === 'crashes' &&
      actions.some(
        (pin) => pin.do === 'pin' && pin.app === push.app && pin.minor < push.minor && pin.at > push.at + 100_000,
      ),
  );
}

/** A person takes what is no good, while something holds automation back. */
function forcedFailure({ actions, applications }: Plan): boolean {
  return actions.some((push) => {
    const { app, at, minor, behaviour = 'good' } = push;
    const mine = actions.filter((one) => one.app === app);
    const isHeld = mine.some((one) => (one.do === 'freeze' || one.do === 'close') && one.at < at);
    const isForced = mine.some((one) => one.do === 'force' && one.minor === minor && one.at > at);
    return behaviour !== 'good' && isHeld && isForced && applications[app]?.spec.failurePolicy === 'Rollback';
  });
}
