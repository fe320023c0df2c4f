/** I7 and I10: writes that change nothing, facts told twice, loops. */
import type { Saboteur } from './saboteur.ts';

export const ofQuiet: readonly Saboteur[] = [
  {
    name: 'an equal status is written all the same',
    breaks: ['I7'],
    patch: {
      file: 'src/kube/status.ts',
      text: 'if (sameJson(object.status, status)) return object;',
      instead: '',
    },
  },
  {
    name: 'targets are written at every look',
    breaks: ['I7'],
    patch: {
      file: 'src/controllers/rollout/reconcile.ts',
      text: 'return target.carries !== desired || !target.claimed;',
      instead: 'return true;',
      and: {
        file: 'src/integrations/flux/converge.ts',
        text: "if (target.contested === true || (target.carries === tag && target.claimed)) return 'unchanged';",
        instead: '',
      },
    },
  },
  {
    name: 'the times of conditions move at every look',
    breaks: ['I7', 'I10'],
    patch: {
      file: 'src/core/condition.ts',
      text: 'before?.status === update.status ? before.lastTransitionTime : timestamp(update.since ?? now)',
      instead: 'timestamp(now)',
    },
  },
  {
    name: 'everything is looked at every second',
    breaks: ['I10'],
    patch: {
      file: 'src/core/conclude.ts',
      text: '...(wake === undefined ? {} : { requeueAt: isBefore(wake, now) ? now : wake }),',
      instead: 'requeueAt: now.add({ seconds: 1 }),',
    },
  },
];
