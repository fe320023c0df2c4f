/**
 * A small world for decision tables: a Rollout and what it sees, on a clock of its own. `look()` decides once and
 * carries the plan out, as a controller would.
 */

import { Approval, type ApprovalSpec } from '../../api/approval.ts';
import { Freeze, type FreezeSpec } from '../../api/freeze.ts';
import { HealthCheck, type HealthCheckStatus } from '../../api/health-check.ts';
import type { Condition } from '../../api/meta.ts';
import { type HistoryEntry, Rollout, type RolloutSpec, type VersionInfo } from '../../api/rollout.ts';
import { RolloutGate, type RolloutGateSpec, type RolloutGateStatus } from '../../api/rollout-gate.ts';
import { parseTag, type Tag } from '../../api/tag.ts';
import { decide } from '../decide.ts';
import type { ReleaseObservation, RolloutObservation, TargetObservation } from '../observation.ts';
import type { RolloutPlan } from '../plan.ts';

export const T0 = Temporal.Instant.from('2026-01-05T12:00:00Z');

export function at(offset: string, base: Temporal.Instant = T0): string {
  return shift(base, offset).toString();
}

function shift(base: Temporal.Instant, offset: string): Temporal.Instant {
  const [, sign, amount, unit] = /^([+-])(\d+)([smhd])$/.exec(offset) ?? [];
  if (amount === undefined || unit === undefined) throw new Error(`bad offset ${offset}`);
  const seconds = Number(amount) * { s: 1, m: 60, h: 3600, d: 86_400 }[unit]!;
  return base.add({ seconds: sign === '-' ? -seconds : seconds });
}

export interface ScenarioOptions {
  readonly spec?: Partial<RolloutSpec>;
  readonly available?: readonly string[];
  readonly history?: readonly (Partial<HistoryEntry> & { readonly tag: string })[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly policy?: 'Rollback' | 'Halt';
}

/** One JSON patch of tests and removals: it works as a whole, or not at all. */
function consumed(annotations: Record<string, string>, consume: RolloutPlan['consume']): Record<string, string> {
  const left = { ...annotations };
  for (const { key, value } of consume) {
    if (left[key] !== value) return annotations;
    Reflect.deleteProperty(left, key);
  }
  return left;
}

export class Scenario {
  now = T0;
  rollout: Rollout;
  gates: RolloutGate[] = [];
  approvals: Approval[] = [];
  freezes: Freeze[] = [];
  checks: HealthCheck[] = [];
  targets: TargetObservation[] = [];
  releases: ReleaseObservation = { metadata: new Map(), unknownTags: new Set() };
  policy: 'Rollback' | 'Halt';
  plans: RolloutPlan[] = [];

  constructor(options: ScenarioOptions = {}) {
    this.policy = options.policy ?? 'Halt';
    this.rollout = Rollout.parse({
      apiVersion: Rollout.apiVersion,
      kind: 'Rollout',
      metadata: { name: 'app', namespace: 'apps', generation: 1, annotations: { ...options.annotations } },
      spec: { releasesImagePolicy: { name: 'app' }, ...options.spec },
      status: {
        ...(options.available && { availableReleases: options.available.map((tag) => ({ tag })) }),
        ...(options.history && {
          history: options.history.map(({ tag, ...entry }) => ({ version: { tag }, timestamp: at('-1h'), ...entry })),
        }),
      },
    });
  }

  /** `status.latestRef` of the ImagePolicy; nothing else is known of the registry. */
  latest(tag: string): this {
    this.releases = { ...this.releases, latest: { tag: parseTag(tag) } };
    return this;
  }

  /** The registry's whole list under the policy, oldest first. */
  registry(...tags: readonly string[]): this {
    const admitted = tags.map(parseTag);
    const latest = admitted.at(-1);
    const recorded = (this.rollout.status?.availableReleases ?? []).map(({ tag }) => tag);
    this.releases = {
      ...this.releases,
      admitted,
      // As a semver policy ranks them; a tag without a number in it has no rank.
      ranked: [...new Set([...recorded.filter((tag) => /^\d/.test(tag)), ...admitted])].toSorted((one, other) =>
        one.localeCompare(other, 'en', { numeric: true }),
      ),
      hasTag: (tag: Tag) => admitted.includes(tag),
      ...(latest === undefined ? {} : { latest: { tag: latest } }),
    };
    return this;
  }

  spec(changes: Partial<RolloutSpec>): this {
    const generation = (this.rollout.metadata.generation ?? 0) + 1;
    const spec = { ...this.rollout.spec, ...changes };
    this.rollout = { ...this.rollout, metadata: { ...this.rollout.metadata, generation }, spec };
    return this;
  }

  annotate(annotations: Readonly<Record<string, string>>): this {
    const { metadata } = this.rollout;
    this.rollout = {
      ...this.rollout,
      metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
    };
    return this;
  }

  gate(name: string, spec: Omit<RolloutGateSpec, 'rolloutRef'>, status?: RolloutGateStatus): this {
    const gate = RolloutGate.parse({
      apiVersion: RolloutGate.apiVersion,
      kind: 'RolloutGate',
      metadata: { name, namespace: 'apps', generation: 1 },
      spec: { rolloutRef: { name: 'app' }, ...spec },
      ...(status && { status }),
    });
    this.gates = [...this.gates.filter(({ metadata }) => metadata.name !== name), gate];
    return this;
  }

  /** The decision of one person, made now. */
  approve(gate: string, version: string, by: string, more: Partial<ApprovalSpec> = {}): this {
    const approval = Approval.parse({
      apiVersion: Approval.apiVersion,
      kind: 'Approval',
      metadata: {
        name: `approval-${this.approvals.length}`,
        namespace: 'apps',
        creationTimestamp: this.now.toString(),
      },
      spec: { gateRef: { name: gate }, version: parseTag(version), decision: 'Approve', by, ...more },
    });
    this.approvals = [...this.approvals, approval];
    return this;
  }

  freeze(name: string, spec: Partial<FreezeSpec> = {}): this {
    const freeze = Freeze.parse({
      apiVersion: Freeze.apiVersion,
      kind: 'Freeze',
      metadata: { name, creationTimestamp: this.now.toString() },
      spec: { reason: 'incident', ...spec },
    });
    this.freezes = [...this.freezes.filter(({ metadata }) => metadata.name !== name), freeze];
    return this;
  }

  unfreeze(): this {
    this.freezes = [];
    return this;
  }

  /** Without a status nobody has judged it yet. */
  check(name: string, status?: HealthCheckStatus): this {
    const check = HealthCheck.parse({
      apiVersion: HealthCheck.apiVersion,
      kind: 'HealthCheck',
      metadata: { name, namespace: 'apps', labels: { app: 'test-app' } },
      spec: { class: 'kustomization' },
      ...(status && { status }),
    });
    this.checks = [...this.checks.filter(({ metadata }) => metadata.name !== name), check];
    return this;
  }

  target(carries: string | undefined, changes: Partial<TargetObservation> = {}): this {
    this.targets = [
      {
        kind: 'Kustomization',
        name: 'app',
        field: 'spec.postBuild.substitute.VERSION',
        carries: carries === undefined ? undefined : parseTag(carries),
        claimed: true,
        ...changes,
      },
    ];
    return this;
  }

  advance(offset: string): this {
    this.now = shift(this.now, offset);
    return this;
  }

  observe(): RolloutObservation {
    return {
      rollout: this.rollout,
      defaultFailurePolicy: this.policy,
      releases: this.releases,
      gates: this.gates,
      approvals: this.approvals,
      freezes: this.freezes,
      healthChecks: this.checks,
      targets: this.targets,
    };
  }

  /** Decides once; the status is written as the API server would store it, used annotations are removed. */
  look({ crashBeforeConsuming = false } = {}): RolloutPlan {
    const plan = decide(this.observe(), this.now);
    this.plans.push(plan);
    let annotations = { ...this.rollout.metadata.annotations };
    if (!crashBeforeConsuming) {
      annotations = consumed(annotations, plan.consume);
      // What is faulty cannot be written.
      this.targets = this.targets.map((target) =>
        target.fault === undefined ? { ...target, carries: plan.desired ?? target.carries } : target,
      );
    }
    const stored: unknown = JSON.parse(
      JSON.stringify({ ...this.rollout, metadata: { ...this.rollout.metadata, annotations }, status: plan.status }),
    );
    this.rollout = Rollout.parse(stored);
    return plan;
  }

  get history(): readonly HistoryEntry[] {
    return this.rollout.status?.history ?? [];
  }

  get newest(): HistoryEntry {
    const [newest] = this.history;
    if (newest === undefined) throw new Error('no history');
    return newest;
  }

  get tags(): string[] {
    return this.history.map(({ version }) => version.tag);
  }

  get candidates(): string[] {
    return (this.rollout.status?.releaseCandidates ?? []).map(({ tag }: VersionInfo) => tag);
  }

  condition(type: string): Condition | undefined {
    return this.rollout.status?.conditions?.find((condition) => condition.type === type);
  }

  annotation(key: string): string | undefined {
    return this.rollout.metadata.annotations?.[key];
  }
}
