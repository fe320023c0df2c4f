/** Somebody else's health controller: it looks at what runs, and says for each deployment how it is. */
import { HealthCheck } from '../../src/api/health-check.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { isNotFound } from '../../src/kube/errors.ts';
import { type Application, isCrashing } from './application.ts';
import type { SimulatedClient } from './client.ts';
import { kustomizationType } from './flux.ts';
import type { VirtualClock } from './virtual-clock.ts';

const namespace = 'apps';
type Target = KubeObject & {
  readonly spec: { postBuild?: { substitute?: Record<string, string> } };
  readonly status?: { observedGeneration?: number };
};

export class Judge {
  readonly #client: SimulatedClient;
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  readonly #variableOf: (app: string) => string;

  constructor(client: SimulatedClient, clock: VirtualClock, random: () => number, variableOf: (app: string) => string) {
    this.#client = client;
    this.#clock = clock;
    this.#random = random;
    this.#variableOf = variableOf;
  }

  /** The check or what it looks at has changed. */
  noticed(app: Application): void {
    this.#clock.after(2_000 + this.#random() * 15_000, () => {
      this.#look(app).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    });
  }

  async #look({ name, kustomization }: Application): Promise<void> {
    const target = (await this.#client.get(kustomizationType, { namespace, name: kustomization })) as Target;
    if (target.status?.observedGeneration !== target.metadata.generation) return;
    const tag = target.spec.postBuild?.substitute?.[this.#variableOf(name)];
    if (tag === undefined) return;
    const check = await this.#client.get(HealthCheck, { namespace, name });
    const rollout = await this.#client.get(Rollout, { namespace, name });
    const verdict = isCrashing(tag) ? 'Unhealthy' : 'Healthy';
    const { status, lastChangeTime } = check.status ?? {};
    const deployedAt = Temporal.Instant.from(rollout.status?.history?.[0]?.timestamp ?? '1970-01-01T00:00:00Z');
    const isAbout = lastChangeTime !== undefined && Temporal.Instant.compare(lastChangeTime, deployedAt) > 0;
    if (status === verdict && isAbout) return;
    const time = this.#clock.now().toString({ smallestUnit: 'second' });
    const body = {
      status: { status: verdict, lastChangeTime: time, ...(verdict === 'Unhealthy' && { lastErrorTime: time }) },
    };
    await this.#client.patch(HealthCheck, { namespace, name }, { type: 'merge', body }, { subresource: 'status' });
  }
}
