/** One gate `apps/change` of class `http` for the Rollout `apps/app`, a service that it asks, and a clock that is moved. */
import { onTestFinished } from 'vitest';
import { Environment } from '../../../api/environment.ts';
import { Rollout } from '../../../api/rollout.ts';
import { RolloutGate, type RolloutGateStatus } from '../../../api/rollout-gate.ts';
import { Secret } from '../../../integrations/flux/core-objects.ts';
import { MemoryCluster } from '../../../integrations/flux/testing/memory-cluster.ts';
import { allowHosts, parseHostPattern } from '../../../integrations/http/allowed-hosts.ts';
import { createHttpAsker } from '../../../integrations/http/ask.ts';
import type { EventRecord } from '../../../kube/events.ts';
import { createLiveReader } from '../../../kube/live-reader.ts';
import type { ControllerDefinition } from '../../../kube/reconciler.ts';
import { createFakeClock } from '../../../kube/testing/fake-clock.ts';
import { httpGateController } from '../controller.ts';

const KEY = { namespace: 'apps', name: 'change' } as const;

export class GateWorld {
  readonly cluster = new MemoryCluster();
  readonly clock = createFakeClock('2026-01-05T12:00:00Z');
  readonly events: EventRecord[] = [];
  readonly #hosts = allowHosts(['127.0.0.1'].flatMap((text) => parseHostPattern(text) ?? []));
  controller: ControllerDefinition;
  requeueAt: Temporal.Instant | undefined;
  #woken = true;
  #generation = 0;
  #stop = new AbortController();

  constructor() {
    this.controller = this.#start();
    onTestFinished(() => {
      this.#stop.abort(new Error('the test is over'));
    });
  }

  #start(): ControllerDefinition {
    const { cluster, clock } = this;
    const hosts = this.#hosts;
    const reader = createLiveReader(cluster);
    const asker = createHttpAsker({ clock, hosts });
    const events = { record: (_regarding: unknown, event: EventRecord) => void this.events.push(event) };
    const controller = httpGateController({ client: cluster, reader, live: reader, hosts, asker, clock, events });
    controller.start?.(() => (this.#woken = true), this.#stop.signal);
    return controller;
  }

  /** A process of its own, which remembers nothing. */
  restart(): this {
    this.#stop.abort(new Error('the process ends'));
    this.#stop = new AbortController();
    this.controller = this.#start();
    this.#woken = true;
    return this;
  }

  /** The gate with another spec. @param spec null: of another class; undefined: gone */
  gate(http: Record<string, unknown> | null | undefined): this {
    this.#woken = true;
    if (http === undefined) {
      this.cluster.delete(RolloutGate.apiVersion, 'RolloutGate', KEY);
      return this;
    }
    this.#generation++;
    const spec = { rolloutRef: { name: 'app' }, ...(http === null ? { class: 'manual' } : { class: 'http', http }) };
    const metadata = { ...KEY, uid: 'uid', generation: this.#generation };
    const { apiVersion, kind } = RolloutGate;
    this.cluster.put({ apiVersion, kind, metadata, spec, ...(this.#last && { status: this.#last }) });
    return this;
  }

  /** Candidates, newest first: `v1.3.0`, or `v1.3.0@digest`. */
  candidates(...versions: readonly string[]): this {
    this.#woken = true;
    const releaseCandidates = versions.map((text) => {
      const [tag, digest] = text.split('@');
      return { tag, revision: 'abc', ...(digest !== undefined && { digest }) };
    });
    const { apiVersion, kind } = Rollout;
    const spec = { releasesImagePolicy: { name: 'app' } };
    const metadata = { namespace: 'apps', name: 'app', ...(this.requested && { annotations: this.requested }) };
    this.cluster.put({ apiVersion, kind, metadata, spec, status: { releaseCandidates } });
    return this;
  }
  requested: Record<string, string> | undefined;

  secret(name: string, values: Record<string, string>): this {
    const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
    this.cluster.put({ ...Secret, metadata: { namespace: 'apps', name }, data: Object.fromEntries(data), parse: '' });
    return this;
  }

  environment(name: string): this {
    const { apiVersion, kind } = Environment;
    const spec = { rolloutRef: { name: 'app' }, name: 'shop', environment: name, backend: { type: 'kubernetes' } };
    this.cluster.put({ apiVersion, kind, metadata: { namespace: 'apps', name }, spec });
    return this;
  }

  #last: RolloutGateStatus | undefined;

  /** Looks once, if anything woke the gate. */
  async look(): Promise<RolloutGateStatus> {
    if (this.#woken) {
      this.#woken = false;
      const { requeueAt } = await this.controller.reconciler.reconcile(KEY, new AbortController().signal);
      this.requeueAt = requeueAt;
    }
    const { status } = await this.cluster.get(RolloutGate, KEY).catch(() => ({ status: undefined }));
    this.#last = status;
    return status ?? {};
  }

  /** Goes to where the gate wants to be looked at again. */
  async later(): Promise<void> {
    if (this.requeueAt === undefined) throw new Error('the gate waits for nothing');
    await this.clock.advanceTo(this.requeueAt);
    this.#woken = true;
  }

  /** `RolloutGate` writes so far. */
  get writes(): number {
    return this.cluster.writes.length;
  }
}
