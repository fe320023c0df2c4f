/**
 * I4, "automation never undoes a manual deployment"; I5, "automatic rollback goes only to a version that finished its
 * bake here, at most once per failed version, never in recovery mode"; I6, "a revoked or failed version is never
 * selected automatically again".
 */
import { REVOKE } from '../../../src/api/annotations.ts';
import type { HistoryEntry, Rollout } from '../../../src/api/rollout.ts';
import { minorOf } from '../versions.ts';
import { ROLLOUTS } from './ledger.ts';
import { entryText, isAmong, type Memory } from './memory.ts';
import type { Moment } from './scene.ts';
import type { Report } from './violation.ts';

export function inspectChoice(
  entry: HistoryEntry,
  rollout: Rollout,
  memory: Memory,
  moment: Moment,
  report: Report,
): void {
  const { name, namespace = '' } = rollout.metadata;
  const say = (invariant: string, what: string): void => {
    report(invariant, `${name}: ${entryText(entry)}${what}`);
  };
  const { trigger } = entry;
  if (trigger === 'Automatic' || trigger === 'Rollback') {
    const seen = moment.seen(ROLLOUTS, `${namespace}/${name}`);
    const pins = seen.map((one) => one?.spec.wantedVersion || one?.spec.releasesImagePolicy.wantedVersion || '');
    if (pins.every((pin) => pin !== '')) say('I4', ` while ${pins.join()} is pinned`);
  }
  if (trigger === 'Rollback') inspectRollback(entry, rollout, memory, say);
  if (trigger === 'Automatic') inspectAutomatic(entry, rollout, memory, say);
}

function inspectAutomatic(entry: HistoryEntry, { status }: Rollout, memory: Memory, say: Report): void {
  const { ceiling, failed, revoked } = memory;
  const { version } = entry;
  const minor = minorOf(version.tag);
  if (ceiling !== undefined && minor <= ceiling)
    say('I4', `, which is not newer than what a person or a rollback decided about (1.${ceiling})`);
  const history = status?.history ?? [];
  const before = history[history.indexOf(entry) + 1];
  if (before !== undefined && minor < minorOf(before.version.tag))
    say('I4', `, which is older than ${entryText(before)}`);
  if (isAmong(failed, version)) say('I6', ', which failed here');
  if (isAmong(revoked, version)) say('I6', ', which was revoked');
}

function inspectRollback(
  { version, rollbackOf }: HistoryEntry,
  { spec, status }: Rollout,
  memory: Memory,
  say: Report,
) {
  const { entries, good, history, recovering, revoked } = memory;
  const failed = status?.history?.find(({ id }) => id === rollbackOf);
  // Its digest may have become known only after its bake.
  const digests = version.digest === undefined ? [''] : [`@${version.digest}`, '@undefined'];
  const isGood = digests.some((digest) => good.has(`${version.tag}${digest}`));
  if (!isGood) say('I5', ', which never succeeded');
  if (isAmong(revoked, version)) say('I6', ', which was revoked');
  if ([...entries.values()].some((one) => one.rollbackOf === rollbackOf && one.trigger === 'Rollback'))
    say('I5', `: ${rollbackOf} is rolled back twice`);
  if (rollbackOf !== history[0]?.id || failed?.bakeStatus !== 'Failed')
    say('I5', ` from ${rollbackOf}, which is not the newest or has not failed`);
  if (failed !== undefined && failed.trigger !== 'Automatic') say('I5', ` from ${entryText(failed)}`);
  if (recovering) say('I5', ' in recovery mode');
  if (spec.failurePolicy === 'Halt') say('I5', ' though failurePolicy is Halt');
}

/**
 * Revocations are for ever; a failure counts until the version succeeds.
 * @param previous as it was before this write: a request that is gone has been carried out
 */
export function inspectRejections(
  { metadata, status }: Rollout,
  previous: Rollout | undefined,
  { revoked }: Memory,
  report: Report,
): void {
  const kept = new Set<string>(status?.rejectedReleases?.map(({ tag }) => tag));
  const asked = previous?.metadata.annotations?.[REVOKE] ?? '';
  const isTaken = metadata.annotations?.[REVOKE] === undefined && minorOf(asked) >= 0;
  if (isTaken && !kept.has(asked)) report('I6', `${metadata.name}: ${asked} was to be revoked, and is not`);
  for (const tag of revoked.keys())
    if (!kept.has(tag)) report('I6', `${metadata.name}: forgets that ${tag} was revoked`);
}

/** Automation goes on with what is newer than this minor; undefined: with what is newer than what runs. */
export function ceilingAfter(entry: HistoryEntry, { spec, status }: Rollout, memory: Memory): number | undefined {
  if (entry.trigger === 'Rollback') return minorOf(memory.entries.get(entry.rollbackOf ?? 0)?.version.tag ?? '');
  const isPinned = (spec.wantedVersion || spec.releasesImagePolicy.wantedVersion || '') !== '';
  if (entry.trigger !== 'Manual' || isPinned) return undefined;
  return Math.max(...(status?.availableReleases ?? []).map(({ tag }) => minorOf(tag)));
}
