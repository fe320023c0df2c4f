/** `get freezes`: what is stopped, why, and until when. */
import type { Freeze } from '../../api/freeze.ts';
import { isBefore } from '../../api/instant.ts';
import { ageSince, readInstant } from '../age.ts';
import { selectorText } from '../selector-text.ts';
import type { Cell, Column } from '../table.ts';

function state({ spec }: Freeze, now: Temporal.Instant): Cell {
  const until = readInstant(spec.until);
  const isOver = until !== undefined && !isBefore(now, until);
  return isOver ? { text: 'Over', tone: 'faint' } : { text: 'On', tone: 'waiting' };
}

/** The columns of `get freezes`, which belong to no namespace. */
export function freezeColumns(now: () => Temporal.Instant): readonly Column<Freeze>[] {
  return [
    { heading: 'NAME', cell: (row) => row.metadata.name },
    { heading: 'STATE', cell: (row) => state(row, now()) },
    { heading: 'UNTIL', cell: (row) => row.spec.until ?? '' },
    { heading: 'NAMESPACES', cell: (row) => selectorText(row.spec.namespaceSelector) || '<all>' },
    { heading: 'ROLLOUTS', cell: (row) => selectorText(row.spec.rolloutSelector) || '<all>' },
    { heading: 'AGE', cell: (row) => ageSince(row.metadata.creationTimestamp, now()) },
    { heading: 'REASON', cell: (row) => row.spec.reason },
  ];
}
