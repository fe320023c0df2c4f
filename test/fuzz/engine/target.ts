/** What is fuzzed: one parser of text that others wrote, and what must hold for every input. */

export interface Target {
  /** Also the folder of its corpus, and the name in reports. */
  readonly name: string;
  /** `json` is also mutated as a tree; `bytes` has a character for each byte, and its corpus is base64. Default `text`. */
  readonly form?: 'text' | 'json' | 'bytes';
  /**
   * Reads the input. What it throws is a failure unless `refuses` says otherwise; so is a promise that rejects, a result
   * that `holds` does not accept, and a prototype that is not as before.
   */
  readonly run: (input: string) => unknown;
  /** Whether the error is the documented way to refuse an input. Default: nothing may be thrown. */
  readonly refuses?: (error: unknown) => boolean;
}

/** An input was read, and what came out of it is wrong. */
export class BrokenPromiseError extends Error {
  override readonly name = 'BrokenPromiseError';
}

/** @throws BrokenPromiseError with what was promised */
export function holds(promised: string, isKept: boolean): void {
  if (!isKept) throw new BrokenPromiseError(`does not hold: ${promised}`);
}

/** The first lines apart, and everything after them. */
export function lines(input: string, count: number): string[] {
  const parts: string[] = [];
  let rest = input;
  for (let part = 0; part < count; part++) {
    const end = rest.indexOf('\n');
    parts.push(end === -1 ? rest : rest.slice(0, end));
    rest = end === -1 ? '' : rest.slice(end + 1);
  }
  return [...parts, rest];
}

/** Undefined when it is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Nothing in it has got a prototype that JSON would not give it. */
export function holdsPlain(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > 200) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === Array.prototype || prototype === null;
  holds('every object is a plain one', isPlain);
  for (const item of Object.values(value)) holdsPlain(item, depth + 1);
}
