/** Section 6: a bake is judged by what is not about it. */
import type { Application } from '../application.ts';
import type { Saboteur } from './saboteur.ts';
import { both, failing, having, isBad, isOfPolicy, meeting, story } from './where.ts';

export const ofHealth: readonly Saboteur[] = [
  {
    name: 'a stale verdict counts as healthy',
    breaks: ['health'],
    patch: {
      file: 'src/core/bake.ts',
      text: "return status?.status === 'Healthy' && atOrAfter(status.lastChangeTime, cutoff);",
      instead: "return status?.status === 'Healthy';",
      and: {
        file: 'src/controllers/health-check/next-status.ts',
        text: 'if (cutoff !== undefined && isBefore(status.lastChangeTime, cutoff)) {',
        instead: 'if (cutoff !== undefined && status.lastChangeTime === undefined) {',
      },
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
    where: both(
      having(bakesByTimeAlone),
      meeting('target-refused', 'late-events', 'lagging-caches', 'kill-after-write'),
    ),
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
    breaks: ['health'],
    world: 'storm',
    // It failed, and is deployed once more all the same.
    where: story(
      isOfPolicy('Halt'),
      { do: 'push', is: isBad },
      { do: ['force', 'deploy', 'unblock'], after: [60, 600] },
    ),
    patch: {
      file: 'src/core/bake.ts',
      text: 'if (facts.recoversBy !== undefined) return undefined;',
      instead: '',
    },
  },
];

/** Nobody but its target says whether it has arrived. */
function bakesByTimeAlone({ check, spec }: Application): boolean {
  return check === 'none' && spec.bakeTime !== undefined;
}
