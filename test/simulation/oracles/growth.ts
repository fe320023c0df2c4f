/** Nothing grows without an end: not an object, not their number, whatever happens for however long. */
import { ROLLOUT_DEFAULTS, type Rollout } from '../../../src/api/rollout.ts';
import { CHECKS, CLUSTER_SCHEDULES, GATES, ROLLOUTS, SCHEDULES } from './ledger.ts';
import type { Scene } from './scene.ts';

/** Of one deployment, with what failed it and who approved it. */
const mostBytes = { entry: 3_000, release: 400, anyway: 16_000, check: 12_000, managers: 12 } as const;
/** Deployments, failures, refusals, gates and requests each have their Event; similar ones are counted in one. */
const mostEventsForEach = 12;
const mostJobsForEach = 5;
const EVENTS = '/events';

export class Growth {
  readonly #scene: Scene;
  readonly #others: ReadonlyMap<string, number>;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#others = new Map(scene.ledger.counts);
  }

  /** Lists that have limits, at each write: it is short work. */
  inspect({ metadata, spec, status }: Rollout): void {
    const limit = spec.versionHistoryLimit ?? ROLLOUT_DEFAULTS.versionHistoryLimit;
    const { history = [], rejectedReleases = [], consumedAnnotations = [], conditions = [] } = status ?? {};
    const lengths = [
      ['history', history.length, limit],
      ['rejectedReleases', rejectedReleases.length, 200],
      ['consumedAnnotations', consumedAnnotations.length, 12],
      ['conditions', conditions.length, 8],
    ] as const;
    for (const [list, length, most] of lengths) {
      if (length > most) this.#say(`Rollout ${metadata.name} has ${length} ${list}; at most ${most}`);
    }
  }

  /** @param causes deployments, starts, actions and faults so far */
  look(causes: number): void {
    const { ledger } = this.#scene;
    for (const [key, object] of ledger.living(ROLLOUTS)) this.#weigh(ROLLOUTS, key, object, bytesOf(object as never));
    for (const resource of [GATES, CHECKS, SCHEDULES]) {
      for (const [key, object] of ledger.living(resource)) this.#weigh(resource, key, object, mostBytes.check);
    }
    const { counts } = ledger;
    const count = (resource: string): number => counts.get(resource) ?? 0;
    const before = (resource: string): number => this.#others.get(resource) ?? 0;
    const rollouts = Math.max(count(ROLLOUTS), this.#scene.plan.applications.length);
    const schedules = count(SCHEDULES) + count(CLUSTER_SCHEDULES);
    const limits = [
      [EVENTS, mostEventsForEach * causes],
      ['batch/jobs', mostJobsForEach * count(CHECKS) + before('batch/jobs')],
      [GATES, 6 * rollouts + schedules * rollouts + before(GATES)],
    ] as const;
    for (const [resource, most] of limits) {
      if (count(resource) > most) this.#say(`there are ${count(resource)} ${resource}; at most ${most}`);
    }
  }

  #weigh(resource: string, key: string, object: object, most: number): void {
    const size = JSON.stringify(object).length;
    if (size > most) this.#say(`${resource} ${key} has ${size} bytes; at most ${most}`);
    const { metadata } = object as { metadata: { managedFields?: readonly unknown[]; annotations?: object } };
    const managers = metadata.managedFields?.length ?? 0;
    if (managers > mostBytes.managers) this.#say(`${resource} ${key} has ${managers} field managers`);
  }

  #say(what: string): void {
    this.#scene.report('growth', what);
  }
}

function bytesOf({ spec, status }: Rollout): number {
  const { versionHistoryLimit: limit = ROLLOUT_DEFAULTS.versionHistoryLimit } = spec;
  const releases = [status?.availableReleases, status?.releaseCandidates, status?.gatedReleaseCandidates];
  const known = releases.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  return mostBytes.anyway + limit * mostBytes.entry + known * mostBytes.release;
}
