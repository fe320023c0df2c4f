/** Finds a shorter sequence that fails: drops what can be dropped, in large pieces first. */
import type { Sequence, Step } from './step.ts';

/** @param most how many sequences to try */
export async function shrink(
  sequence: Sequence,
  stillFails: (shorter: Sequence) => Promise<boolean>,
  most: number,
): Promise<Sequence> {
  let steps: readonly Step[] = sequence.steps;
  let tries = 0;
  for (let size = Math.ceil(steps.length / 2); size >= 1 && tries < most; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    // From the end: what came first is what the rest was about.
    for (let end = steps.length; end > 0 && tries < most; end -= size) {
      const fewer = [...steps.slice(0, Math.max(0, end - size)), ...steps.slice(end)];
      tries += 1;
      if (await stillFails({ ...sequence, steps: fewer })) steps = fewer;
    }
  }
  return { ...sequence, steps };
}
