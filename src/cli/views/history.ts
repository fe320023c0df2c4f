/** `history`: every deployment of one Rollout, newest first. */
import type { HistoryEntry } from '../../api/rollout.ts';
import { failedCheck } from '../../core/bake-end.ts';
import { ageSince, formatAge, readInstant, secondsBetween } from '../age.ts';
import type { Column } from '../table.ts';
import { bakeTone } from './rollouts.ts';

/** How long it baked, or has been baking. */
function bakedFor(entry: HistoryEntry, now: Temporal.Instant): string {
  const started = readInstant(entry.bakeStartTime);
  if (started === undefined) return '';
  return formatAge(secondsBetween(started, readInstant(entry.bakeEndTime) ?? now));
}

/** Each person once, however many gates they approved it at. */
function approvers({ approvals: given = [] }: HistoryEntry): string {
  return [...new Set(given.map(({ by }) => by))].join(',');
}

/** `change-board: jane (CHG-1234)`. */
function approvals({ approvals: given = [] }: HistoryEntry): string {
  return given.map(({ gate, by, reason }) => `${gate}: ${by}${reason === undefined ? '' : ` (${reason})`}`).join('; ');
}

/** Who or what ended the bake. */
function endedBy({ endedBy: end }: HistoryEntry): string {
  switch (end?.kind) {
    case undefined:
      return '';
    case 'BakeTime':
      return 'bake time';
    case 'DeployTimeout':
      return 'deploy timeout';
    case 'HealthCheck':
      return `HealthCheck ${end.name ?? ''}`;
    case 'Target':
      return end.name ?? 'a target';
    case 'Deployment':
      return `deployment ${end.deployment ?? ''}${end.name === undefined ? '' : ` by ${end.name}`}`;
  }
}

/** `of 2` for a rollback, `by 3` for what was rolled back. */
function rollback({ rollbackOf, rolledBackBy }: HistoryEntry): string {
  const parts = [
    ...(rollbackOf === undefined ? [] : [`of ${rollbackOf}`]),
    ...(rolledBackBy === undefined ? [] : [`by ${rolledBackBy}`]),
  ];
  return parts.join(', ');
}

/** `HealthCheck shop/app: 0 of 3 replicas are ready; HealthCheck shop/alerts: 2 alerts fire`. */
function failedChecks({ failedHealthChecks = [] }: HistoryEntry): string {
  return failedHealthChecks.map(failedCheck).join('; ');
}

export function historyColumns(now: () => Temporal.Instant): readonly Column<HistoryEntry>[] {
  return [
    { heading: 'ID', cell: (row) => (row.id === undefined ? '' : String(row.id)) },
    { heading: 'VERSION', cell: (row) => row.version.tag },
    { heading: 'BAKE', cell: (row) => ({ text: row.bakeStatus ?? '', tone: bakeTone(row.bakeStatus) }) },
    { heading: 'DEPLOYED', cell: (row) => ageSince(row.timestamp, now()) },
    { heading: 'BAKED', cell: (row) => bakedFor(row, now()) },
    { heading: 'ENDED BY', cell: endedBy },
    { heading: 'BY', cell: (row) => row.triggeredBy?.name ?? '' },
    { heading: 'APPROVED BY', cell: approvers },
    { heading: 'WHY', cell: (row) => row.message ?? '' },
    { heading: 'REVISION', wide: true, cell: (row) => row.version.revision ?? '' },
    { heading: 'DIGEST', wide: true, cell: (row) => row.version.digest ?? '' },
    { heading: 'FREEZES', wide: true, cell: (row) => (row.freezes ?? []).join(',') },
    { heading: 'APPROVALS', wide: true, cell: approvals },
    { heading: 'ROLLBACK', wide: true, cell: rollback },
    { heading: 'RETRIES', wide: true, cell: (row) => (row.retries === undefined ? '' : String(row.retries)) },
    { heading: 'BAKE MESSAGE', wide: true, cell: (row) => row.bakeStatusMessage ?? '' },
    { heading: 'FAILED CHECKS', wide: true, cell: failedChecks },
  ];
}
