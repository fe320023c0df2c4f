/** `get healthchecks`: the verdict of each check, and how old it is. */
import type { HealthCheck } from '../../api/health-check.ts';
import { ageSince } from '../age.ts';
import type { Tone } from '../paint.ts';
import type { Column } from '../table.ts';

/** Tone of a verdict; anything but the known ones waits. */
function verdictTone(status: string | undefined): Tone {
  if (status === 'Healthy') return 'good';
  return status === 'Unhealthy' ? 'bad' : 'waiting';
}

/** The columns of `get healthchecks`; `namespaced` adds the namespace in front. */
export function healthCheckColumns(now: () => Temporal.Instant, namespaced: boolean): readonly Column<HealthCheck>[] {
  return [
    ...(namespaced ? [{ heading: 'NAMESPACE', cell: (row: HealthCheck) => row.metadata.namespace ?? '' }] : []),
    { heading: 'NAME', cell: (row) => row.metadata.name },
    { heading: 'CLASS', cell: (row) => row.spec.class ?? '' },
    {
      heading: 'STATUS',
      cell: (row) => ({ text: row.status?.status ?? 'Unknown', tone: verdictTone(row.status?.status) }),
    },
    {
      heading: 'SINCE',
      cell: (row) => (row.status?.lastChangeTime === undefined ? '' : ageSince(row.status.lastChangeTime, now())),
    },
    { heading: 'AGE', cell: (row) => ageSince(row.metadata.creationTimestamp, now()) },
    { heading: 'REVISION', wide: true, cell: (row) => row.status?.observedRevision ?? '' },
    { heading: 'MESSAGE', wide: true, cell: (row) => row.status?.message ?? '' },
  ];
}
