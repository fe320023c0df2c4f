/** `get gates`: what each gate lets through, and what it waits for. */
import { GATE_DESCRIPTION, GATE_PRETTY_NAME, GATE_SCHEDULE_KIND, GATE_SCHEDULE_NAME } from '../../api/annotations.ts';
import { isBefore } from '../../api/instant.ts';
import { GATE_CLASS_MANUAL, type RolloutGate } from '../../api/rollout-gate.ts';
import { ageSince, readInstant } from '../age.ts';
import type { Cell, Column } from '../table.ts';

const shownVersions = 3;

/** `<all>`, `<none>`, or the first few tags. */
function allowed(gate: RolloutGate): string {
  const versions = gate.spec.allowedVersions ?? gate.status?.allowedVersions;
  if (versions === undefined) return '<all>';
  const more = versions.length - shownVersions;
  return versions.slice(0, shownVersions).join(',') + (more > 0 ? `,+${more}` : '');
}

/** `Judged`: each version for itself, which the Rollout tells. */
function state({ spec, status }: RolloutGate, now: Temporal.Instant): Cell {
  const closed: Cell = { text: 'Closed', tone: 'waiting' };
  const isOver = (until: string | undefined): boolean => {
    const end = readInstant(until);
    return end !== undefined && !isBefore(now, end);
  };
  if (spec.passing === false || isOver(spec.validUntil)) return closed;
  if (spec.class === undefined) return { text: 'Open', tone: 'good' };
  if (spec.class === GATE_CLASS_MANUAL) return { text: 'Judged', tone: 'plain' };
  if (status?.passing === false || isOver(status?.validUntil)) return closed;
  return status?.verdicts === undefined && status?.passing === true
    ? { text: 'Open', tone: 'good' }
    : { text: 'Judged', tone: 'plain' };
}

/** `schedule` is no class, and yet what people look for. */
function judge({ spec, metadata: { labels } }: RolloutGate): string {
  if (spec.class !== undefined) return spec.class;
  return labels?.[GATE_SCHEDULE_NAME] === undefined ? '' : 'schedule';
}

function waitsFor(gate: RolloutGate): string {
  const { spec, status, metadata } = gate;
  if (spec.class === GATE_CLASS_MANUAL) {
    const { required = 1, notBy } = spec.approval ?? {};
    const who = notBy === undefined ? '' : ', not by the deployer';
    return `${required === 1 ? 'an approval' : `${required} approvals`}${who}`;
  }
  const schedule = metadata.labels?.[GATE_SCHEDULE_NAME];
  if (schedule !== undefined) {
    const until = spec.validUntil === undefined ? '' : `, next change ${spec.validUntil}`;
    return `${metadata.labels?.[GATE_SCHEDULE_KIND] ?? 'RolloutSchedule'} ${schedule}${until}`;
  }
  return status?.message ?? metadata.annotations?.[GATE_DESCRIPTION] ?? '';
}

/** The columns of `get gates`; `namespaced` adds the namespace in front. */
export function gateColumns(now: () => Temporal.Instant, namespaced: boolean): readonly Column<RolloutGate>[] {
  return [
    ...(namespaced ? [{ heading: 'NAMESPACE', cell: (row: RolloutGate) => row.metadata.namespace ?? '' }] : []),
    { heading: 'NAME', cell: (row) => row.metadata.name },
    { heading: 'ROLLOUT', cell: (row) => row.spec.rolloutRef.name ?? '' },
    { heading: 'CLASS', cell: judge },
    { heading: 'STATE', cell: (row) => state(row, now()) },
    { heading: 'ALLOWED', cell: allowed },
    { heading: 'WAITS FOR', cell: waitsFor },
    { heading: 'AGE', cell: (row) => ageSince(row.metadata.creationTimestamp, now()) },
    { heading: 'TITLE', wide: true, cell: (row) => row.metadata.annotations?.[GATE_PRETTY_NAME] ?? '' },
    { heading: 'DESCRIPTION', wide: true, cell: (row) => row.metadata.annotations?.[GATE_DESCRIPTION] ?? '' },
  ];
}
