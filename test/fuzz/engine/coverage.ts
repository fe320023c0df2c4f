/** What the inputs of one target have reached: blocks, and roughly how often in one run. */
import { blockCount, counters, words } from './instrument.ts';

/** Powers of two, as afl has them: whether a loop runs 50 or 51 times is no news, whether it runs twice is. */
function bucketOf(count: number): number {
  return count < 4 ? 1 << (count - 1) : 1 << Math.min(7, 1 + Math.floor(Math.log2(count)));
}

export type News = 'block' | 'count' | 'nothing';

export class Coverage {
  readonly #seen = new Uint8Array(counters.length);
  readonly #longs = new Uint32Array(counters.buffer);

  /** Before each input. */
  begin(): void {
    this.#longs.fill(0, 0, (blockCount() >> 2) + 1);
  }

  /** After it: what it reached that no input before it did. */
  end(): News {
    let [isBlock, isCount] = [false, false];
    for (let long = 0; long <= blockCount() >> 2; long++) {
      if (this.#longs[long] === 0) continue;
      for (let block = long * 4; block < long * 4 + 4; block++) {
        const count = counters[block] ?? 0;
        const seen = this.#seen[block] ?? 0;
        const bucket = count === 0 ? 0 : bucketOf(count);
        if ((seen & bucket) === bucket) continue;
        if (seen === 0) isBlock = true;
        else isCount = true;
        this.#seen[block] = seen | bucket;
      }
    }
    if (isBlock) return 'block';
    return isCount ? 'count' : 'nothing';
  }

  blocks(): number {
    return this.#seen.reduce((sum, seen) => sum + (seen === 0 ? 0 : 1), 0);
  }

  /** Of the files that were reached. */
  words(): readonly string[] {
    const starts = [...words.keys()].sort((one, other) => one - other);
    const reached = starts.filter((start, index) =>
      this.#seen.subarray(start, starts[index + 1] ?? blockCount()).some((seen) => seen !== 0),
    );
    return [...new Set(reached.flatMap((start) => words.get(start) ?? []))];
  }
}
