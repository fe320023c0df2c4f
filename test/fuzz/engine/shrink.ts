/** The shortest input that fails in the same way, as far as leaving pieces out finds it. */
import { type Failure, judge } from './judge.ts';
import type { Target } from './target.ts';

const mostAttempts = 1_000;

export async function shrink(
  target: Target,
  failure: Failure,
  announce: (input: string) => void,
  prototypes: () => string | undefined,
): Promise<Failure> {
  // Each attempt would take as long.
  if (failure.signature === 'slow') return failure;
  let shortest = failure;
  let attempts = 0;
  for (let piece = Math.ceil(failure.input.length / 2); piece >= 1; piece = piece === 1 ? 0 : Math.ceil(piece / 2)) {
    for (let at = 0; at < shortest.input.length && attempts < mostAttempts; attempts++) {
      const input = shortest.input.slice(0, at) + shortest.input.slice(at + piece);
      announce(input);
      const { failure: found } = await judge(target, input, prototypes);
      if (found?.signature === failure.signature) shortest = found;
      else at += piece;
    }
  }
  return shortest;
}
