/** What is there in a world from its beginning, and how versions are called. */

import type { Span } from './span.ts';

/** A Monday, two hours before the window of the schedules opens. */
export const START = Temporal.Instant.from('2026-03-02T06:00:00Z');

export interface Application {
  readonly name: string;
  readonly check: 'foreign' | 'kustomization' | 'none';
  /** Name of its Kustomization; two applications may share one. */
  readonly kustomization: string;
  readonly flagGate: boolean;
  readonly manualGate: boolean;
  /** Deployments are allowed from here on until 18:00 UTC; undefined: always. */
  readonly opens: string | undefined;
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

export function drawApplications(draw: Draw, span: Span): Application[] {
  const count = 1 + Math.floor(draw() * span.applications);
  const applications: Application[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `app-${index}`;
    const shares = index > 0 && draw() < 0.4;
    const check = shares ? 'foreign' : pick(draw, ['foreign', 'foreign', 'kustomization', 'none'] as const);
    const bakeTime = pick(draw, span.bakeTimes);
    const deployTimeout = pick(draw, span.deployTimeouts);
    const retryPolicy = pick(draw, [undefined, undefined, { limit: 1, interval: span.retryInterval }]);
    const releaseOrder = pick(draw, [undefined, undefined, 'Sequential']);
    const spec = {
      failurePolicy: pick(draw, ['Rollback', 'Rollback', 'Halt']),
      versionHistoryLimit: 50,
      ...(bakeTime !== undefined && { bakeTime }),
      ...(deployTimeout !== undefined && { deployTimeout }),
      ...(retryPolicy !== undefined && { retryPolicy }),
      ...(releaseOrder !== undefined && { releaseOrder }),
    };
    const kustomization = shares ? applications[index - 1]!.kustomization : name;
    const gates = { flagGate: draw() < 0.5, manualGate: draw() < 0.25, opens: draw() < 0.25 ? span.opens : undefined };
    applications.push({ name, check, kustomization, spec, ...gates });
  }
  // Who shares is judged by a controller of its own: what Flux says is about both.
  const shared = (one: Application) =>
    applications.some((other) => other !== one && other.kustomization === one.kustomization);
  return applications.map((one) => (shared(one) && one.check === 'kustomization' ? { ...one, check: 'foreign' } : one));
}
