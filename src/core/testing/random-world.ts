/** A random world for the invariants: what may happen to a Rollout, and a model of everything around it. */
import fc from 'fast-check';
import type { HistoryEntry, RolloutSpec } from '../../api/rollout.ts';
import { parseDigest, parseTag, type Tag } from '../../api/tag.ts';
import type { RolloutPlan } from '../plan.ts';
import { Scenario } from './scenario.ts';

export type Step =
  | { readonly do: 'release' }
  | { readonly do: 'withdraw' }
  | { readonly do: 'gate'; readonly passing: boolean; readonly allow: number | undefined }
  | { readonly do: 'health'; readonly status: 'Healthy' | 'Unhealthy' | 'Pending' | 'NoData'; readonly fresh: boolean }
  | { readonly do: 'flux'; readonly is: 'applied' | 'at work' | 'failing' }
  | { readonly do: 'force'; readonly index: number }
  | { readonly do: 'pin'; readonly index: number | undefined }
  | { readonly do: 'bypass'; readonly index: number }
  | { readonly do: 'ask'; readonly key: 'deploy' | 'rollback' | 'revoke'; readonly index: number | undefined }
  | { readonly do: 'freeze'; readonly seconds: number | undefined }
  | { readonly do: 'unfreeze' }
  | { readonly do: 'board'; readonly required: number; readonly lifetime: string | undefined }
  | { readonly do: 'approve'; readonly index: number; readonly by: string; readonly decision: 'Approve' | 'Reject' }
  | { readonly do: 'annotate'; readonly key: 'retry' | 'unblock-failed' | 'deploy-user'; readonly value: string }
  | { readonly do: 'fault'; readonly on: boolean }
  | { readonly do: 'drift' }
  | { readonly do: 'registry'; readonly readable: boolean }
  | { readonly do: 'policy'; readonly broken: boolean }
  | { readonly do: 'describe' }
  | { readonly do: 'remove-gate' }
  | { readonly do: 'edit'; readonly changes: Partial<RolloutSpec> }
  | { readonly do: 'clock-back'; readonly seconds: number }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'crash' };

const index = fc.nat({ max: 12 });
const edits = fc.constantFrom<Partial<RolloutSpec>>(
  { bakeTime: '1m' },
  { bakeTime: '10m' },
  { bakeTime: undefined },
  { deployTimeout: '1m' },
  { deployTimeout: undefined },
  { failurePolicy: 'Halt' },
  { failurePolicy: 'Rollback' },
  { versionHistoryLimit: 3 },
  { retryPolicy: { limit: 1, interval: '2m' } },
  { retryPolicy: undefined },
  { releaseOrder: 'Sequential' },
  { releaseOrder: undefined },
);
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'release' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'withdraw' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('gate' as const),
      passing: fc.boolean(),
      allow: fc.option(index, { nil: undefined }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('health' as const),
      status: fc.constantFrom('Healthy', 'Unhealthy', 'Healthy', 'Unhealthy', 'Pending', 'NoData'),
      fresh: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('flux' as const),
      is: fc.constantFrom('applied', 'at work', 'failing'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('force' as const), index }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('pin' as const),
      index: fc.option(fc.nat({ max: 3 }), { nil: undefined, freq: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bypass' as const), index }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      key: fc.constantFrom('deploy', 'rollback', 'revoke'),
      index: fc.option(index, { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('freeze' as const),
      seconds: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined, freq: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'unfreeze' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('board' as const),
      required: fc.integer({ min: 1, max: 2 }),
      lifetime: fc.constantFrom(undefined, '5m'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      index,
      by: fc.constantFrom('alice', 'bob', 'carol'),
      decision: fc.constantFrom('Approve', 'Approve', 'Approve', 'Reject'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('annotate' as const),
      key: fc.constantFrom('retry', 'unblock-failed', 'deploy-user'),
      value: fc.constantFrom('true', 'alice'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fault' as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'drift' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('registry' as const), readable: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('policy' as const), broken: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'describe' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'remove-gate' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('edit' as const), changes: edits }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clock-back' as const), seconds: fc.nat({ max: 90 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.nat({ max: 900 }) }) },
  { weight: 2, arbitrary: fc.constant<Step>({ do: 'crash' }) },
);

export const options = fc.record({
  bakeTime: fc.constantFrom(undefined, '0s', '1m', '5m'),
  deployTimeout: fc.constantFrom(undefined, '2m', '10m'),
  versionHistoryLimit: fc.constantFrom(1, 2, 10),
  policy: fc.constantFrom('Rollback' as const, 'Halt' as const),
  checks: fc.boolean(),
  retryPolicy: fc.constantFrom(undefined, undefined, { limit: 1 }, { limit: 3, interval: '10s' }),
  releaseOrder: fc.constantFrom(undefined, undefined, 'Sequential' as const),
});
type Options = typeof options extends fc.Arbitrary<infer T> ? T : never;

export class World {
  readonly scenario: Scenario;
  /** What the registry has, oldest first. */
  readonly tags: string[] = [];
  /** Every entry that ever was, by id, as it was first written. */
  readonly ledger = new Map<number, HistoryEntry>();
  /** Tags whose bake failed here and has not succeeded since. */
  readonly failed = new Set<string>();
  /** What a person asked to be revoked. */
  readonly revoked = new Set<string>();
  /** Automation resumes with what is newer. */
  ceiling: number | undefined;
  #released = 0;
  #readable = true;
  #broken = false;
  #described: ReadonlySet<string> = new Set();

  constructor({ policy, checks, ...spec }: Options) {
    const healthCheckSelector = checks ? { healthCheckSelector: { matchLabels: { app: 'test-app' } } } : {};
    this.scenario = new Scenario({ policy, spec: { ...spec, ...healthCheckSelector } }).target('0.0.0');
    this.scenario.targets.push({ ...this.scenario.targets[0]!, name: 'web' });
    if (checks) this.scenario.check('hc', {});
  }

  #tag(position: number): string {
    return this.tags[position % Math.max(this.tags.length, 1)] ?? '1.0.0';
  }

  act(step: Step): RolloutPlan {
    const { scenario } = this;
    const now = scenario.now.toString();
    switch (step.do) {
      case 'release':
        this.tags.push(`1.${this.#released++}.0`);
        break;
      case 'withdraw':
        this.tags.pop();
        break;
      case 'gate':
        scenario.gate('gate', {
          passing: step.passing,
          ...(step.allow !== undefined && { allowedVersions: [this.#tag(step.allow)] }),
        });
        break;
      case 'health':
        if (scenario.checks.length === 0) break;
        scenario.check('hc', {
          status: step.status === 'NoData' ? 'Pending' : step.status,
          lastChangeTime: now,
          ...(step.status === 'NoData' && { lastSample: { time: now, result: step.status } }),
          ...(step.status === 'Unhealthy' && { lastErrorTime: step.fresh ? now : '2020-01-01T00:00:00Z' }),
        });
        break;
      case 'force':
        scenario.annotate({ 'rollout.kuberik.com/force-deploy': this.#tag(step.index) });
        break;
      case 'pin':
        scenario.spec({ wantedVersion: step.index === undefined ? undefined : this.#tag(step.index) });
        break;
      case 'bypass':
        scenario.annotate({ 'rollout.kuberik.com/bypass-gates': this.#tag(step.index) });
        break;
      case 'ask':
        if (step.key === 'revoke' && step.index !== undefined) this.revoked.add(this.#tag(step.index));
        if (step.index === undefined && step.key !== 'rollback') break;
        scenario.annotate({
          [`rollout.kuberik.com/${step.key}`]: step.index === undefined ? '' : this.#tag(step.index),
        });
        break;
      case 'freeze':
        scenario.freeze('freeze', step.seconds === undefined ? {} : { until: later(scenario.now, step.seconds) });
        break;
      case 'unfreeze':
        scenario.unfreeze();
        break;
      case 'board':
        scenario.gate('board', {
          class: 'manual',
          approval: { required: step.required, ...(step.lifetime && { expiresAfter: step.lifetime }) },
        });
        break;
      case 'approve':
        scenario.approve('board', this.#tag(step.index), step.by, { decision: step.decision });
        break;
      case 'annotate':
        scenario.annotate({ [`rollout.kuberik.com/${step.key}`]: step.value });
        break;
      case 'fault':
        scenario.targets = scenario.targets.map((target) => {
          const whole = { ...target };
          Reflect.deleteProperty(whole, 'fault');
          const fault = { reason: 'TargetFailed', message: 'Kustomization apps/app: forbidden' } as const;
          return step.on && target.name === 'app' ? { ...whole, fault } : whole;
        });
        break;
      case 'flux': {
        const applying = `generation ${this.ledger.size}`;
        const failure = { message: 'Kustomization apps/app: BuildFailed: no such file', since: scenario.now };
        scenario.targets = scenario.targets.map(({ failure: _, applying: __, ...target }) => ({
          ...target,
          ...(step.is === 'applied' || target.name !== 'app' ? {} : { applying }),
          ...(step.is === 'failing' && target.name === 'app' && { failure }),
        }));
        break;
      }
      case 'drift':
        scenario.targets = scenario.targets.map((target) => ({ ...target, carries: parseTag('0.0.0') }));
        break;
      case 'registry':
        this.#readable = step.readable;
        break;
      case 'policy':
        this.#broken = step.broken;
        break;
      case 'describe':
        this.#described = new Set(this.tags);
        break;
      case 'remove-gate':
        scenario.gates = [];
        break;
      case 'edit':
        scenario.spec(step.changes);
        break;
      case 'clock-back':
        scenario.now = scenario.now.subtract({ seconds: step.seconds });
        break;
      case 'wait':
        scenario.now = scenario.now.add({ seconds: step.seconds });
        break;
      case 'crash':
        return this.look({ crashBeforeConsuming: true });
    }
    return this.look();
  }

  look(options?: { crashBeforeConsuming: boolean }): RolloutPlan {
    const { scenario } = this;
    this.#observe();
    const plan = scenario.look(options);
    for (const { bakeStatus, version } of scenario.history.toReversed()) {
      if (bakeStatus === 'Failed') this.failed.add(version.tag);
      if (bakeStatus === 'Succeeded') this.failed.delete(version.tag);
    }
    return plan;
  }

  get admits(): readonly string[] | undefined {
    return this.#broken ? [] : this.#readable ? this.tags : undefined;
  }

  /** What a registry that cannot be read leaves: the policy's newest, and its order of what is recorded. */
  #observe(): void {
    const { scenario } = this;
    const recorded = (scenario.rollout.status?.availableReleases ?? []).map(({ tag }) => tag);
    const latest = this.tags.at(-1);
    scenario.registry(
      ...(this.#readable ? this.tags : [...new Set([...recorded, ...(latest ? [latest] : [])])].toSorted(byMinor)),
    );
    const { admitted = [], ranked = [], hasTag } = scenario.releases;
    const metadata = new Map(
      [...this.#described].map((tag) => [parseTag(tag), { tag: parseTag(tag), digest: digestOf(tag) }]),
    );
    const nothing = { metadata: new Map(), unknownTags: new Set<Tag>() };
    const fault = { reason: 'RegistryUnavailable', message: 'registry.example/app: 503' } as const;
    const policyFault = {
      reason: 'ImagePolicyNotFound',
      message: 'ImagePolicy apps/app not found: create it',
    } as const;
    scenario.releases = this.#broken
      ? { ...nothing, policyFault }
      : {
          unknownTags: new Set<Tag>(),
          admitted,
          ranked,
          metadata,
          ...(latest !== undefined && { latest: metadata.get(parseTag(latest)) ?? { tag: parseTag(latest) } }),
          ...(this.#readable ? hasTag && { hasTag } : { fault }),
        };
  }
}

function later(now: Temporal.Instant, seconds: number): string {
  return now.add({ seconds }).toString();
}

function byMinor(one: string, other: string): number {
  return minor(one) - minor(other);
}

function digestOf(tag: string) {
  return parseDigest(`sha256:${Buffer.from(tag).toString('hex').padEnd(64, '0')}`);
}

export function minor(tag: string): number {
  return Number(tag.split('.')[1]);
}
