/** Convergence and growth: what went wrong stays so, or leaves something behind. */
import { doing, having, type Saboteur } from './saboteur.ts';

export const ofRecovery: readonly Saboteur[] = [
  {
    name: 'what somebody else wrote into a target stays',
    breaks: ['convergence', 'I8'],
    patch: {
      file: 'src/controllers/rollout/reconcile.ts',
      text: 'return carries !== desired || !claimed;',
      instead: 'return !claimed && carries !== desired;',
    },
  },
  {
    name: 'who fails once is not tried again',
    breaks: ['convergence', 'I8'],
    patch: {
      file: 'src/controllers/rollout/reconcile.ts',
      text: 'return { failure, ...(next !== undefined && { requeueAt: next }) };',
      instead: 'return next === undefined ? {} : { requeueAt: next };',
    },
  },
  {
    name: 'the record has no limit',
    breaks: ['growth'],
    where: (plan) => having(({ spec }) => spec.versionHistoryLimit === 3)(plan) && doing('push', 'push')(plan),
    patch: {
      file: 'src/core/history-limit.ts',
      text: 'const kept = history.slice(0, limit);',
      instead: 'const kept = history.slice(0);',
    },
  },
];
