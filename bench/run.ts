/** One run: a fresh plane, all Rollouts on their first release, then the next one for all of them at once. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImagePolicy } from '../src/integrations/flux/image-policy.ts';
import { Kustomization } from '../src/integrations/flux/kustomization.ts';
import type { Request } from '../test/cluster/support/audit.ts';
import { countByKind, lastWrite } from './audit.ts';
import { inspectorFlags } from './inspector.ts';
import { KustomizeStandIn } from './kustomize.ts';
import { type Plane, startPlane } from './plane.ts';
import { type ProfileResult, profileCpu, profileHeap } from './profile.ts';
import type { RegistryCounts } from './registry.ts';
import { follow, Sightings } from './sightings.ts';
import { Subject, type SubjectName, type SubjectOptions } from './subject.ts';
import { until } from './until.ts';
import { type Shape, Work } from './work.ts';

export interface RunPlan {
  readonly scenario: string;
  readonly shape: Shape;
  /** Milliseconds added to each answer of the registry. */
  readonly registryDelay: number;
  readonly subject: SubjectName;
  /** Afterwards 30 s are measured in which nothing happens. */
  readonly idle: boolean;
  /** Afterwards it is stopped and started again. */
  readonly restart: boolean;
  readonly profile: 'none' | 'cpu' | 'heap';
  readonly nodeFlags: readonly string[];
}

/** What one part of a run cost. */
export interface Costs {
  readonly requests: Readonly<Record<string, number>>;
  readonly registry: RegistryCounts;
  readonly cpuSeconds: number;
}

export interface ReleaseResult extends Costs {
  /** Seconds from the sight of the release in the ImagePolicy to that of the version in the Flux object. */
  readonly p50: number;
  readonly p99: number;
  /** Seconds from the first ImagePolicy that was written to the last Flux object. */
  readonly last: number;
  /** The same, to the last write of the process. */
  readonly settled: number;
}

export interface RunResult {
  readonly scenario: string;
  readonly rollouts: number;
  readonly subject: SubjectName;
  readonly release: ReleaseResult;
  /** From its start to the end of the release. */
  readonly peakBytes: number;
  readonly idle?: Costs & { readonly seconds: number };
  /** `seconds`: until it was ready. */
  readonly restart?: Costs & { readonly seconds: number; readonly peakBytes: number };
  readonly profile?: ProfileResult;
}

const first = '1.0.0';
const second = '1.1.0';
/** A process from which nothing was heard for so long has settled, if all is where it should be. */
const quietMilliseconds = 3_000;
const idleSeconds = 30;

export async function measure(plan: RunPlan, tell: (what: string) => void): Promise<RunResult> {
  const { shape } = plan;
  const bound = AbortSignal.timeout(180_000 + shape.rollouts * 500);
  await using parts = new AsyncDisposableStack();
  tell('starts a control plane');
  const plane = parts.use(await startPlane(plan.registryDelay));
  const work = new Work(plane, shape, bound);
  tell(`makes ${shape.rollouts} Rollouts`);
  await work.arrange(first, second);

  const outside = parts.use(observe(plane, shape));
  const options = optionsOf(plan);
  await using subject = parts.use(await Subject.start(plane, plan.subject, options));
  const meter = new Meter(plane, subject);
  const settle = async (tag: string): Promise<void> => {
    const isPatched = (): Promise<boolean> => {
      subject.requireRunning();
      return Promise.resolve(outside.patched.of(tag).size >= shape.rollouts);
    };
    await until(`${tag} in every Flux object`, isPatched, outside.failed(bound), 20);
    const hasSettled = async (): Promise<boolean> => {
      subject.requireRunning();
      if (Date.now() - (await plane.audit.last()) < quietMilliseconds) return false;
      const isDone = plan.subject === 'floor' || (await work.hasSucceeded(tag));
      if (!isDone) await sleep(1_000);
      return isDone;
    };
    await until(`every deployment of ${tag} has succeeded and nothing is written`, hasSettled, outside.failed(bound));
  };
  using heap = plan.profile === 'heap' ? await profileHeap(subject) : undefined;
  tell('deploys the first release');
  await settle(first);

  tell('deploys the next one');
  using cpu = plan.profile === 'cpu' ? await profileCpu(subject) : undefined;
  await meter.restart();
  const begun = { wall: Date.now(), steady: performance.now() };
  await work.release(second);
  await settle(second);
  const { costs, requests } = await meter.read();
  const profile = await (cpu ?? heap)?.stop(profileFile(plan));
  const { peakBytes } = await subject.usage();
  const result = {
    scenario: plan.scenario,
    rollouts: shape.rollouts,
    subject: plan.subject,
    release: { ...costs, ...outside.times(second, begun.steady), settled: settledAfter(requests, begun.wall) },
    peakBytes,
    ...(profile !== undefined && { profile }),
  };
  const idle = plan.idle ? { idle: await rest(meter, tell) } : {};
  if (!plan.restart) return { ...result, ...idle };
  tell('starts it again');
  await subject.stop();
  return { ...result, ...idle, restart: await startAgain(plane, plan, bound) };
}

function optionsOf({ profile, nodeFlags }: RunPlan): SubjectOptions {
  const isProfiled = profile !== 'none';
  return { sources: isProfiled, nodeFlags: [...nodeFlags, ...(isProfiled ? inspectorFlags : [])] };
}

function profileFile({ scenario, shape, subject, profile }: RunPlan): string {
  const folder = join(process.cwd(), '.cache', 'bench');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${scenario}-${shape.rollouts}-${subject}.${profile}profile`);
}

function observe(plane: Plane, { judged }: Shape) {
  const stop = new AbortController();
  const chosen = new Sightings<ImagePolicy>((policy) => policy.status?.latestRef?.tag);
  const patched = new Sightings<Kustomization>(({ spec }) => spec.postBuild?.substitute?.VERSION);
  const standIn = judged ? new KustomizeStandIn(plane.client) : undefined;
  const fail = (error: unknown): void => {
    stop.abort(error);
  };
  follow(plane.client, ImagePolicy, stop.signal, chosen.note).catch(fail);
  follow(plane.client, Kustomization, stop.signal, (kustomization) => {
    patched.note(kustomization);
    standIn?.reconcile(kustomization)?.catch(fail);
  }).catch(fail);
  return {
    patched,
    /** Aborted as well when the observer itself has failed. */
    failed: (bound: AbortSignal) => AbortSignal.any([bound, stop.signal]),
    times(tag: string, begun: number) {
      const sights = [...patched.of(tag)];
      const seconds = sights.map(([key, at]) => Math.max(0, at - (chosen.of(tag).get(key) ?? at)) / 1000);
      const sorted = seconds.toSorted((a, b) => a - b);
      const quantile = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
      const last = (Math.max(...sights.map(([, at]) => at)) - begun) / 1000;
      return { p50: quantile(0.5), p99: quantile(0.99), last };
    },
    [Symbol.dispose]: () => {
      stop.abort(new Error('the run is over'));
    },
  };
}

const settledAfter = (requests: readonly Request[], begun: number): number =>
  ((lastWrite(requests) ?? begun) - begun) / 1000;

/** What a process costs between two readings. */
class Meter {
  readonly #plane: Plane;
  readonly #subject: Subject;
  #cpuSeconds = 0;

  constructor(plane: Plane, subject: Subject) {
    this.#plane = plane;
    this.#subject = subject;
  }

  async restart(): Promise<void> {
    await this.read();
  }

  async read(): Promise<{ readonly costs: Costs; readonly requests: readonly Request[] }> {
    const requests = await this.#plane.audit.take();
    const { cpuSeconds } = await this.#subject.usage();
    const costs = {
      requests: countByKind(requests),
      registry: this.#plane.registry.take(),
      cpuSeconds: cpuSeconds - this.#cpuSeconds,
    };
    this.#cpuSeconds = cpuSeconds;
    return { costs, requests };
  }
}

async function rest(meter: Meter, tell: (what: string) => void): Promise<NonNullable<RunResult['idle']>> {
  tell(`looks on for ${idleSeconds} s`);
  await meter.restart();
  await sleep(idleSeconds * 1000);
  const { costs } = await meter.read();
  return { ...costs, seconds: idleSeconds };
}

async function startAgain(plane: Plane, plan: RunPlan, bound: AbortSignal): Promise<NonNullable<RunResult['restart']>> {
  await plane.audit.take();
  plane.registry.take();
  const begun = performance.now();
  await using subject = await Subject.start(plane, plan.subject, optionsOf(plan));
  const seconds = (performance.now() - begun) / 1000;
  const isQuiet = async (): Promise<boolean> => Date.now() - (await plane.audit.last()) > quietMilliseconds;
  await until('nothing is asked after a start', isQuiet, bound);
  const { costs } = await new Meter(plane, subject).read();
  const { peakBytes } = await subject.usage();
  return { ...costs, seconds, peakBytes };
}
