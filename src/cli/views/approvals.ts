/** `get approvals`: who decided what, at which gate, and why. */
import type { Approval } from '../../api/approval.ts';
import { ageSince } from '../age.ts';
import type { Column } from '../table.ts';

/** The columns of `get approvals`; `namespaced` adds the namespace in front. */
export function approvalColumns(now: () => Temporal.Instant, namespaced: boolean): readonly Column<Approval>[] {
  return [
    ...(namespaced ? [{ heading: 'NAMESPACE', cell: (row: Approval) => row.metadata.namespace ?? '' }] : []),
    { heading: 'NAME', cell: (row) => row.metadata.name },
    { heading: 'GATE', cell: (row) => row.spec.gateRef.name },
    { heading: 'VERSION', cell: (row) => row.spec.version ?? row.spec.digest ?? '' },
    {
      heading: 'DECISION',
      cell: ({ spec: { decision } }) => ({ text: decision, tone: decision === 'Approve' ? 'good' : 'bad' }),
    },
    { heading: 'BY', cell: (row) => row.spec.by },
    { heading: 'AGE', cell: (row) => ageSince(row.metadata.creationTimestamp, now()) },
    { heading: 'REASON', cell: (row) => row.spec.reason ?? '' },
    { heading: 'DIGEST', wide: true, cell: (row) => row.spec.digest ?? '' },
  ];
}
