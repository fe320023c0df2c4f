/** How the oracles read a Rollout and the entries of its record. */
import type { HistoryEntry, Rollout } from '../../../src/api/rollout.ts';
import type { Stored } from '../history.ts';

export const rolloutOf = (object: Stored): Rollout => object as unknown as Rollout;
export const historyOf = ({ status }: Rollout): readonly HistoryEntry[] => status?.history ?? [];
export const placeOf = ({ metadata }: { metadata: { namespace?: string | undefined; name: string } }): string =>
  `${metadata.namespace ?? ''}/${metadata.name}`;

/** What never changes of an entry. */
export function identityOf({ version, timestamp, trigger, rollbackOf }: HistoryEntry): string {
  return [version.tag, version.digest ?? '', timestamp, trigger ?? '', rollbackOf ?? ''].join(' ').trimEnd();
}

export const entryText = ({ id, version, trigger, bakeStatus }: HistoryEntry): string =>
  `#${id ?? '?'} ${version.tag} ${trigger ?? ''} ${bakeStatus ?? ''}`;

export const isOpen = ({ bakeStatus }: HistoryEntry): boolean =>
  bakeStatus === 'Deploying' || bakeStatus === 'InProgress';

export const isPinned = ({ spec }: Rollout): boolean => (spec.wantedVersion ?? '') !== '';
