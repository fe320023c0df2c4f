/** When worlds begin, and how something of them is drawn. */

/** A Monday. */
export const START = Temporal.Instant.from('2026-03-02T06:00:00Z');

export type Draw = () => number;

export function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[Math.floor(draw() * from.length)]!;
}
