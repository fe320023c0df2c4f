/** Views turn objects into what a person reads: pure functions of plain data. This one is `get rollouts`. */
import { type ConditionReason, RolloutConditionType } from '../../api/conditions.ts';
import type { Condition } from '../../api/meta.ts';
import type { Rollout } from '../../api/rollout.ts';
import { ageSince } from '../age.ts';
import type { Tone } from '../paint.ts';
import type { Column } from '../table.ts';

function findCondition(rollout: Rollout, type: RolloutConditionType): Condition | undefined {
  return rollout.status?.conditions?.find((condition) => condition.type === type);
}

/** Tone of a `bakeStatus`; an unknown one is plain. */
export function bakeTone(bakeStatus: string | undefined): Tone {
  switch (bakeStatus) {
    case 'Succeeded':
      return 'good';
    case 'Failed':
      return 'bad';
    case 'Deploying':
    case 'InProgress':
      return 'waiting';
    case 'Cancelled':
      return 'faint';
    default:
      return 'plain';
  }
}

const calm: ReadonlySet<string> = new Set<ConditionReason>([
  'UpToDate',
  'RolloutSucceeded',
  'BakeTimePassed',
  'Pinned',
]);
const alarming: ReadonlySet<string> = new Set<ConditionReason>([
  'Halted',
  'RolloutFailed',
  'BakeTimeFailed',
  'InvalidSpec',
  'TargetFailed',
  'VersionNotFound',
]);

/** Tone of a condition's reason. */
export function reasonTone(reason: string): Tone {
  if (calm.has(reason)) return 'good';
  return alarming.has(reason) ? 'bad' : 'waiting';
}

/** What it is doing, else (status of another controller) whether it is ready. */
function activity(rollout: Rollout): Condition | undefined {
  return findCondition(rollout, RolloutConditionType.Progressing) ?? findCondition(rollout, RolloutConditionType.Ready);
}

/** `2/3`: gates that pass, of all that there are. */
function gateCount(rollout: Rollout): string {
  const gates = rollout.status?.gates ?? [];
  return gates.length === 0 ? '' : `${gates.filter((gate) => gate.passing !== false).length}/${gates.length}`;
}

/** The columns of `get rollouts`; `namespaced` adds the namespace in front. */
export function rolloutColumns(now: () => Temporal.Instant, namespaced: boolean): readonly Column<Rollout>[] {
  const newest = (rollout: Rollout) => rollout.status?.history?.[0];
  return [
    ...(namespaced ? [{ heading: 'NAMESPACE', cell: (row: Rollout) => row.metadata.namespace ?? '' }] : []),
    { heading: 'NAME', cell: (row) => row.metadata.name },
    { heading: 'VERSION', cell: (row) => newest(row)?.version.tag ?? '' },
    {
      heading: 'BAKE',
      cell: (row) => ({ text: newest(row)?.bakeStatus ?? '', tone: bakeTone(newest(row)?.bakeStatus) }),
    },
    { heading: 'GATES', cell: gateCount },
    { heading: 'NEWEST', cell: (row) => row.status?.availableReleases?.at(-1)?.tag ?? '' },
    {
      heading: 'DOING',
      cell: (row) => ({ text: activity(row)?.reason ?? '', tone: reasonTone(activity(row)?.reason ?? '') }),
    },
    { heading: 'AGE', cell: (row) => ageSince(row.metadata.creationTimestamp, now()) },
    {
      heading: 'DEPLOYED',
      wide: true,
      cell: (row) => (newest(row) === undefined ? '' : ageSince(newest(row)?.timestamp, now())),
    },
    { heading: 'BY', wide: true, cell: (row) => newest(row)?.triggeredBy?.name ?? '' },
    { heading: 'POLICY', wide: true, cell: (row) => row.spec.releasesImagePolicy.name ?? '' },
    { heading: 'MESSAGE', wide: true, cell: (row) => activity(row)?.message ?? '' },
  ];
}
