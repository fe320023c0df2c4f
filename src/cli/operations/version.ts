/** Which version a person means: a tag that is known here or in the registry, or the digest of one. */
import type { VersionInfo } from '../../api/rollout.ts';
import { isDigest, isTag } from '../../api/tag.ts';
import { CliError, ExitCode, usageError } from '../errors.ts';
import { type Facts, knownVersions, placeOf } from './facts.ts';
import { listed } from './words.ts';

const mostNames = 3;

export interface Meant {
  readonly version: VersionInfo;
  /** What is not certain about it. */
  readonly note?: string;
}

/** Whether it can be told without the registry. */
export function isKnown(facts: Pick<Facts, 'rollout'>, text: string): boolean {
  return knownVersions(facts).some(({ tag, digest }) => tag === text || digest === text);
}

/** @throws CliError when there is no such version, with the names that are nearest. */
export function meantVersion(facts: Facts, text: string): Meant {
  const known = knownVersions(facts);
  // A digest may have had several tags; the newest release is what is meant.
  const found = known.find(({ tag }) => tag === text) ?? known.findLast(({ digest }) => digest === text);
  if (found !== undefined) return { version: found };
  const place = placeOf(facts.rollout);
  const { registry } = facts;
  if (isDigest(text)) {
    const tagged = registry?.text === text ? registry.version : undefined;
    if (tagged !== undefined) {
      return { version: tagged, note: `${tagged.tag} has this digest in the registry, and is no known release` };
    }
    const where =
      registry?.text === text ? `no release of ${place} and no tag of its registry` : `no release of ${place}`;
    throw new CliError(ExitCode.NotFound, `${where} has the digest ${text}`, 'name its tag, or give it one');
  }
  if (!isTag(text)) {
    const rule = 'up to 128 letters, digits, ".", "_" and "-", not starting with "." or "-"';
    throw usageError(`"${text.slice(0, 200)}" is no tag and no digest`, `a tag has ${rule}`);
  }
  if (registry?.text !== text) {
    return {
      version: { tag: text },
      note: `${text} is not among the known releases, and the registry could not be asked`,
    };
  }
  if (registry.version !== undefined) {
    return { version: registry.version, note: `${text} is in the registry, but its ImagePolicy does not admit it` };
  }
  throw unknown(facts, text);
}

/** @throws CliError unless it is among the releases or the history: for what is not about the registry. */
export function recordedVersion(facts: Facts, text: string): VersionInfo {
  if (isKnown(facts, text)) return meantVersion(facts, text).version;
  throw unknown(facts, text);
}

function unknown(facts: Facts, text: string): CliError {
  const known = knownVersions(facts).map(({ tag }) => tag);
  const names = nearestNames(text, [...new Set([...known, ...(facts.registry?.names ?? [])])]);
  const remedy =
    names.length === 0
      ? `see what there is: kuberik get rollouts ${facts.rollout.metadata.name} -o json`
      : `did you mean ${listed(names, 'or')}?`;
  return new CliError(ExitCode.NotFound, `${placeOf(facts.rollout)} knows no version ${text}`, remedy);
}

/** At most three, the nearest first; of equally near ones the newest. Names that have little in common are none. */
export function nearestNames(text: string, names: readonly string[]): readonly string[] {
  const bound = Math.max(2, Math.ceil(text.length / 3));
  return names
    .toReversed()
    .map((name) => ({ name, distance: editDistance(text, name) }))
    .filter(({ distance }) => distance <= bound)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, mostNames)
    .map(({ name }) => name);
}

// https://en.wikipedia.org/wiki/Levenshtein_distance#Iterative_with_two_matrix_rows
/** How many characters must be put in, taken out or replaced to make one of the other. */
export function editDistance(one: string, other: string): number {
  const letters = Array.from(other);
  let row = Array.from({ length: letters.length + 1 }, (_, index) => index);
  for (const [index, character] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [place, wanted] of letters.entries()) {
      const replaced = (row[place] ?? 0) + (character === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
