/**
 * Version ranges in the dialect of Flux's image policies (Masterminds/semver 3.4): comma or blank is AND, `||` is OR,
 * hyphen ranges, `~`, `^`, `x`, `!=`, partial and `v`-prefixed versions. Prereleases count only in an AND group of which
 * one part names a prerelease. Versions themselves are parsed and compared by `semver`.
 * https://github.com/Masterminds/semver#checking-version-constraints
 */
import { compare, parse, type SemVer } from 'semver';

export type VersionTest = (version: SemVer) => boolean;

const part = String.raw`(?:\d+|[xX*])`;
const identifiers = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
const versionPattern = String.raw`v?(${part})(?:\.(${part}))?(?:\.(${part}))?(?:-(${identifiers}))?(?:\+${identifiers})?`;
const anyVersion = versionPattern.replaceAll(/\((?!\?)/g, '(?:');
const hyphenRange = new RegExp(String.raw`(${anyVersion})\s+-\s+(${anyVersion})`, 'g');
const comparator = new RegExp(String.raw`\s*(!=|>=|=>|<=|=<|~>|[=><~^])?\s*${versionPattern}\s*(?=,|\s|$)`, 'y');

interface Comparator {
  readonly operator: string;
  readonly version: SemVer;
  /** How many leading numbers are given: `1.x` has 1. */
  readonly precision: number;
}

/**
 * Compiles a range.
 * @param includePrereleases admit prereleases although no part of the range names one.
 * @returns undefined when the range is not one.
 */
export function compileRange(range: string, includePrereleases = false): VersionTest | undefined {
  if (range.length > 1_000) return undefined;
  const rewritten = range.replace(hyphenRange, '>=$1, <=$2 ');
  const groups: VersionTest[] = [];
  for (const text of rewritten.split('||')) {
    const comparators = parseGroup(text);
    if (comparators === undefined) return undefined;
    const prereleases = includePrereleases || comparators.some(({ version }) => version.prerelease.length > 0);
    groups.push(
      (version) =>
        (prereleases || version.prerelease.length === 0) && comparators.every((one) => satisfies(version, one)),
    );
  }
  return (version) => groups.some((group) => group(version));
}

/** A tag as a version: all three numbers, `v` allowed. Undefined for anything else. */
export function parseVersion(text: string): SemVer | undefined {
  return parse(text) ?? undefined;
}

function parseGroup(text: string): Comparator[] | undefined {
  const comparators: Comparator[] = [];
  const source = text.trim();
  let position = 0;
  while (position < source.length) {
    comparator.lastIndex = position;
    const match = comparator.exec(source);
    if (match === null) return undefined;
    const [whole, operator = '', major = '', minor, patch, prerelease] = match;
    const one = comparatorOf(operator, [major, minor, patch], prerelease);
    if (one === undefined) return undefined;
    comparators.push(one);
    position += whole.length;
    if (source[position] === ',') position += 1;
    if (position === source.length && source.endsWith(',')) return undefined;
  }
  return comparators.length > 0 ? comparators : undefined;
}

function comparatorOf(
  operator: string,
  numbers: readonly (string | undefined)[],
  prerelease: string | undefined,
): Comparator | undefined {
  const wildcard = numbers.findIndex((number) => number === undefined || /^[xX*]$/.test(number));
  const precision = wildcard === -1 ? 3 : wildcard;
  const filled = numbers.map((number, index) => (index < precision ? BigInt(number ?? '0') : 0n));
  const version = parseVersion(`${filled.join('.')}${prerelease === undefined ? '' : `-${prerelease}`}`);
  return version && { operator, version, precision };
}

function satisfies(version: SemVer, { operator, version: wanted, precision }: Comparator): boolean {
  const order = compare(version, wanted);
  const sameMajor = version.major === wanted.major;
  switch (operator) {
    case '!=':
      return precision === 3 || precision === 0 ? order !== 0 : !withinPrecision(version, wanted, precision);
    case '>':
      if (precision === 3 || precision === 0) return order > 0;
      if (precision === 1) return version.major > wanted.major;
      return version.major > wanted.major || (sameMajor && version.minor > wanted.minor);
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      return order <= 0 || (precision < 3 && withinPrecision(version, wanted, precision));
    case '^':
      return order >= 0 && withinCaret(version, wanted, precision);
    case '~':
    case '~>':
      return order >= 0 && withinTilde(version, wanted, precision);
    default:
      return precision === 3 ? order === 0 : order >= 0 && withinTilde(version, wanted, precision);
  }
}

/** Whether the numbers that the range gives are the version's; with none given, whether it is 0.0. */
function withinPrecision(version: SemVer, wanted: SemVer, precision: number): boolean {
  if (version.major !== wanted.major) return false;
  return precision === 1 || version.minor === wanted.minor;
}

/** `~`: the given major and minor. `~0.0.0` and `~*` are everything. */
function withinTilde(version: SemVer, wanted: SemVer, precision: number): boolean {
  if (precision === 1) return version.major === wanted.major;
  const everything = precision !== 2 && wanted.major === 0 && wanted.minor === 0 && wanted.patch === 0;
  return everything || (version.major === wanted.major && version.minor === wanted.minor);
}

/** `^`: up to the next change of the leftmost number that is not zero. */
function withinCaret(version: SemVer, wanted: SemVer, precision: number): boolean {
  if (version.major !== wanted.major) return false;
  if (wanted.major > 0 || precision === 1) return true;
  if (version.minor !== wanted.minor) return false;
  if (wanted.minor > 0 || precision === 2) return true;
  return version.patch === wanted.patch;
}
