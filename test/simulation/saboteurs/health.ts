/** Section 6: a bake is judged by what is not about it. */
import type { Action } from '../actions.ts';
import type { Plan } from '../plan.ts';
import { failing, type Saboteur } from './saboteur.ts';

export const ofHealth: readonly Saboteur[] = [
  {
    name: 'a stale verdict counts as healthy',
    breaks: ['health'],
    patch: {
      file: 'src/core/bake.ts',
      text: "return status?.status === 'Healthy' && atOrAfter(status.lastChangeTime, cutoff);",
      instead: "return status?.status === 'Healthy';",
    },
  },
  {
    name: 'an old failure fails what came after it',
    breaks: ['health'],
    where: failing,
    patch: {
      file: 'src/core/bake.ts',
      text: 'if (atOrAfter(status?.lastErrorTime, errorsFrom)) return true;',
      instead: 'if (status?.lastErrorTime !== undefined) return true;',
    },
  },
  {
    name: 'a bake ends as soon as it is healthy',
    breaks: ['health'],
    patch: {
      file: 'src/core/bake.ts',
      text: 'const isOver = end === undefined || !isBefore(now, end);',
      instead: 'const isOver = true;',
    },
  },
  {
    name: 'a bake begins before a target carries the version',
    breaks: ['health'],
    patch: {
      file: 'src/core/bake.ts',
      text: 'const isDelivered = targets.every(({ carries, fault }) => fault === undefined && carries === entry.version.tag);',
      instead: 'const isDelivered = true;',
    },
  },
  {
    name: 'nothing is baked',
    breaks: ['health'],
    patch: {
      file: 'src/core/deployment.ts',
      text: "if (!spec.bakes) return { bakeStatus: 'Succeeded'",
      instead: "if (spec.bakes) return { bakeStatus: 'Succeeded'",
    },
  },
  {
    name: 'a deployment fails at once in recovery mode',
    breaks: ['health', 'I5'],
    where: unblockedTwice,
    patch: {
      file: 'src/core/bake.ts',
      text: 'if (facts.recoversBy !== undefined) return undefined;',
      instead: '',
    },
  },
];

/** What was let through after a failure is no good either. */
function unblockedTwice({ actions, applications }: Plan): boolean {
  return applications.some(({ spec }, app) => {
    const bad = (action: Action): boolean => action.do === 'push' && (action.behaviour ?? 'good') !== 'good';
    const mine = actions.filter((action) => action.app === app);
    const unblock = mine.find(({ do: kind }) => kind === 'unblock')?.at ?? 0;
    const isLetThrough =
      mine.some((one) => bad(one) && one.at < unblock) && mine.some((one) => bad(one) && one.at > unblock);
    return spec.failurePolicy === 'Halt' && isLetThrough;
  });
}
