/** Convergence and growth: what went wrong stays so, or leaves something behind. */
import type { Saboteur } from './saboteur.ts';
import { doing, story } from './where.ts';

export const ofRecovery: readonly Saboteur[] = [
  {
    name: 'targets are written right after the record, and never again',
    breaks: ['convergence'],
    world: 'day',
    where: doing('meddle'),
    patch: {
      file: 'src/controllers/rollout/reconcile.ts',
      text: 'const behind = oneForEachObject(observed.targets.filter((target) => isBehind(target, plan.desired)));',
      instead:
        'const behind = recorded === rollout ? [] : ' +
        'oneForEachObject(observed.targets.filter((target) => isBehind(target, plan.desired)));',
    },
  },
  {
    name: 'who fails once is not tried again',
    breaks: ['I8'],
    world: 'day',
    patch: {
      file: 'src/kube/controller.ts',
      text: "case 'retryable':",
      instead: "case 'retryable': this.#queue.forget(work.key); return;",
    },
  },
  {
    name: 'the Jobs of earlier runs stay',
    breaks: ['growth'],
    world: 'day',
    where: ({ applications }) => applications.every(({ check }) => check === 'job'),
    patch: {
      file: 'src/controllers/health-check/job/start.ts',
      text: 'for (const job of earlier.slice(historyLimit)) {',
      instead: 'for (const job of earlier.slice(1_000)) {',
    },
  },
  {
    name: 'the record has no limit',
    breaks: ['growth'],
    where: story(({ spec }) => spec.versionHistoryLimit === 3, { do: 'push' }, { do: 'push' }),
    patch: {
      file: 'src/core/history-limit.ts',
      text: 'const kept = history.slice(0, limit);',
      instead: 'const kept = history.slice(0);',
    },
  },
];
