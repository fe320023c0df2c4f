/** I2 and I3: the record is not what happened, or comes too late. */
import type { Saboteur } from './saboteur.ts';
import { doing, either } from './where.ts';

export const ofRecord: readonly Saboteur[] = [
  {
    name: 'what is superseded is left unfinished',
    breaks: ['I2'],
    where: either(doing('force'), doing('pin')),
    patch: {
      file: 'src/core/deployment.ts',
      text: 'const isSuperseded = previous !== undefined && isUnfinished(previous);',
      instead: 'const isSuperseded = false;',
    },
  },
  {
    name: 'automation does not wait for the end of a bake',
    breaks: ['I2'],
    where: doing('push', 'push'),
    patch: {
      file: 'src/core/choice.ts',
      text: 'return isUnfinished(situation.history[0]) ? [] : selectableCandidates(situation);',
      instead: 'return selectableCandidates(situation);',
    },
  },
  {
    name: 'an id is used again',
    breaks: ['I3'],
    patch: {
      file: 'src/core/deployment.ts',
      text: 'return Math.max(0, ...history.map(({ id }) => id ?? 0)) + 1;',
      instead: 'return Math.max(1, ...history.map(({ id }) => id ?? 0));',
    },
  },
  {
    name: 'targets converge before the record is written',
    breaks: ['I3'],
    patch: {
      file: 'src/controllers/rollout/reconcile.ts',
      text: 'const recorded = await record(options, rollout, plan, signal);',
      instead:
        'const early = observed.targets.filter((target) => isBehind(target, plan.desired));' +
        'await converge(options, faults, rollout, early, plan.desired, signal);' +
        'const recorded = await record(options, rollout, plan, signal);',
    },
  },
  {
    name: 'the record forgets all but the last two',
    breaks: ['I3'],
    patch: {
      file: 'src/core/history-limit.ts',
      text: 'const kept = history.slice(0, limit);',
      instead: 'const kept = history.slice(0, 2);',
    },
  },
  {
    name: 'a version is recorded with the digest of another',
    breaks: ['I9'],
    where: doing('push', 'pin'),
    patch: {
      file: 'src/core/releases.ts',
      text: 'const latest = observed.latest?.tag === release.tag ? observed.latest : undefined;',
      instead: 'const latest = observed.latest && { ...observed.latest, tag: release.tag };',
    },
  },
  {
    name: 'how a deployment ended is rewritten',
    breaks: ['I3'],
    where: doing('push', 'push'),
    patch: {
      file: 'src/core/deployment.ts',
      text: 'const rest = replaced === undefined ? [] : [rolledBack(replaced, choice, id), ...older];',
      instead:
        'const rest = replaced === undefined ? [] : ' +
        "[{ ...rolledBack(replaced, choice, id), bakeStatus: 'Cancelled' }, ...older];",
    },
  },
];
