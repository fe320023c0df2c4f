/** I8: what is said is not so, or is not said. */
import type { Saboteur } from './saboteur.ts';
import { doing, failing, isGood, story } from './where.ts';

export const ofWords: readonly Saboteur[] = [
  {
    name: 'a closed gate is not named',
    breaks: ['I8'],
    world: 'day',
    where: story(({ flagGate }) => flagGate, { do: 'close' }, { do: 'push', is: isGood }),
    patch: {
      file: 'src/core/gate.ts',
      text: 'message: `${gateName(gate)} is closed (spec.passing is false)${what}`,',
      instead: "message: 'a gate is closed',",
      and: {
        file: 'src/core/gate.ts',
        text: 'remedy: `whoever may edit RolloutGate ${gate.metadata.name} sets spec.passing to true`,',
        instead: "remedy: 'somebody opens it',",
      },
    },
  },
  {
    name: 'who is frozen says that all is well',
    breaks: ['I8'],
    world: 'day',
    where: doing('freeze', 'push'),
    patch: {
      file: 'src/core/choice.ts',
      text: 'if (freezes.length > 0) return { reasons: [...freezeReasons(freezes), ...gateReasons(situation, eligible)] };',
      instead: "if (freezes.length > 0) return { reasons: [{ code: 'UpToDate', message: 'all is well' }] };",
    },
  },
  {
    name: 'a bake does not say until when',
    breaks: ['I8'],
    patch: {
      file: 'src/core/reasons.ts',
      text: "const end = step.endsAt === undefined ? '' : ` until ${timestamp(step.endsAt)}`;",
      instead: "const end = '';",
    },
  },
  {
    name: 'nobody wakes at the end of a wait',
    breaks: ['I8', 'convergence'],
    patch: {
      file: 'src/core/conclude.ts',
      text: '...(wake === undefined ? {} : { requeueAt: isBefore(wake, now) ? now : wake }),',
      instead: '',
    },
  },
  {
    name: 'a failure is not told',
    breaks: ['I8'],
    where: failing,
    patch: {
      file: 'src/core/readiness.ts',
      text: "return ready('False', ConditionReason.BakeTimeFailed, bakeStatusMessage);",
      instead: "return ready('True', ConditionReason.BakeTimePassed, bakeStatusMessage);",
    },
  },
];
