/** What is there in a world from its beginning, and how versions are called. */

/** A Monday, two hours before the window of the schedules opens. */
export const START = Temporal.Instant.from('2026-03-02T06:00:00Z');

export interface Application {
  readonly name: string;
  readonly check: 'foreign' | 'kustomization' | 'none';
  /** Name of its Kustomization; two applications may share one. */
  readonly kustomization: string;
  readonly flagGate: boolean;
  readonly manualGate: boolean;
  readonly scheduled: boolean;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What a world is made of. */
export interface Setting {
  readonly seed: number;
  readonly applications: readonly Application[];
}

export type Draw = () => number;

export function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[Math.floor(draw() * from.length)]!;
}

export const tagOf = ({ minor, crashes = false }: { readonly minor: number; readonly crashes?: boolean }): string =>
  `1.${minor}.${crashes ? 666 : 0}`;
export const isCrashing = (tag: string): boolean => tag.endsWith('.666');
