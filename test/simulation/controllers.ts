/** The production controllers as a process that can be killed at any instant: what is left is what the API server holds. */
import { addControllers } from '../../src/controllers/production.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { silentLogger } from '../../src/kube/logger.ts';
import { Manager } from '../../src/kube/manager.ts';
import type { Registry } from '../../src/oci/registry.ts';
import { randomOf } from '../support/random.ts';
import type { SimulatedApiServer } from './api-server.ts';
import { SimulatedClient, type Weather } from './client.ts';
import type { Journal } from './journal.ts';
import { ProcessClock, type VirtualClock } from './virtual-clock.ts';

export interface ProcessOptions {
  readonly api: SimulatedApiServer;
  readonly clock: VirtualClock;
  readonly journal: Journal;
  readonly registry: Registry;
  readonly weather: Weather;
  readonly seed: number;
  /** Put between the controllers and their client, by those who sabotage. */
  readonly sabotage?: ((client: KubeClient) => KubeClient) | undefined;
}

export const CONTROLLERS = 'controllers';

/** One after the other, each with a memory of its own. */
export class ControllerProcess {
  readonly #options: ProcessOptions;
  #running: { readonly client: SimulatedClient; readonly clock: ProcessClock } | undefined;
  #starts = 0;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  /** How many processes there have been. */
  get starts(): number {
    return this.#starts;
  }

  start(): void {
    if (this.#running !== undefined) return;
    const { api, clock, journal, registry, weather, seed, sabotage = (client) => client } = this.#options;
    this.#starts += 1;
    const actor = `${CONTROLLERS}.${this.#starts}`;
    const random = randomOf(seed * 1000 + this.#starts);
    const client = new SimulatedClient({ api, clock, journal, actor, random, weather });
    const processClock = new ProcessClock(clock);
    const manager = new Manager({ client: sabotage(client), clock: processClock, logger: silentLogger, random });
    addControllers(manager, { client, registry });
    this.#running = { client, clock: processClock };
    journal.note(actor, 'start');
    manager.run(new AbortController().signal).catch((error: unknown) => {
      journal.note(actor, `ended by itself: ${String(error)}`);
    });
  }

  kill(): void {
    if (this.#running === undefined) return;
    this.#options.journal.note(`${CONTROLLERS}.${this.#starts}`, 'killed');
    this.#running.clock.kill();
    this.#running.client.kill();
    this.#running = undefined;
  }

  cutWatches(status: number | undefined): number {
    return this.#running?.client.cutWatches(status) ?? 0;
  }
}
