/** Somebody else's health controller: it looks at what runs, and says for each deployment how it is. */
import { HealthCheck } from '../../src/api/health-check.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import type { Application } from './application.ts';
import type { SimulatedClient } from './client.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Condition, Workloads } from './workloads.ts';

const verdicts: Readonly<Record<Condition, 'Healthy' | 'Unhealthy' | undefined>> = {
  absent: undefined,
  starting: undefined,
  healthy: 'Healthy',
  unhealthy: 'Unhealthy',
};

export class Judge {
  readonly #client: SimulatedClient;
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #workloads: Workloads;

  constructor(client: SimulatedClient, clock: VirtualClock, random: () => number, workloads: Workloads) {
    this.#client = client;
    this.#clock = clock;
    this.#random = random;
    this.#workloads = workloads;
  }

  /** The check or what it looks at has changed. */
  noticed(app: Application): void {
    this.#clock.after(2_000 + this.#random() * 15_000, () => {
      this.#look(app).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    });
  }

  async #look(app: Application): Promise<void> {
    const { namespace, name } = app;
    const verdict = verdicts[this.#workloads.conditionOf(app)];
    if (verdict === undefined) return;
    const check = await this.#client.get(HealthCheck, { namespace, name });
    const rollout = await this.#client.get(Rollout, { namespace, name });
    const newest = rollout.status?.history?.[0];
    // What runs is not what was deployed yet, or not any more.
    if (newest === undefined || newest.version.tag !== this.#workloads.runningOf(app)?.tag) return;
    const { status, lastChangeTime } = check.status ?? {};
    const deployedAt = Temporal.Instant.from(newest.timestamp);
    const isAbout = lastChangeTime !== undefined && Temporal.Instant.compare(lastChangeTime, deployedAt) > 0;
    if (status === verdict && isAbout) return;
    const time = this.#clock.now().toString({ smallestUnit: 'second' });
    const body = {
      status: { status: verdict, lastChangeTime: time, ...(verdict === 'Unhealthy' && { lastErrorTime: time }) },
    };
    await this.#client.patch(HealthCheck, { namespace, name }, { type: 'merge', body }, { subresource: 'status' });
  }
}
