/** The Job controller, and the smoke tests that Jobs run: they end by how the version behaves. */
import type { KubeObject } from '../../src/api/meta.ts';
import { KubeError } from '../../src/kube/errors.ts';
import type { SimulatedClient } from './client.ts';
import { jobType } from './kinds.ts';
import { type Behaviour, behaviourOf } from './versions.ts';
import type { VirtualClock } from './virtual-clock.ts';

type Job = KubeObject & {
  readonly spec: {
    readonly activeDeadlineSeconds?: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly env?: readonly { readonly name: string; readonly value?: string }[];
        }[];
      };
    };
  };
};

const failing: readonly Behaviour[] = ['crashes', 'flaps'];

export class Jobs {
  readonly #client: SimulatedClient;
  readonly #clock: VirtualClock;
  readonly #random: () => number;

  constructor(client: SimulatedClient, clock: VirtualClock, random: () => number) {
    this.#client = client;
    this.#clock = clock;
    this.#random = random;
  }

  /** The API server is back from a backup: what has not ended begins anew. */
  async restored(): Promise<void> {
    const { items } = await this.#client.list(jobType);
    for (const item of items as readonly Readonly<Record<string, unknown>>[]) {
      const { conditions = [] } = (item.status ?? {}) as { conditions?: readonly unknown[] };
      if (conditions.length === 0) this.created(item);
    }
  }

  created(object: Readonly<Record<string, unknown>>): void {
    const job = object as unknown as Job;
    const env = job.spec.template.spec.containers[0]?.env ?? [];
    const behaviour = behaviourOf(env.find(({ name }) => name === 'KUBERIK_VERSION')?.value ?? '');
    const begins = 1_000 + this.#random() * 2_000;
    const deadline = (job.spec.activeDeadlineSeconds ?? 600) * 1000;
    const takes = behaviour === 'hangs' ? deadline : Math.min(deadline, 2_000 + this.#random() * 10_000);
    this.#clock.after(begins, () => {
      const startTime = this.#now();
      this.#write(job, { active: 1, startTime });
      this.#clock.after(takes, () => {
        this.#write(job, { active: 0, startTime, ...this.#ending(behaviour) });
      });
    });
  }

  #ending(behaviour: Behaviour): object {
    const lastTransitionTime = this.#now();
    const hasFailed = failing.includes(behaviour) || behaviour === 'hangs';
    const condition = { status: 'True', lastProbeTime: lastTransitionTime, lastTransitionTime };
    if (hasFailed) {
      const reason = behaviour === 'hangs' ? 'DeadlineExceeded' : 'BackoffLimitExceeded';
      const why = { reason, message: 'the smoke test failed' };
      return {
        failed: 1,
        conditions: [
          { type: 'FailureTarget', ...condition, ...why },
          { type: 'Failed', ...condition, ...why },
        ],
      };
    }
    return {
      succeeded: 1,
      completionTime: lastTransitionTime,
      conditions: [
        { type: 'SuccessCriteriaMet', ...condition },
        { type: 'Complete', ...condition },
      ],
    };
  }

  #now(): string {
    return this.#clock.now().toString({ smallestUnit: 'second' });
  }

  #write({ metadata }: Job, status: object): void {
    const { namespace = '', name } = metadata;
    const patch = { type: 'merge', body: { status } } as const;
    this.#client.patch(jobType, { namespace, name }, patch, { subresource: 'status' }).catch((error: unknown) => {
      // It has been deleted, or has ended already.
      if (!(error instanceof KubeError)) throw error;
    });
  }
}
