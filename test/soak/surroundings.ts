/**
 * What others do all the time, by what they see: somebody asks Flux to scan after a push, somebody stands in for
 * kustomize-controller, and a health controller of a class of its own judges what runs.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { HealthCheck } from '../../src/api/health-check.ts';
import { ImageRepository } from '../../src/integrations/flux/image-repository.ts';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import { RECONCILE_REQUEST } from '../../src/sandbox/flux/requests.ts';
import { randomOf } from '../support/random.ts';
import { type Application, between, type Draw, failsAs } from './fleet.ts';
import type { Ledger, Stored } from './history.ts';
import { historyOf, rolloutOf } from './oracles/entries.ts';
import { carried } from './oracles/targets.ts';
import { type Site, STAND_IN } from './site.ts';

/** Milliseconds. */
const lookEvery = 300;
const scanAgain = 4000;
const reviveEvery = 10_000;
const retryAfter = 10_000;
/** As many requests at once. */
const workers = 16;

type Work = () => Promise<unknown>;

export class Surroundings implements AsyncDisposable {
  readonly #site: Site;
  readonly #ledger: Ledger;
  readonly #draw: Draw;
  readonly #over = new AbortController();
  readonly #running: Promise<void>;
  /** When each thing that was noticed is done, by what it is about. */
  readonly #due = new Map<string, number>();
  /** Writes that went through. */
  done = 0;

  constructor(site: Site, ledger: Ledger, seed: number) {
    this.#site = site;
    this.#ledger = ledger;
    this.#draw = randomOf(seed + 5);
    this.#running = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#over;
    while (!isAborted(signal)) {
      const work = this.#site.fleet.flatMap((app) => [this.#scan(app), this.#apply(app), this.#judge(app)]);
      if (this.#isTime('revive', reviveEvery)) work.push(() => this.#site.reviveForgottenPods());
      await this.#carryOut(work.filter((one) => one !== undefined));
      await sleep(lookEvery, undefined, { signal }).catch(() => undefined);
    }
  }

  /** What does not go through is found again by the next look. */
  async #carryOut(work: readonly Work[]): Promise<void> {
    const rest = work.values();
    const worker = async (): Promise<void> => {
      for (const one of rest) {
        await one().then(
          () => (this.done += 1),
          () => undefined,
        );
      }
    };
    await Promise.all(Array.from({ length: Math.min(workers, work.length) }, worker));
  }

  #scan(app: Application): Work | undefined {
    const policy = this.#ledger.now('imagepolicies', app.namespace, app.name) as
      | { status?: { latestRef?: { tag?: string } } }
      | undefined;
    const newest = this.#site.newest(app);
    if (policy === undefined || policy.status?.latestRef?.tag === newest) return undefined;
    if (!this.#isTime(`scan ${app.name}`, scanAgain)) return undefined;
    const annotations = { [RECONCILE_REQUEST]: `${Date.now()}` };
    return () => this.#site.patch(ImageRepository, app, app.name, { metadata: { annotations } });
  }

  /** A Kustomization was written: it is applied within seconds, and what fails makes it unhealthy. */
  #apply(app: Application): Work | undefined {
    const { namespace, kustomization } = app;
    const object = this.#ledger.now('kustomizations', namespace, kustomization) as Applied | undefined;
    if (object === undefined || app.isReal || app.kustomization !== app.name) return undefined;
    const { generation = 0 } = object.metadata;
    if (object.metadata.labels?.[Object.keys(STAND_IN)[0] ?? ''] !== Object.values(STAND_IN)[0]) return undefined;
    const failing = Object.values(object.spec.postBuild?.substitute ?? {}).find(failsAs);
    const { observedGeneration, conditions = [] } = object.status ?? {};
    const appliedAt = Date.parse(conditions[0]?.lastTransitionTime ?? '');
    // What fails is tried again.
    if (observedGeneration === generation && (failing === undefined || Date.now() < appliedAt + retryAfter))
      return undefined;
    if (!this.#isDue(`apply ${app.name} ${generation}`, 200, 3000)) return undefined;
    const now = Temporal.Now.instant().toString({ smallestUnit: 'second' });
    const ready =
      failing === undefined
        ? { status: 'True', reason: 'ReconciliationSucceeded', message: 'Applied revision: main' }
        : { status: 'False', reason: 'HealthCheckFailed', message: `${failing} crashes` };
    const status = {
      observedGeneration: generation,
      lastAppliedRevision: 'main',
      lastAttemptedRevision: 'main',
      inventory: { entries: [{ id: `${namespace}_${kustomization}__ConfigMap`, v: 'v1' }] },
      conditions: [{ type: 'Ready', observedGeneration: generation, lastTransitionTime: now, ...ready }],
    };
    return () => this.#status(Kustomization, app, kustomization, status);
  }

  #judge(app: Application): Work | undefined {
    const { namespace, name, kustomization, variable } = app;
    if (app.check !== 'foreign') return undefined;
    const target = this.#ledger.now('kustomizations', namespace, kustomization) as Applied | undefined;
    const check = this.#ledger.now('healthchecks', namespace, name) as unknown as HealthCheck | undefined;
    const object = this.#ledger.now('rollouts', namespace, name);
    const tag = carried(target, variable);
    if (target === undefined || check === undefined || object === undefined || tag === undefined) return undefined;
    if (target.status?.observedGeneration !== target.metadata.generation) return undefined;
    const [newest] = historyOf(rolloutOf(object));
    if (newest?.version.tag !== tag) return undefined;
    const verdict = failsAs(tag) ? 'Unhealthy' : 'Healthy';
    const { status, lastChangeTime = '1970-01-01T00:00:00Z' } = check.status ?? {};
    if (status === verdict && Date.parse(lastChangeTime) > Date.parse(newest.timestamp)) return undefined;
    if (!this.#isDue(`judge ${name} ${newest.id ?? 0} ${newest.timestamp}`, 500, 5000)) return undefined;
    const time = Temporal.Now.instant().toString({ smallestUnit: 'second' });
    const told = { status: verdict, lastChangeTime: time, ...(verdict === 'Unhealthy' && { lastErrorTime: time }) };
    return () => this.#status(HealthCheck, app, name, told);
  }

  /** Once in so many milliseconds. */
  #isTime(what: string, every: number): boolean {
    if (Date.now() < (this.#due.get(what) ?? 0)) return false;
    this.#due.set(what, Date.now() + every);
    return true;
  }

  #isDue(what: string, least: number, most: number): boolean {
    const due = this.#due.get(what) ?? Date.now() + between(this.#draw, least, most);
    this.#due.set(what, due);
    return Date.now() >= due;
  }

  #status(type: typeof HealthCheck | typeof Kustomization, { namespace }: Application, name: string, status: object) {
    const patch = { type: 'merge', body: { status } } as const;
    return this.#site.admin.client.patch<never>(type as never, { namespace, name }, patch, { subresource: 'status' });
  }
}

type Applied = Stored & {
  readonly spec: { postBuild?: { substitute?: Record<string, string> } };
  readonly status?: { observedGeneration?: number; conditions?: readonly { lastTransitionTime?: string }[] };
};

/** It changes while something is waited for. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
