/** Schedules, Rollouts and namespaces in a cluster in memory, with both schedule controllers on a clock that is moved. */
import { ClusterRolloutSchedule } from '../../../api/cluster-rollout-schedule.ts';
import { type KubeObject, keyOf, keyText, type ObjectMeta } from '../../../api/meta.ts';
import { Rollout } from '../../../api/rollout.ts';
import { RolloutGate, type RolloutGateSpec } from '../../../api/rollout-gate.ts';
import { RolloutSchedule } from '../../../api/rollout-schedule.ts';
import type { ScheduleRule, ScheduleStatus } from '../../../api/schedule.ts';
import { createFakeClock } from '../../../kube/testing/fake-clock.ts';
import { type ControllerDriver, driveControllers } from '../../../sandbox/testing/controller-driver.ts';
import { createMemoryCluster } from '../../../sandbox/testing/memory-cluster.ts';
import { clusterRolloutScheduleController, rolloutScheduleController } from '../controller.ts';

const office: ScheduleRule = { name: 'office', timeRange: { start: '09:00', end: '17:00' } };

type Fields = Readonly<Record<string, unknown>>;

export class ScheduleWorld {
  /** A Wednesday, an hour before the office opens. */
  readonly clock = createFakeClock('2025-01-01T08:00:00Z');
  readonly cluster = createMemoryCluster(this.clock);
  /** `Reason message`, oldest first. */
  readonly events: string[] = [];
  #driver: ControllerDriver = this.#drive();
  #touched = 0;

  #drive(): ControllerDriver {
    const { cluster, clock, events } = this;
    const record = (_regarding: KubeObject, event: { reason: string; message: string }): void => {
      events.push(`${event.reason} ${event.message}`);
    };
    const options = { client: cluster.client, reader: cluster.reader, clock, events: { record } };
    const controllers = [rolloutScheduleController(options), clusterRolloutScheduleController(options)];
    return driveControllers(cluster, controllers, clock);
  }

  /** A process of its own, which looks at every schedule. */
  async restart(): Promise<void> {
    this.#driver = this.#drive();
    for (const kind of ['RolloutSchedule', 'ClusterRolloutSchedule']) {
      for (const object of this.cluster.all(kind)) {
        const annotations = { ...object.metadata.annotations, touched: `${++this.#touched}` };
        this.cluster.put({ ...object, metadata: { ...object.metadata, annotations } });
      }
    }
    await this.settle();
  }

  settle(): Promise<void> {
    return this.#driver.settle();
  }

  /** @param duration `1h`, `90s` as Temporal reads them: `PT1H` */
  advance(duration: string): Promise<void> {
    return this.#driver.advance(Temporal.Duration.from(duration).total('milliseconds'));
  }

  /** Looks of both controllers so far. */
  get looks(): number {
    return this.#driver.count;
  }

  /** Writes since the last call. */
  written(): readonly string[] {
    return this.cluster.writes.splice(0);
  }

  namespace(name: string, labels: Record<string, string> = {}): void {
    this.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  }

  rollout(
    name: string,
    labels: Record<string, string> = { app: 'shop' },
    namespace = 'default',
    status?: object,
  ): void {
    const { apiVersion, kind } = Rollout;
    const spec = { releasesImagePolicy: { name } };
    this.cluster.put({ apiVersion, kind, metadata: { name, namespace, labels }, spec, ...(status && { status }) });
  }

  schedule(spec: Fields, metadata: Partial<ObjectMeta> = {}): void {
    const { apiVersion, kind } = RolloutSchedule;
    const selector = { rolloutSelector: { matchLabels: { app: 'shop' } } };
    const identity = { name: 'window', namespace: 'default', ...metadata };
    this.cluster.put({ apiVersion, kind, metadata: identity, spec: { rules: [office], ...selector, ...spec } });
  }

  clusterSchedule(spec: Fields, metadata: Partial<ObjectMeta> = {}): void {
    const { apiVersion, kind } = ClusterRolloutSchedule;
    const identity = { name: 'window', ...metadata };
    this.cluster.put({ apiVersion, kind, metadata: identity, spec: { rules: [office], rolloutSelector: {}, ...spec } });
  }

  /** A gate as somebody else made it. */
  gate(metadata: Partial<ObjectMeta> & { name: string }, spec: Partial<RolloutGateSpec> = {}): void {
    const { apiVersion, kind } = RolloutGate;
    const whole = { rolloutRef: { name: 'shop' }, ...spec };
    this.cluster.put({ apiVersion, kind, metadata: { namespace: 'default', ...metadata }, spec: whole });
  }

  edit(gate: RolloutGate, change: Partial<Pick<RolloutGate, 'metadata' | 'spec'>>): void {
    this.cluster.put({ ...gate, ...change });
  }

  gates(): readonly RolloutGate[] {
    return this.cluster.all('RolloutGate').map((gate) => RolloutGate.parse(gate));
  }

  /** The only one. */
  onlyGate(): RolloutGate {
    const [gate, ...others] = this.gates();
    if (gate === undefined || others.length > 0) throw new Error(`${others.length + (gate ? 1 : 0)} gates`);
    return gate;
  }

  /** `namespace/rollout open until ...`, in order. */
  said(): readonly string[] {
    return this.gates()
      .map(({ metadata, spec }) => {
        const rollout = keyText({ namespace: metadata.namespace ?? '', name: spec.rolloutRef.name ?? '' });
        return `${rollout} ${spec.passing === false ? 'closed' : 'open'} ${spec.validUntil ?? 'for ever'}`;
      })
      .sort();
  }

  status(kind = 'RolloutSchedule'): ScheduleStatus {
    const [object] = this.cluster.all(kind);
    return RolloutSchedule.parse({ ...object, kind: 'RolloutSchedule' }).status ?? {};
  }

  ready(kind?: string): string {
    const { status = '', reason = '', message = '' } = this.status(kind).conditions?.[0] ?? {};
    return `${status} ${reason} ${message}`;
  }

  uid(kind = 'RolloutSchedule'): string {
    return this.cluster.all(kind)[0]?.metadata.uid ?? '';
  }

  remove(object: KubeObject): Promise<void> {
    return this.cluster.client.remove(object.kind === 'Rollout' ? Rollout : RolloutGate, keyOf(object));
  }
}
