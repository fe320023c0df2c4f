/** Which tags an ImagePolicy admits, and in which order: the rules by which Flux picks the newest, for all of them. */
import { compare, type SemVer } from 'semver';
import { isTag, type Tag } from '../../api/tag.ts';
import type { ImagePolicySpec } from './image-policy.ts';
import { compileTagFilter, type TagFilter } from './tag-filter.ts';
import { compileRange, parseVersion } from './version-range.ts';

/** The policy's rules cannot be applied; only a change of the policy, or of the tags, helps. */
export interface InvalidPolicy {
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/** Of signatures and other attachments, as registries without the referrers API store them. */
const attachmentTag = /^sha256-[0-9a-f]{64}(?:\.[a-z]+)?$/;
/** Flux's default of `ImageRepository.spec.exclusionList`. */
const defaultExclusions = ['^.*\\.sig$'];

/** Oldest first. */
type Ordering = (filtered: ReadonlyMap<string, string>) => readonly string[] | InvalidPolicy;

interface CompiledPolicy {
  readonly filter: TagFilter | undefined;
  readonly order: Ordering;
}

const compiled = new WeakMap<ImagePolicySpec, CompiledPolicy | InvalidPolicy>();

/** The tags that the policy admits, oldest first; of tags that compare equal, the one that the registry lists first is newer. */
export function admittedTags(spec: ImagePolicySpec, tags: readonly string[]): readonly Tag[] | InvalidPolicy {
  const policy = compiled.get(spec) ?? compilePolicy(spec);
  compiled.set(spec, policy);
  if ('message' in policy) return policy;
  const candidates = tags.filter((tag) => !attachmentTag.test(tag));
  const filtered = policy.filter?.(candidates) ?? new Map(candidates.map((tag) => [tag, tag]));
  const ordered = policy.order(filtered);
  return 'message' in ordered ? ordered : ordered.filter(isTag);
}

const opened = new WeakMap<ImagePolicySpec, ImagePolicySpec>();

/**
 * The policy's order over tags that it may no longer admit: a range that was narrowed does not make a release newer or
 * older. What its rules cannot place at all is left out.
 */
export function rankedTags(spec: ImagePolicySpec, tags: readonly string[]): readonly Tag[] {
  const open = opened.get(spec) ?? withoutRange(spec);
  opened.set(spec, open);
  const whole = admittedTags(open, tags);
  if (!('message' in whole)) return whole;
  const placeable = tags.filter((tag) => {
    const alone = admittedTags(open, [tag]);
    return !('message' in alone) && alone.length === 1;
  });
  const ranked = admittedTags(open, placeable);
  return 'message' in ranked ? [] : ranked;
}

function withoutRange(spec: ImagePolicySpec): ImagePolicySpec {
  if (spec.policy.semver === undefined) return spec;
  return { ...spec, policy: { semver: { range: '*', prereleases: { enabled: true } } } };
}

/** The tags that Flux's scan keeps. An expression that is none excludes nothing: Flux reports it on the ImageRepository. */
export function withoutExcluded(tags: readonly string[], exclusionList: readonly string[] | undefined): string[] {
  const exclusions = exclusionList === undefined || exclusionList.length === 0 ? defaultExclusions : exclusionList;
  const excluded = new Set<string>();
  for (const expression of exclusions) {
    const filter = compileTagFilter(expression, '');
    if (typeof filter === 'string') continue;
    for (const tag of filter(tags).keys()) excluded.add(tag);
  }
  return tags.filter((tag) => !excluded.has(tag));
}

function compilePolicy({ policy, filterTags }: ImagePolicySpec): CompiledPolicy | InvalidPolicy {
  const pattern = filterTags?.pattern ?? '';
  const filter = pattern === '' ? undefined : compileTagFilter(pattern, filterTags?.extract ?? '');
  if (typeof filter === 'string') return { message: filter };
  const order = compileOrder(policy);
  return 'message' in order ? order : { filter, order };
}

function compileOrder({ semver, alphabetical, numerical }: ImagePolicySpec['policy']): Ordering | InvalidPolicy {
  if (semver !== undefined) return semverOrder(semver);
  if (alphabetical !== undefined) {
    const newestLast = ascending(alphabetical.order);
    return newestLast === undefined ? invalidOrder('alphabetical', alphabetical.order) : alphabeticalOrder(newestLast);
  }
  if (numerical !== undefined) {
    const newestLast = ascending(numerical.order);
    return newestLast === undefined ? invalidOrder('numerical', numerical.order) : numericalOrder(newestLast);
  }
  return { message: 'spec.policy is empty: give it one of semver, alphabetical or numerical' };
}

function semverOrder({
  range,
  prereleases,
}: NonNullable<ImagePolicySpec['policy']['semver']>): Ordering | InvalidPolicy {
  const inRange = compileRange(range, prereleases?.enabled === true);
  if (inRange === undefined) {
    return { message: `policy.semver.range "${range}" is not a version range: write for example >=1.0.0 or ^1.2` };
  }
  const allowed = prereleases?.allow;
  const admits = (version: SemVer): boolean => {
    if (!inRange(version)) return false;
    const [identifier] = version.prerelease;
    if (identifier === undefined || allowed === undefined || allowed.length === 0) return true;
    // rc.1 and rc1 are both of the identifier rc.
    return allowed.some((name) => name === String(identifier).replace(/\d+$/, ''));
  };
  return (filtered) => {
    const versions: [string, SemVer][] = [];
    for (const [tag, text] of filtered) {
      const version = parseVersion(text);
      if (version !== undefined && admits(version)) versions.push([tag, version]);
    }
    return inOrder(versions, compare);
  };
}

function alphabeticalOrder(newestLast: boolean): Ordering {
  const sign = newestLast ? 1 : -1;
  return (filtered) => inOrder([...filtered], (a, b) => (a === b ? 0 : a < b ? -sign : sign));
}

function numericalOrder(newestLast: boolean): Ordering {
  const sign = newestLast ? 1 : -1;
  return (filtered) => {
    const numbers: [string, number][] = [];
    for (const [tag, text] of filtered) {
      // Flux fails the whole policy as well: an order without a number would be a guess.
      if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
        return { message: `"${text}" of tag "${tag}" is not a number: leave it out with filterTags` };
      }
      numbers.push([tag, Number(text)]);
    }
    return inOrder(numbers, (a, b) => sign * (a - b));
  };
}

function inOrder<V>(entries: readonly (readonly [string, V])[], order: (a: V, b: V) => number): string[] {
  return [...entries]
    .reverse()
    .sort(([, a], [, b]) => order(a, b))
    .map(([tag]) => tag);
}

function ascending(order: string | undefined): boolean | undefined {
  const lower = (order ?? '').toLowerCase();
  if (lower === '' || lower === 'asc') return true;
  return lower === 'desc' ? false : undefined;
}

function invalidOrder(policy: string, order: string | undefined): InvalidPolicy {
  return { message: `policy.${policy}.order "${order ?? ''}" is not an order: write asc or desc` };
}
