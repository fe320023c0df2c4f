/** I1: what holds a deployment back is not seen, not judged or not obeyed. */
import type { Saboteur } from './saboteur.ts';
import { doing, failing, having, isBad, isGood, isOfPolicy, isScheduled, story } from './where.ts';

export const ofPermission: readonly Saboteur[] = [
  {
    name: 'a freeze without an end is none',
    breaks: ['I1'],
    where: doing('freeze', 'push'),
    patch: {
      file: 'src/core/freezes.ts',
      text: 'return until === undefined || isBefore(now, until);',
      instead: 'return until !== undefined && isBefore(now, until);',
    },
  },
  {
    name: 'a freeze is ignored when a version is chosen',
    breaks: ['I1'],
    where: doing('freeze', 'push'),
    patch: {
      file: 'src/core/choice.ts',
      text: 'if (freezes.length > 0) return { reasons: [...freezeReasons(freezes), ...gateReasons(situation, eligible)] };',
      instead: '',
    },
  },
  {
    name: 'what fails during a freeze is rolled back',
    breaks: ['I1'],
    where: story(isOfPolicy('Rollback'), { do: 'push', is: isBad }, { do: 'freeze', after: [5, 25] }),
    patch: {
      file: 'src/core/decide.ts',
      text: 'const held = target !== undefined && guards.freezes.length > 0;',
      instead: 'const held = false;',
    },
  },
  {
    name: 'gates are judged and not obeyed',
    breaks: ['I1'],
    where: story(({ flagGate, serviceGate }) => flagGate || serviceGate, { do: 'push', is: isGood }),
    patch: {
      file: 'src/core/choice.ts',
      text: 'return eligible.filter(({ tag }) => gates.allowed.some((release) => release.tag === tag));',
      instead: 'return eligible;',
    },
  },
  {
    name: 'an unhealthy check holds nothing back',
    breaks: ['I1'],
    where: failing,
    patch: {
      file: 'src/core/choice.ts',
      text: 'if (!first && health.reason !== undefined) return { reasons: [health.reason] };',
      instead: '',
    },
  },
  {
    name: 'one approval is as good as none',
    breaks: ['I1'],
    where: having(({ manualGate }) => manualGate),
    patch: {
      file: 'src/core/approvals.ts',
      text: 'if (approvals.length >= required) return',
      instead: 'if (approvals.length >= required - 1) return',
    },
  },
  {
    name: 'a schedule whose gate is not there yet holds nothing',
    breaks: ['I1'],
    where: story(isScheduled, { do: 'push', is: isGood }, { do: 'recreate' }),
    patch: {
      file: 'src/controllers/rollout/observe.ts',
      text: '...(schedule && { gatesFault: withoutGate(schedule) }),',
      instead: '',
    },
  },
  {
    name: 'windows are open when they should be closed',
    breaks: ['I1'],
    where: story(isScheduled, { do: 'push', is: isGood }),
    patch: {
      file: 'src/core/schedule/gate.ts',
      text: "const passing = spec.action === 'Allow' ? active : !active;",
      instead: "const passing = spec.action === 'Allow' ? !active : active;",
    },
  },
  {
    name: 'a failure that halts does not',
    breaks: ['I1'],
    where: failing,
    patch: {
      file: 'src/core/choice.ts',
      text: "if (newest?.bakeStatus === 'Failed' && !requests.unblock) {",
      instead: "if (newest?.bakeStatus === 'None') {",
    },
  },
];
