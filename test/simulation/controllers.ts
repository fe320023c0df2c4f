/**
 * The production controllers as processes that can be killed, stopped and paused at any instant: what is left is what
 * the API server holds. There is one, which leads without asking, or there are two that elect a leader.
 */
import { addControllers } from '../../src/controllers/production.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { KubeError } from '../../src/kube/errors.ts';
import { leaseName } from '../../src/kube/lease.ts';
import { silentLogger } from '../../src/kube/logger.ts';
import { Manager } from '../../src/kube/manager.ts';
import type { Registry } from '../../src/oci/registry.ts';
import { randomOf } from '../support/random.ts';
import type { SimulatedApiServer } from './api-server.ts';
import { SimulatedClient, type Weather } from './client.ts';
import type { Journal } from './journal.ts';
import { ProcessClock, rightTime, type Skew } from './process-clock.ts';
import { GATE_HOST, type Services } from './services.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface ProcessOptions {
  readonly api: SimulatedApiServer;
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly registry: Registry;
  readonly network: Services;
  readonly weather: Weather;
  readonly seed: number;
  /** Put between the controllers and their client, by those who sabotage. */
  readonly sabotage?: ((client: KubeClient) => KubeClient) | undefined;
  /** A process has ended, and nobody told it to. */
  readonly crashed: (message: string) => void;
}

export const CONTROLLERS = 'controllers';
export const LEASE = { namespace: 'default', name: leaseName };

export interface Pause {
  /** It hears what was answered before its timers go off. */
  readonly answersFirst: boolean;
  /** What it was sending when it stood still. */
  readonly isSent: boolean;
}

interface Running {
  readonly actor: string;
  readonly client: SimulatedClient;
  readonly clock: ProcessClock;
  readonly stop: AbortController;
}

/** Where one process runs after the other, each with a memory of its own. */
interface Place {
  readonly skew: Skew;
  readonly elects: boolean;
  running: Running | undefined;
  /** Nothing is started here any more. */
  isGone: boolean;
}

/** A process that ended by itself is started again after this long. */
const backOff = 1_000;
/** Whoever has not stopped by then is killed. */
const longestStop = 30_000;

export class ControllerProcess {
  readonly #options: ProcessOptions;
  #places: Place[] = [placeOf(rightTime, false)];
  #starts = 0;
  #leader: string | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
    options.api.onWrite(({ resource, object }) => {
      if (resource !== 'coordination.k8s.io/leases') return;
      this.#leader = (object.spec as { holderIdentity?: string } | undefined)?.holderIdentity;
    });
  }

  /** How many processes there have been. */
  get starts(): number {
    return this.#starts;
  }

  /** There are two that elect a leader. */
  get elects(): boolean {
    return this.#places.some(({ elects }) => elects);
  }

  /** How often the processes that run now have woken by the clock. */
  get wakes(): number {
    return this.#places.reduce((sum, { running }) => sum + (running?.clock.wakes ?? 0), 0);
  }

  start(): void {
    for (const place of this.#places) this.#start(place);
  }

  /** Kills all processes, or the one that is called so. @param downFor milliseconds until it is started again */
  kill(downFor?: number, actor?: string): void {
    for (const place of this.#places) {
      if (actor !== undefined && place.running?.actor !== actor) continue;
      this.#kill(place);
      if (downFor !== undefined) this.#startLater(place, downFor);
    }
  }

  /** As kubelet stops a process: with a word, and some time. */
  terminate(downFor: number): void {
    for (const place of this.#places) {
      const { running } = place;
      if (running === undefined) continue;
      this.#options.journal.note(running.actor, 'told to stop');
      running.stop.abort(new Error('SIGTERM'));
      this.#options.clock.after(longestStop, () => {
        if (place.running !== running) return;
        this.#kill(place);
        this.#startLater(place, downFor);
      });
    }
  }

  /** The process stands still for a while, and then goes on as if nothing had been. @returns whether there is one */
  pause(milliseconds: number, { answersFirst, isSent }: Pause): boolean {
    const running = this.#leading();
    if (running === undefined) return false;
    const { clock, client, actor } = running;
    this.#options.journal.note(actor, `stands still for ${milliseconds} ms`);
    clock.freeze();
    client.freeze(isSent);
    this.#options.clock.after(milliseconds, () => {
      if (answersFirst) client.thaw();
      clock.thaw();
      client.thaw();
    });
    return true;
  }

  /** From now on there is one process with each of these clocks. Several elect a leader. */
  replace(skews: readonly Skew[]): void {
    this.kill();
    for (const place of this.#places) place.isGone = true;
    this.#places = skews.map((skew) => placeOf(skew, skews.length > 1));
    this.start();
  }

  cutWatches(status: number | undefined): number {
    return this.#sum((client) => client.cutWatches(status));
  }

  silenceWatches(kinds: readonly string[]): number {
    return this.#sum((client) => client.silenceWatches(kinds));
  }

  /** Whoever holds the lease, or else the first one. */
  get leader(): string | undefined {
    return this.#leading()?.actor;
  }

  #leading(): Running | undefined {
    const all = this.#places.flatMap(({ running }) => running ?? []);
    return all.find(({ actor }) => actor === this.#leader) ?? all[0];
  }

  #sum(count: (client: SimulatedClient) => number): number {
    return this.#places.reduce((sum, { running }) => sum + (running === undefined ? 0 : count(running.client)), 0);
  }

  #start(place: Place): void {
    if (place.running !== undefined || place.isGone) return;
    const { api, clock, journal, registry, network, weather, seed, sabotage = (client) => client } = this.#options;
    this.#starts += 1;
    const actor = `${CONTROLLERS}.${this.#starts}`;
    const random = randomOf(seed * 1000 + this.#starts);
    const client = new SimulatedClient({ api, clock, journal, actor, random, weather });
    const processClock = new ProcessClock(clock, place.skew);
    const leaderElection = place.elects && { leaderElection: { identity: actor, ...LEASE } };
    const options = { client: sabotage(client), clock: processClock, logger: silentLogger, random, ...leaderElection };
    const manager = new Manager(options);
    addControllers(manager, {
      client,
      registry,
      httpGateHosts: [{ host: GATE_HOST, isWildcard: false }],
      createAsker: (asking) => network.asker(asking.clock),
    });
    const running = { actor, client, clock: processClock, stop: new AbortController() };
    place.running = running;
    journal.note(actor, `start${skewText(place.skew)}`);
    manager.run(running.stop.signal).then(
      () => {
        this.#ended(place, running, undefined);
      },
      (error: unknown) => {
        this.#ended(place, running, error);
      },
    );
  }

  #ended(place: Place, running: Running, error: unknown): void {
    if (place.running !== running) return;
    const { journal, crashed } = this.#options;
    const isAsked = running.stop.signal.aborted && error === undefined;
    const isLawful = isAsked || (error instanceof KubeError && error.code === 'KBK_KUBE_LEASE_LOST');
    if (!isLawful) crashed(`${running.actor} ended by itself: ${String(error)}`);
    journal.note(running.actor, isAsked ? 'stopped' : `ended by itself: ${String(error)}`);
    this.#kill(place);
    this.#startLater(place, backOff);
  }

  #kill(place: Place): void {
    const { running } = place;
    if (running === undefined) return;
    this.#options.journal.note(running.actor, 'killed');
    running.clock.kill();
    running.client.kill();
    place.running = undefined;
  }

  #startLater(place: Place, milliseconds: number): void {
    this.#options.clock.after(milliseconds, () => {
      this.#start(place);
    });
  }
}

const placeOf = (skew: Skew, elects: boolean): Place => ({ skew, elects, running: undefined, isGone: false });

function skewText({ offset, drift }: Skew): string {
  return offset === 0 && drift === 0 ? '' : `, its clock is ${offset} ms ahead and ${drift * 100} % too fast`;
}
