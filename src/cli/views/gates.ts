/** `get gates`: what each gate lets through. */
import { GATE_DESCRIPTION, GATE_PRETTY_NAME } from '../../api/annotations.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import { ageSince } from '../age.ts';
import type { Column } from '../table.ts';

const shownVersions = 3;

/** `<all>`, `<none>`, or the first few tags. */
function allowed(gate: RolloutGate): string {
  const versions = gate.spec.allowedVersions;
  if (versions === undefined) return '<all>';
  const more = versions.length - shownVersions;
  return versions.slice(0, shownVersions).join(',') + (more > 0 ? `,+${more}` : '');
}

/** The columns of `get gates`; `namespaced` adds the namespace in front. */
export function gateColumns(now: () => Temporal.Instant, namespaced: boolean): readonly Column<RolloutGate>[] {
  return [
    ...(namespaced ? [{ heading: 'NAMESPACE', cell: (row: RolloutGate) => row.metadata.namespace ?? '' }] : []),
    { heading: 'NAME', cell: (row) => row.metadata.name },
    { heading: 'ROLLOUT', cell: (row) => row.spec.rolloutRef.name ?? '' },
    {
      heading: 'STATE',
      cell: (row) =>
        row.spec.passing === false ? { text: 'Closed', tone: 'waiting' } : { text: 'Open', tone: 'good' },
    },
    { heading: 'ALLOWED', cell: allowed },
    { heading: 'AGE', cell: (row) => ageSince(row.metadata.creationTimestamp, now()) },
    { heading: 'TITLE', wide: true, cell: (row) => row.metadata.annotations?.[GATE_PRETTY_NAME] ?? '' },
    { heading: 'DESCRIPTION', wide: true, cell: (row) => row.metadata.annotations?.[GATE_DESCRIPTION] ?? '' },
  ];
}
