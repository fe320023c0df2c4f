/** Choices that a seed decides. */
import { Chance } from '../../fuzz/engine/chance.ts';

export class Dice extends Chance {
  one<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('there is nothing to choose from');
    return item;
  }

  /** One of the keys, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let left = this.below(entries.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    throw new Error('weights are whole numbers above zero');
  }

  /** Some of the items, in their order. */
  some<T>(items: readonly T[], most: number): T[] {
    const wanted = new Set(Array.from({ length: 1 + this.below(most) }, () => this.below(items.length)));
    return items.filter((_, index) => wanted.has(index));
  }
}
