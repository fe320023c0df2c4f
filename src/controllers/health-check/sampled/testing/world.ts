/** One HealthCheck `team/check` of a class that asks a scripted somebody, what it may judge, and a clock that is moved. */
import { expect, onTestFinished, vi } from 'vitest';
import { HealthCheck, type HealthCheckStatus } from '../../../../api/health-check.ts';
import { Rollout } from '../../../../api/rollout.ts';
import { Secret } from '../../../../integrations/flux/core-objects.ts';
import { Kustomization } from '../../../../integrations/flux/kustomization.ts';
import { MemoryCluster } from '../../../../integrations/flux/testing/memory-cluster.ts';
import { allowHostList, parseHostPattern } from '../../../../integrations/http/allowed-hosts.ts';
import { createHttpAsker, type HttpAsker } from '../../../../integrations/http/ask.ts';
import type { EventRecord } from '../../../../kube/events.ts';
import { createLiveReader } from '../../../../kube/live-reader.ts';
import type { ControllerDefinition } from '../../../../kube/reconciler.ts';
import { createFakeClock } from '../../../../kube/testing/fake-clock.ts';
import { healthCheckController } from '../../controller.ts';
import { sampledClass } from '../sampled-class.ts';
import type { SampleRequest, Sampler, TakenSample } from '../sampler.ts';

const KEY = { namespace: 'team', name: 'check' } as const;
export const START = Temporal.Instant.from('2026-01-05T12:00:00Z');

/** One look that somebody was asked for, answered by the test. */
export interface Asked extends SampleRequest {
  readonly signal: AbortSignal;
  answer(sample: TakenSample | Error): Promise<void>;
}

export class SampledWorld {
  readonly cluster = new MemoryCluster();
  readonly clock = createFakeClock(START);
  readonly events: EventRecord[] = [];
  readonly asked: Asked[] = [];
  requeueAt: Temporal.Instant | undefined;
  /** What every look brings at once, where the test does not answer by hand. */
  always: (() => TakenSample) | undefined;
  #controller: ControllerDefinition;
  #stop = new AbortController();
  #woken = true;
  #generation = 0;
  readonly #makeSampler: ((asker: HttpAsker) => Sampler) | undefined;

  /** @param makeSampler default: one that asks the test */
  constructor(makeSampler?: (asker: HttpAsker) => Sampler) {
    this.#makeSampler = makeSampler;
    this.#controller = this.#start();
    onTestFinished(() => {
      this.#stop.abort(new Error('the test is over'));
    });
  }

  #start(): ControllerDefinition {
    const { cluster, clock } = this;
    const hosts = allowHostList({
      listed: ['127.0.0.1'].flatMap((text) => parseHostPattern(text) ?? []),
      others: true,
    });
    const reader = createLiveReader(cluster);
    const asker = createHttpAsker({ clock, hosts });
    const sampler = this.#makeSampler?.(asker) ?? this.#scripted();
    const judge = sampledClass(sampler, { reader, live: reader, hosts, asker, clock });
    const events = { record: (_regarding: unknown, event: EventRecord) => void this.events.push(event) };
    const classes = new Map([['probe', judge]]);
    const controller = healthCheckController({ client: cluster, reader, classes, clock, events });
    controller.start?.(() => (this.#woken = true), this.#stop.signal);
    return controller;
  }

  #scripted(): Sampler {
    return {
      read: ({ metadata }) => {
        const { url = 'http://app.example.com/health?key=secret', secret } = metadata.annotations ?? {};
        if (url === 'wrong') return { reason: 'InvalidSpec', message: 'url is wrong: write another one' };
        return {
          url: new URL(url),
          ...(secret !== undefined && { secretName: secret }),
          take: (request, signal) => {
            if (this.always !== undefined) return Promise.resolve(this.always());
            const { promise, resolve, reject } = Promise.withResolvers<TakenSample>();
            signal.addEventListener('abort', () => {
              reject(signal.reason as Error);
            });
            const answer = async (sample: TakenSample | Error): Promise<void> => {
              if (sample instanceof Error) reject(sample);
              else resolve(sample);
              await this.clock.settle();
            };
            this.asked.push({ ...request, signal, answer });
            return promise;
          },
        };
      },
    };
  }

  /** A process of its own, which remembers nothing. */
  restart(): this {
    this.#stop.abort(new Error('the process ends'));
    this.#stop = new AbortController();
    this.#controller = this.#start();
    this.#woken = true;
    return this;
  }

  /** The check with another spec, and its status as it is. */
  async check(spec: Record<string, unknown> = {}, annotations: Record<string, string> = {}): Promise<this> {
    const status = await this.status();
    const metadata = { ...KEY, uid: 'uid', generation: ++this.#generation, labels: { app: 'app' }, annotations };
    const { apiVersion, kind } = HealthCheck;
    this.cluster.put({ apiVersion, kind, metadata, spec: { class: 'probe', ...spec }, status });
    this.#woken = true;
    return this;
  }

  /** A Rollout that the check judges. @param seconds after the start */
  deploy(tag: string, seconds: number, retriedAt?: number): this {
    const { apiVersion, kind } = Rollout;
    const at = (later: number): string => START.add({ seconds: later }).toString();
    const lastRetryTimestamp = retriedAt === undefined ? {} : { lastRetryTimestamp: at(retriedAt) };
    const spec = { releasesImagePolicy: { name: 'app' }, healthCheckSelector: { matchLabels: { app: 'app' } } };
    const history = [{ version: { tag }, timestamp: at(seconds), ...lastRetryTimestamp }];
    this.cluster.put({ apiVersion, kind, metadata: { namespace: 'team', name: 'app' }, spec, status: { history } });
    this.#woken = true;
    return this;
  }

  /** A Kustomization that carries a version of the Rollout. @param applied whether Flux is done with it */
  flux(tag: string, applied: boolean): this {
    const { apiVersion, kind } = Kustomization;
    const annotations = { 'rollout.kuberik.com/substitute.VERSION.from': 'app' };
    const metadata = { namespace: 'team', name: 'app', generation: 2, annotations };
    const observedGeneration = applied ? 2 : 1;
    const conditions = [{ type: 'Ready', status: 'True', observedGeneration, lastTransitionTime: START.toString() }];
    const status = { observedGeneration, conditions };
    this.cluster.put({ apiVersion, kind, metadata, spec: { postBuild: { substitute: { VERSION: tag } } }, status });
    this.#woken = true;
    return this;
  }

  secret(name: string, values: Record<string, string>): this {
    const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
    const { apiVersion, kind } = Secret;
    this.cluster.put({ apiVersion, kind, metadata: { namespace: 'team', name }, data: Object.fromEntries(data) });
    return this;
  }

  async status(): Promise<HealthCheckStatus> {
    const check = await this.cluster.get(HealthCheck, KEY).catch(() => undefined);
    return check?.status ?? {};
  }

  /** Looks as long as anything wakes the check, writes of its own among it. */
  async look(): Promise<HealthCheckStatus> {
    for (let round = 0; this.#woken; round++) {
      if (round === 20) throw new Error('the check never comes to rest');
      this.#woken = false;
      const before = this.writes;
      const { requeueAt } = await this.#controller.reconciler.reconcile(KEY, new AbortController().signal);
      this.requeueAt = requeueAt;
      await this.clock.settle();
      if (this.writes !== before) this.#woken = true;
    }
    return this.status();
  }

  /** Looks until the status is so: for answers that come over a network. */
  until(expected: Record<string, unknown>): Promise<HealthCheckStatus> {
    return vi.waitFor(
      async () => {
        const status = await this.look();
        expect(status).toMatchObject(expected);
        return status;
      },
      { timeout: 10_000, interval: 5 },
    );
  }

  /** Goes to where the check wants to be looked at again, and looks. */
  async next(): Promise<HealthCheckStatus> {
    if (this.requeueAt === undefined) throw new Error('the check waits for nothing');
    await this.clock.advanceTo(this.requeueAt);
    this.#woken = true;
    return this.look();
  }

  /** What was written so far. */
  get writes(): number {
    return this.cluster.writes.length;
  }
}
