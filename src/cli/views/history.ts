/** `history`: every deployment of one Rollout, newest first. */
import type { HistoryEntry } from '../../api/rollout.ts';
import { ageSince, formatAge, readInstant, secondsBetween } from '../age.ts';
import type { Column } from '../table.ts';
import { bakeTone } from './rollouts.ts';

/** How long it baked, or has been baking. */
function bakedFor(entry: HistoryEntry, now: Temporal.Instant): string {
  const started = readInstant(entry.bakeStartTime);
  if (started === undefined) return '';
  return formatAge(secondsBetween(started, readInstant(entry.bakeEndTime) ?? now));
}

export function historyColumns(now: () => Temporal.Instant): readonly Column<HistoryEntry>[] {
  return [
    { heading: 'ID', cell: (row) => (row.id === undefined ? '' : String(row.id)) },
    { heading: 'VERSION', cell: (row) => row.version.tag },
    { heading: 'BAKE', cell: (row) => ({ text: row.bakeStatus ?? '', tone: bakeTone(row.bakeStatus) }) },
    { heading: 'DEPLOYED', cell: (row) => ageSince(row.timestamp, now()) },
    { heading: 'BAKED', cell: (row) => bakedFor(row, now()) },
    { heading: 'BY', cell: (row) => row.triggeredBy?.name ?? '' },
    { heading: 'WHY', cell: (row) => row.message ?? '' },
    { heading: 'REVISION', wide: true, cell: (row) => row.version.revision ?? '' },
    { heading: 'DIGEST', wide: true, cell: (row) => row.version.digest ?? '' },
    { heading: 'BAKE MESSAGE', wide: true, cell: (row) => row.bakeStatusMessage ?? '' },
  ];
}
