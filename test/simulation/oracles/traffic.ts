/**
 * I7, "same inputs, same bytes: no timestamp churn, no write without a change, no event twice for one fact", and I10,
 * "no loop: without a change of state nothing is requeued sooner than its own deadline": by what the API server was
 * asked for, and by what became of it.
 */
import type { StoreEvent } from '../../../src/sandbox/apiserver/store.ts';
import { type Call, isWrite } from '../call.ts';
import { CHECKS, ROLLOUTS, type Stored } from './ledger.ts';
import type { Scene } from './scene.ts';
import type { Report } from './violation.ts';

/** Requests of the controllers in one minute; a start lists everything. */
const mostInAMinute = 360;
const mostForAStart = 40;
/** For each deployment, start, action and fault together. */
const mostForEach = 60;
/** What every world costs: watches that end every few minutes, and a resync. */
const mostAnyway = 400;
/** By the clock, in a minute and for each application: some health checks ask every few seconds. */
const mostWakes = 45;
/** So long after a fault a write may be one that was done already, and whose answer was lost. */
const repeated = 60_000;
/** In a row, of one object, in which times alone are new: a verdict is confirmed for each deployment. */
const mostConfirmations = 3;

const LEASES = 'coordination.k8s.io/leases';

interface CoreEvent {
  readonly involvedObject: { readonly uid: string; readonly name: string };
  readonly metadata: { readonly name: string };
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
}

export class Traffic {
  readonly #scene: Scene;
  readonly #report: Report;
  #minute = 0;
  #inMinute = 0;
  /** That asked in this minute. */
  readonly #processes = new Set<string>();
  #requests = 0;
  #writesInRest = 0;
  #slept: { readonly at: number; readonly wakes: number | undefined } = { at: 0, wakes: undefined };
  #lastFault = Number.NEGATIVE_INFINITY;
  #isRestored = false;
  /** By object and version, how often each Event says it. */
  readonly #told = new Map<string, Map<string, number>>();
  /** By object, in a row. */
  readonly #confirmations = new Map<string, number>();

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#report = scene.report;
  }

  /**
   * @param actor which process
   * @param changed whether the store has changed while it was served
   */
  asked(call: Call, actor: string, status: number, changed: boolean, isRest: boolean): void {
    if (call.verb === 'watch' || call.kind === 'Lease') return;
    this.#requests += 1;
    this.#count(actor);
    if (!isWrite(call)) return;
    const told = `${call.verb} ${call.kind} ${call.key.name}${call.subresource === undefined ? '' : `/${call.subresource}`}`;
    const isRepeated = this.#scene.world.clock.milliseconds - this.#lastFault < repeated;
    if (status < 300 && !changed && !isRepeated) this.#report('I7', `${told} changed nothing`);
    if (!isRest || this.#isDue(call)) return;
    this.#writesInRest += 1;
    if (this.#writesInRest === 1) this.#report('I10', `${told}: writes go on though nothing is due`);
  }

  /** A write of ours: does it say anything new? */
  wrote({ resource, namespace, name, object, previous }: StoreEvent): void {
    if (previous === undefined || resource === LEASES || isAsking(object)) return;
    const key = `${resource} ${namespace}/${name}`;
    const isConfirmation = withoutTimes(object) === withoutTimes(previous);
    const times = isConfirmation ? (this.#confirmations.get(key) ?? 0) + 1 : 0;
    // Whatever happens to a Rollout may be about anything: a new deployment has its verdicts confirmed.
    if (!isConfirmation && resource === ROLLOUTS) this.#confirmations.clear();
    this.#confirmations.set(key, times);
    // Flux' stand-in goes on with what it was about before, and then does everything several times over.
    const most = this.#isRestored ? 4 * mostConfirmations : mostConfirmations;
    if (times === most) this.#report('I7', `${key} is written again and again, and only its times change`);
  }

  /** An Event was written: a deployment is told of once, however often its process was killed in between. */
  event(object: Stored, deployedAs: (uid: string, tag: string) => number): void {
    const { involvedObject, reason, message = '', count = 1, metadata } = object as unknown as CoreEvent;
    const tag = /version (\S+)$/.exec(message)?.[1];
    if (reason !== 'DeploymentSucceeded' || tag === undefined) return;
    const fact = `${involvedObject.uid} ${tag}`;
    const told = this.#told.get(fact) ?? new Map<string, number>();
    // A process that has seen the store before counts what was told there too.
    this.#told.set(fact, told.set(metadata.name, this.#isRestored ? 1 : count));
    const times = [...told.values()].reduce((sum, each) => sum + each, 0);
    const most = deployedAs(involvedObject.uid, tag);
    if (times > most)
      this.#report('I7', `${involvedObject.name}: told ${times} times, deployed ${most} times: ${message}`);
  }

  /** Something went wrong: what was asked for, and not answered, is asked for again. */
  troubled(): void {
    this.#lastFault = this.#scene.world.clock.milliseconds;
  }

  /** The store is another one: Events are lost as well. */
  restored(): void {
    this.#isRestored = true;
    this.#told.clear();
  }

  /** I10: who has nothing to do sleeps. @param wakes of the processes so far @param isRest nothing is due any more */
  woken(wakes: number, isRest: boolean): void {
    const now = this.#scene.world.clock.milliseconds;
    const { at, wakes: before } = this.#slept;
    const minutes = (now - at) / 60_000;
    const most = mostWakes * this.#scene.plan.applications.length * minutes;
    if (isRest && before !== undefined && minutes > 0 && wakes - before > most)
      this.#report('I10', `the controllers woke ${wakes - before} times in ${minutes} min though nothing is due`);
    this.#slept = { at: now, wakes: isRest ? wakes : undefined };
  }

  /** @param causes deployments, starts, actions and faults */
  end(causes: number): void {
    const most = mostAnyway + mostForEach * causes;
    if (this.#requests > most) this.#report('I10', `${this.#requests} requests for ${causes} causes; at most ${most}`);
  }

  /**
   * By the clock alone: leases and schedules, and samples of checks that ask, which are written again now and then, so
   * that people see that they are looked at.
   */
  #isDue({ kind, key: { namespace, name } }: Call): boolean {
    if (kind === 'Lease' || kind.endsWith('RolloutSchedule')) return true;
    return kind === 'HealthCheck' && isAsking(this.#scene.ledger.now(CHECKS, `${namespace}/${name}`));
  }

  get requests(): number {
    return this.#requests;
  }

  #count(actor: string): void {
    const minute = Math.floor(this.#scene.world.clock.milliseconds / 60_000);
    if (minute !== this.#minute) this.#processes.clear();
    this.#inMinute = minute === this.#minute ? this.#inMinute + 1 : 1;
    this.#minute = minute;
    this.#processes.add(actor);
    const most = mostInAMinute + mostForAStart * this.#processes.size;
    if (this.#inMinute === most) this.#report('I10', `${most} requests in one minute`);
  }
}

const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** Each answer of a service is written down with its time. */
function isAsking(object: Stored | undefined): boolean {
  const { spec, status } = (object ?? {}) as { spec?: { http?: unknown }; status?: { lastSample?: unknown } };
  return status?.lastSample !== undefined || spec?.http !== undefined;
}

function withoutTimes({ metadata, spec, status }: Stored): string {
  const { resourceVersion: _, managedFields: __, generation: ___, ...rest } = metadata as Record<string, unknown>;
  const blank = (_key: string, value: unknown): unknown => (typeof value === 'string' && time.test(value) ? '' : value);
  return JSON.stringify({ rest, spec, status }, blank);
}
