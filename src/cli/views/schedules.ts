/** `get schedules` and `get clusterschedules`: whether a schedule is active, and when that changes. */
import type { ClusterRolloutSchedule } from '../../api/cluster-rollout-schedule.ts';
import type { RolloutSchedule } from '../../api/rollout-schedule.ts';
import { ageSince } from '../age.ts';
import { selectorText } from '../selector-text.ts';
import type { Cell, Column } from '../table.ts';

type Schedule = RolloutSchedule | ClusterRolloutSchedule;

function state({ spec, status }: Schedule): Cell {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status === 'False') return { text: ready.reason, tone: 'bad' };
  if (status?.active === undefined) return '';
  const isOpen = status.active === (spec.action === 'Allow');
  return isOpen ? { text: 'Open', tone: 'good' } : { text: 'Closed', tone: 'waiting' };
}

function columns<T extends Schedule>(now: () => Temporal.Instant): readonly Column<T>[] {
  return [
    { heading: 'ACTION', cell: (row) => row.spec.action ?? 'Deny' },
    { heading: 'STATE', cell: state },
    { heading: 'NEXT CHANGE', cell: (row) => row.status?.nextTransition ?? '' },
    { heading: 'MATCHING', cell: (row) => String(row.status?.matchingRollouts ?? '') },
    { heading: 'ZONE', cell: (row) => row.spec.timezone ?? 'UTC' },
    { heading: 'AGE', cell: (row) => ageSince(row.metadata.creationTimestamp, now()) },
    { heading: 'ACTIVE RULES', wide: true, cell: (row) => (row.status?.activeRules ?? []).join(',') },
    { heading: 'ROLLOUTS', wide: true, cell: (row) => selectorText(row.spec.rolloutSelector) || '<all>' },
    {
      heading: 'MESSAGE',
      wide: true,
      cell: (row) => row.status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '',
    },
  ];
}

/** The columns of `get schedules`; `namespaced` adds the namespace in front. */
export function scheduleColumns(now: () => Temporal.Instant, namespaced: boolean): readonly Column<RolloutSchedule>[] {
  return [
    ...(namespaced ? [{ heading: 'NAMESPACE', cell: (row: RolloutSchedule) => row.metadata.namespace ?? '' }] : []),
    { heading: 'NAME', cell: (row) => row.metadata.name },
    ...columns<RolloutSchedule>(now),
  ];
}

/** The columns of `get clusterschedules`, which belong to no namespace. */
export function clusterScheduleColumns(now: () => Temporal.Instant): readonly Column<ClusterRolloutSchedule>[] {
  return [
    { heading: 'NAME', cell: (row) => row.metadata.name },
    { heading: 'NAMESPACES', cell: (row) => selectorText(row.spec.namespaceSelector) || '<all>' },
    ...columns<ClusterRolloutSchedule>(now),
  ];
}
