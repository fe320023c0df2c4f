/** What a user's expressions may take of the controller's time. */
import { createContext, Script } from 'node:vm';
import { isRecord } from '../../api/json.ts';

/** It took longer than it may. */
export class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

/**
 * Whoever writes an expression must not be able to stop the controller with it: a loop, backtracking, or RE2, which takes
 * time in proportion to the text, on a large answer. Time-outs of a context also end what it calls.
 * @param run without side effects: it may be ended anywhere
 * @throws TooSlowError after that many milliseconds; what `run` throws
 */
export function onLeash<T>(milliseconds: number, run: () => T): T {
  const results: T[] = [];
  const context = createContext({ run: () => void results.push(run()) });
  try {
    new Script('run()').runInContext(context, { timeout: milliseconds });
  } catch (error) {
    if (!isRecord(error) || error.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new TooSlowError(`it takes longer than ${milliseconds} ms`, { cause: error });
  }
  for (const result of results) return result;
  throw new TypeError('nothing was run');
}
