/** How versions are called, and how what they deploy behaves: the tag says it. */

/**
 * `flaps`: ready, not ready, and ready again. `degrades`: fine at first, and bad within the bake or after it. `hangs`: never
 * ready. `does-not-build`: Flux cannot make manifests of it.
 */
const patches = { good: 0, crashes: 666, hangs: 667, flaps: 668, degrades: 669, 'does-not-build': 670 } as const;
export type Behaviour = keyof typeof patches;
export const bad: readonly Behaviour[] = ['crashes', 'crashes', 'hangs', 'flaps', 'degrades', 'does-not-build'];

/** What kind of tag: `prerelease` is a release for policies that admit them, and `odd` for none. */
export type TagForm = 'release' | 'prerelease' | 'odd';

export interface Version {
  readonly minor: number;
  readonly behaviour?: Behaviour;
  readonly form?: TagForm;
}

export function tagOf({ minor, behaviour = 'good', form = 'release' }: Version): string {
  if (form === 'odd') return `nightly-${minor}`;
  return `1.${minor}.${patches[behaviour]}${form === 'prerelease' ? '-rc.1' : ''}`;
}

/** -1: no release of any kind. */
export const minorOf = (tag: string): number => Number(/^1\.(\d+)\./.exec(tag)?.[1] ?? -1);
export const isPrerelease = (tag: string): boolean => tag.includes('-rc.');

export function behaviourOf(tag: string): Behaviour {
  const patch = Number(/^1\.\d+\.(\d+)/.exec(tag)?.[1] ?? 0);
  return (Object.keys(patches) as Behaviour[]).find((behaviour) => patches[behaviour] === patch) ?? 'good';
}

export const isCrashing = (tag: string): boolean => behaviourOf(tag) === 'crashes';

/** In [0, 1): a chance that belongs to the seed and these words, whenever it is asked for. */
export function chanceOf(seed: number, ...words: readonly string[]): number {
  let hash = 2_166_136_261 ^ seed;
  for (const character of words.join(' ')) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  return (hash >>> 0) / 2 ** 32;
}
