/** What there is in a world from its beginning. */
import { type Draw, pick } from './chance.ts';
import { drawSchedule, type ScheduleSetting } from './schedules.ts';
import type { CheckClass, Span } from './span.ts';

export interface Application {
  readonly namespace: string;
  /** Two of different namespaces may be called the same. */
  readonly name: string;
  readonly check: CheckClass;
  /** Name of its Kustomization; two applications of a namespace may share one. */
  readonly kustomization: string;
  /** What carries its version: a variable, the tag of an OCIRepository, both, or variables of two Kustomizations. */
  readonly carriedBy: 'variable' | 'source' | 'both' | 'twice';
  /** Flux waits until what it applied is ready. */
  readonly waits: boolean;
  readonly flagGate: boolean;
  readonly manualGate: boolean;
  /** How many people must approve at the manual gate. */
  readonly required: number;
  /** A gate of class `http`. */
  readonly serviceGate: boolean;
  readonly schedules: readonly ScheduleSetting[];
  /** Its policy admits prereleases. */
  readonly prereleases: boolean;
  /** Its policy looks up digests: a tag that is moved is news. */
  readonly digests: boolean;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What a world is made of. */
export interface Setting {
  readonly seed: number;
  readonly span: Span;
  readonly applications: readonly Application[];
}

export const keyTextOf = ({ namespace, name }: Pick<Application, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

const extras = [
  ...(['flag', 'flag', 'flag', 'board', 'board', 'board of two', 'service', 'service'] as const),
  ...(['schedule', 'schedule', 'schedule', 'source', 'both', 'twice', 'prereleases', 'digests'] as const),
];
type Extra = (typeof extras)[number];

export function drawApplications(draw: Draw, span: Span): Application[] {
  const count = 1 + Math.floor(draw() * span.applications);
  const applications: Application[] = [];
  for (let index = 0; index < count; index += 1) applications.push(drawApplication(draw, span, applications));
  // Who shares is judged by what looks at each alone: what Flux says is about both.
  const shared = (one: Application) => applications.some((other) => other !== one && targetOf(other) === targetOf(one));
  return applications.map((one) => (shared(one) ? { ...one, ...sharing(one) } : one));
}

const targetOf = ({ namespace, kustomization }: Application): string => `${namespace}/${kustomization}`;

function sharing({ check, carriedBy }: Application): Partial<Application> {
  return {
    waits: false,
    ...(check === 'kustomization' && { check: 'foreign' }),
    ...(carriedBy !== 'twice' && { carriedBy: 'variable' }),
  };
}

function drawApplication(draw: Draw, span: Span, before: readonly Application[]): Application {
  const last = before.at(-1);
  const chance = draw();
  const isNamesake = last?.namespace === 'apps' && chance < 0.3;
  const shares = last !== undefined && !isNamesake && chance < 0.65;
  const name = isNamesake ? last.name : `app-${before.length}`;
  const namespace = isNamesake ? 'shop' : shares ? last.namespace : pick(draw, ['apps', 'apps', 'shop']);
  const check = pick(draw, span.checks);
  const drawn = drawExtras(draw, span);
  const schedules = [...drawn].flatMap((extra) => (extra === 'schedule' ? (drawSchedule(draw, span) ?? []) : []));
  return {
    namespace,
    name,
    check,
    kustomization: shares ? last.kustomization : name,
    carriedBy: (['source', 'both', 'twice'] as const).find((one) => drawn.includes(one)) ?? 'variable',
    waits: draw() < 0.6,
    flagGate: drawn.includes('flag'),
    manualGate: drawn.includes('board') || drawn.includes('board of two'),
    required: drawn.includes('board of two') ? 2 : 1,
    serviceGate: drawn.includes('service'),
    schedules,
    prereleases: drawn.includes('prereleases'),
    digests: drawn.includes('digests'),
    spec: drawSpec(draw, span),
  };
}

function drawExtras(draw: Draw, { extras: [fewest, most] }: Span): readonly Extra[] {
  const count = fewest + Math.floor(draw() * (most - fewest + 1));
  return Array.from({ length: count }, () => pick(draw, extras));
}

function drawSpec(draw: Draw, span: Span): Application['spec'] {
  const bakeTime = pick(draw, span.bakeTimes);
  const deployTimeout = pick(draw, span.deployTimeouts);
  const retryPolicy = pick(draw, [undefined, undefined, { limit: 1, interval: span.retryInterval }]);
  const releaseOrder = pick(draw, [undefined, undefined, 'Sequential']);
  return {
    failurePolicy: pick(draw, ['Rollback', 'Rollback', 'Halt']),
    versionHistoryLimit: pick(draw, [50, 50, 3]),
    ...(bakeTime !== undefined && { bakeTime }),
    ...(deployTimeout !== undefined && { deployTimeout }),
    ...(retryPolicy !== undefined && { retryPolicy }),
    ...(releaseOrder !== undefined && { releaseOrder }),
  };
}
