/** I7 and I10: no write without a change, no fact told twice, no loop, and silence when nothing is due. */
import { type Call, isWrite } from '../call.ts';
import type { SimulatedWorld } from '../world.ts';
import type { Report } from './violation.ts';

/** Requests of the controllers in one minute; a start lists and watches everything. */
const mostInAMinute = 400;
/** For each deployment, start, action and fault together. */
const mostForEach = 60;
/** What every world costs: watches that end every few minutes, and a resync. */
const mostAnyway = 400;

interface CoreEvent {
  readonly involvedObject: { readonly uid: string; readonly name: string };
  readonly metadata: { readonly name: string };
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
}

export class Traffic {
  readonly #world: SimulatedWorld;
  readonly #report: Report;
  #minute = 0;
  #inMinute = 0;
  #requests = 0;
  /** Writes that the API server answered with success since the last change of the store. */
  #writesInRest = 0;
  /** By object and version, how often each Event says it. */
  readonly #told = new Map<string, Map<string, number>>();

  constructor(world: SimulatedWorld, report: Report) {
    this.#world = world;
    this.#report = report;
  }

  /** @param changed whether the store has changed while it was served */
  asked(call: Call, status: number, changed: boolean, isRest: boolean): void {
    if (call.verb === 'watch') return;
    this.#requests += 1;
    this.#count();
    if (!isWrite(call)) return;
    const told = `${call.verb} ${call.kind} ${call.key.name}${call.subresource === undefined ? '' : `/${call.subresource}`}`;
    if (status < 300 && !changed) this.#report('I7', `${told} changed nothing`);
    if (!isRest) return;
    this.#writesInRest += 1;
    if (this.#writesInRest === 1) this.#report('I10', `${told}: writes go on though nothing is due`);
  }

  /** An Event was written: a deployment is told of once, however often its process was killed in between. */
  event(object: Readonly<Record<string, unknown>>, deployedAs: (uid: string, tag: string) => number): void {
    const { involvedObject, reason, message = '', count = 1, metadata } = object as unknown as CoreEvent;
    const tag = /version (\S+)$/.exec(message)?.[1];
    if (reason !== 'DeploymentSucceeded' || tag === undefined) return;
    const fact = `${involvedObject.uid} ${tag}`;
    const told = this.#told.get(fact) ?? new Map<string, number>();
    this.#told.set(fact, told.set(metadata.name, count));
    const times = [...told.values()].reduce((sum, each) => sum + each, 0);
    const most = deployedAs(involvedObject.uid, tag);
    if (times > most)
      this.#report('I7', `${involvedObject.name}: told ${times} times, deployed ${most} times: ${message}`);
  }

  /** @param causes deployments, starts, actions and faults */
  end(causes: number): void {
    const most = mostAnyway + mostForEach * causes;
    if (this.#requests > most) this.#report('I10', `${this.#requests} requests for ${causes} causes; at most ${most}`);
  }

  #count(): void {
    const minute = Math.floor(this.#world.clock.milliseconds / 60_000);
    this.#inMinute = minute === this.#minute ? this.#inMinute + 1 : 1;
    this.#minute = minute;
    if (this.#inMinute === mostInAMinute) this.#report('I10', `${mostInAMinute} requests in one minute`);
  }
}
