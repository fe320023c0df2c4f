/** One input: how long it took, and what is wrong. */
import type { Target } from './target.ts';

export interface Failure {
  readonly input: string;
  readonly message: string;
  /** The same for failures of the same kind. */
  readonly signature: string;
}

export interface Judged {
  readonly milliseconds: number;
  readonly failure?: Failure;
}

/**
 * Milliseconds for inputs of up to 64 KiB, far above what any of them takes: only what grows faster than its input gets
 * there. Of the processor, not of the clock: a busy machine makes nothing slow.
 */
const longestRun = 2_000;

type Prototypes = () => string | undefined;

/**
 * A promise for targets that are asynchronous alone, which the others need not pay for.
 * @param longest milliseconds
 */
export function judge(
  target: Target,
  input: string,
  prototypes: Prototypes,
  longest = longestRun,
): Judged | Promise<Judged> {
  const started = performance.now();
  const finish = (error: unknown, hasThrown: boolean): Judged => {
    const milliseconds = performance.now() - started;
    const fault = prototypes() ?? (hasThrown && target.refuses?.(error) !== true ? faultOf(error) : undefined);
    return { milliseconds, ...(fault === undefined ? {} : { failure: failureOf(input, fault, error) }) };
  };
  try {
    const result = target.run(input);
    if (!(result instanceof Promise)) return inTime(target, input, finish(undefined, false), longest);
    return result.then(
      () => finish(undefined, false),
      (error: unknown) => finish(error, true),
    );
  } catch (error) {
    return inTime(target, input, finish(error, true), longest);
  }
}

function inTime(target: Target, input: string, judged: Judged, longest: number): Judged {
  if (judged.milliseconds <= longest) return judged;
  const before = process.threadCpuUsage();
  try {
    target.run(input);
  } catch {
    // What it throws is known.
  }
  const { user, system } = process.threadCpuUsage(before);
  const taken = Math.round((user + system) / 1000);
  if (taken <= longest) return judged;
  const message = `takes ${taken} ms for ${input.length} characters: more than ${longest}`;
  return { ...judged, failure: { input, message, signature: 'slow' } };
}

function faultOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.slice(0, 300)}` : `threw ${String(error)}`;
}

function failureOf(input: string, message: string, error: unknown): Failure {
  const where = error instanceof Error ? placesIn(error.stack ?? '').slice(0, 6) : [];
  const kind = message.replace(/[0-9"'`].*$/s, '').slice(0, 80);
  const at = where.length === 0 ? '' : ` (${where.join(' < ')})`;
  return {
    input,
    message: `${message}${at}`,
    signature: `${kind} ${where.find((place) => !place.startsWith('node:')) ?? ''}`,
  };
}

/** `src/oci/tar.ts:42`, innermost first. */
function placesIn(stack: string): string[] {
  return [...stack.matchAll(/((?:src|test|node_modules)\/[^\s()]+?:\d+):\d+/g)].map(([, place = '']) => place);
}
