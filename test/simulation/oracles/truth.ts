/** What a Rollout waits for in truth, as the objects are: what I8 compares its words with. */
import { DEPLOY, FORCE_DEPLOY, UNBLOCK_FAILED } from '../../../src/api/annotations.ts';
import type { Approval } from '../../../src/api/approval.ts';
import type { Freeze } from '../../../src/api/freeze.ts';
import type { HealthCheck } from '../../../src/api/health-check.ts';
import type { HistoryEntry, Rollout, VersionInfo } from '../../../src/api/rollout.ts';
import type { RolloutGate } from '../../../src/api/rollout-gate.ts';
import { minorOf } from '../versions.ts';
import { durationOf } from './durations.ts';
import { holdOf } from './gate-truth.ts';
import {
  APPROVALS,
  CHECKS,
  FREEZES,
  GATES,
  type Kinds,
  KUSTOMIZATIONS,
  type Ledger,
  REPOSITORIES,
  type Stored,
} from './ledger.ts';
import { isAmong, isUnfinished, type Memory } from './memory.ts';
import { isSelected } from './permission.ts';
import { instant, namespaceOf } from './scene.ts';
import { selects } from './selector.ts';
import { carriedBy } from './targets.ts';

/** One thing that `Progressing` may say: its reason, and what its message names. */
export interface Cause {
  readonly reason: string;
  readonly names: readonly string[];
}

/** What may be said; empty: nothing holds `free`, which should be deployed. */
export interface Truth {
  readonly causes: readonly Cause[];
  readonly free?: string;
}

export class Facts {
  readonly rollout: Rollout;
  readonly ledger: Ledger;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly #key: { readonly namespace: string; readonly name: string };

  constructor(rollout: Rollout, ledger: Ledger, now: number) {
    this.rollout = rollout;
    this.ledger = ledger;
    this.now = now;
    this.#key = { namespace: rollout.metadata.namespace ?? '', name: rollout.metadata.name };
  }

  /** The resource and key of every object that it depends on. */
  get objects(): readonly (readonly [resource: string, key: string])[] {
    const { namespace, name } = this.#key;
    const here = [GATES, APPROVALS, CHECKS].flatMap((resource) =>
      [...this.ledger.living(resource)].flatMap(([key]) =>
        namespaceOf(key) === namespace ? [[resource, key] as const] : [],
      ),
    );
    const freezes = [...this.ledger.living(FREEZES)].map(([key]) => [FREEZES, key] as const);
    const policies = ['image.toolkit.fluxcd.io/imagepolicies', 'image.toolkit.fluxcd.io/imagerepositories'].map(
      (resource) => [resource, `${namespace}/${this.rollout.spec.releasesImagePolicy.name ?? name}`] as const,
    );
    return [...here, ...freezes, ...policies, ...this.targets.map(({ resource, key }) => [resource, key] as const)];
  }

  get gates(): readonly RolloutGate[] {
    return this.#here(GATES).filter(({ spec }) => spec.rolloutRef.name === this.#key.name);
  }

  get approvals(): readonly Approval[] {
    return this.#here(APPROVALS);
  }

  get checks(): readonly HealthCheck[] {
    return this.#here(CHECKS).filter((check) => isSelected(this.rollout, check));
  }

  get freezes(): readonly Freeze[] {
    const { labels } = this.rollout.metadata;
    const namespace = this.ledger.now('/namespaces', `/${this.#key.namespace}`) as { metadata?: object } | undefined;
    const { labels: around } = (namespace?.metadata ?? {}) as { labels?: Record<string, string> };
    return [...this.ledger.living(FREEZES)]
      .map(([, object]) => object as unknown as Freeze)
      .filter(({ spec }) => selects(spec.rolloutSelector, labels) && selects(spec.namespaceSelector, around))
      .filter(({ spec }) => !(instant(spec.until) <= this.now));
  }

  get targets(): readonly { resource: string; key: string; object: Stored }[] {
    const { namespace, name } = this.#key;
    return [KUSTOMIZATIONS, REPOSITORIES].flatMap((resource) =>
      [...this.ledger.living(resource)]
        .filter(
          ([key, object]) => namespaceOf(key) === namespace && carriedBy(object).some((one) => one.rollout === name),
        )
        .map(([key, object]) => ({ resource, key, object })),
    );
  }

  /** When the truth changes without anybody doing anything. */
  get edges(): readonly number[] {
    const [newest] = this.rollout.status?.history ?? [];
    const { bakeTime = '0s', deployTimeout = '5m' } = this.rollout.spec;
    const started = instant(newest?.bakeStartTime);
    const deployed = Math.max(instant(newest?.timestamp), instant(newest?.lastRetryTimestamp) || 0);
    return [
      started + durationOf(bakeTime),
      deployed + durationOf(deployTimeout),
      instant(newest?.retryAt),
      ...[...this.ledger.living(FREEZES)].map(([, object]) => instant((object as unknown as Freeze).spec.until)),
      ...this.gates.flatMap(({ spec, status }) => {
        const lifetime = spec.approval?.expiresAfter;
        const expiries = this.approvals.map(({ metadata }) =>
          lifetime === undefined ? Number.NaN : instant(metadata.creationTimestamp) + durationOf(lifetime),
        );
        return [instant(spec.validUntil), instant(status?.validUntil), ...expiries];
      }),
    ];
  }

  #here<R extends keyof Kinds>(resource: R): readonly Kinds[R][] {
    const found = [...this.ledger.living(resource)].filter(([key]) => namespaceOf(key) === this.#key.namespace);
    return found.map(([, object]) => object as unknown as Kinds[R]);
  }
}

export function truthOf(facts: Facts, memory: Memory | undefined): Truth | undefined {
  const { spec, status } = facts.rollout;
  const [newest] = status?.history ?? [];
  // What was found running, and what could be: the first deployment has rules of its own.
  if (newest === undefined) return undefined;
  if (isUnfinished(newest)) return { causes: [...waits(facts), ...bakeCauses(newest, facts)] };
  const asked = askedFor(facts);
  if (asked.length > 0) return { causes: [...waits(facts), ...asked] };
  const pin = spec.wantedVersion || spec.releasesImagePolicy.wantedVersion || '';
  if (pin !== '') return { causes: [...waits(facts), { reason: pinned(pin, newest), names: [pin] }] };
  const isUnblocked = facts.rollout.metadata.annotations?.[UNBLOCK_FAILED] === 'true';
  if (newest.bakeStatus === 'Failed' && !isUnblocked)
    return { causes: [...waits(facts), { reason: 'Halted', names: [newest.version.tag] }] };
  return heldCandidates(newest, facts, memory);
}

/** A person waits for a version, which comes before everything else; or for one that there is not. */
function askedFor(facts: Facts): readonly Cause[] {
  const { annotations = {} } = facts.rollout.metadata;
  return [DEPLOY, FORCE_DEPLOY].flatMap((key) => {
    const tag = annotations[key] as VersionInfo['tag'] | undefined;
    // Nothing is asked for by an empty text.
    if (!tag) return [];
    return [{ reason: 'VersionNotFound', names: [tag] }, ...blockers([{ tag }], facts)];
  });
}

const pinned = (pin: string, { version }: HistoryEntry): string => (version.tag === pin ? 'Pinned' : 'VersionNotFound');

/** Flux is at it, or does not get on: what it works on is named. Or the registry is, which is asked again after a while. */
function waits({ targets, rollout }: Facts): readonly Cause[] {
  const releases = rollout.status?.conditions?.find(({ type }) => type === 'ReleasesUpdated');
  const unread = releases?.status === 'False' ? [{ reason: releases.reason, names: [releases.message] }] : [];
  const flux = targets.map(({ key }) => ({ reason: 'WaitingForTarget', names: [key.slice(key.indexOf('/') + 1)] }));
  return [...unread, ...flux];
}

function bakeCauses(entry: HistoryEntry, facts: Facts): readonly Cause[] {
  const { version, bakeStatus, retryAt } = entry;
  const { spec } = facts.rollout;
  if (retryAt !== undefined) return [{ reason: 'Deploying', names: [version.tag, 'is started over', retryAt] }];
  const holders = [...unfitChecks(entry, facts), ...facts.targets.map(({ key }) => key.slice(key.indexOf('/') + 1))];
  if (bakeStatus === 'InProgress') {
    const started = instant(entry.bakeStartTime);
    const end = spec.bakeTime === undefined ? Number.NaN : started + durationOf(spec.bakeTime);
    if (end > facts.now) {
      const until = Temporal.Instant.fromEpochMilliseconds(end).toString({ smallestUnit: 'second' });
      return [{ reason: 'Baking', names: [version.tag, `until ${until}`] }];
    }
    return holders.map((name) => ({ reason: 'Baking', names: [version.tag, name] }));
  }
  const isAlone = facts.checks.length === 0 && spec.healthCheckSelector !== undefined;
  const causes = isAlone ? [...holders, 'a HealthCheck'] : holders;
  return causes.map((name) => ({ reason: 'Deploying', names: [version.tag, name] }));
}

function unfitChecks(entry: HistoryEntry, { checks }: Facts): readonly string[] {
  const cutoff = Math.max(instant(entry.timestamp), instant(entry.lastRetryTimestamp) || 0);
  const unfit = checks.filter(
    ({ status }) => !(status?.status === 'Healthy' && instant(status.lastChangeTime) >= cutoff),
  );
  return unfit.map(({ metadata }) => metadata.name);
}

function heldCandidates(newest: HistoryEntry, facts: Facts, memory: Memory | undefined): Truth {
  const { freezes } = facts;
  const newer = newerThan(newest, facts);
  if (newer.length === 0) return { causes: [...waits(facts), { reason: 'UpToDate', names: [newest.version.tag] }] };
  const ceiling = newest.resumeAfter === undefined ? -1 : minorOf(newest.resumeAfter);
  const eligible = newer.filter(
    (release) =>
      minorOf(release.tag) > ceiling &&
      !(memory !== undefined && (isAmong(memory.failed, release) || isAmong(memory.revoked, release))),
  );
  if (eligible.length === 0) return { causes: [...waits(facts), { reason: 'WaitingForRelease', names: [] }] };
  const isSequential = facts.rollout.spec.releaseOrder === 'Sequential';
  const considered = isSequential ? eligible.slice(0, 1) : eligible;
  const causes = blockers(considered, facts);
  const first = freezes.length > 0 ? causes.filter(({ reason }) => reason === 'Frozen') : causes;
  if (causes.length > 0) return { causes: [...waits(facts), ...first] };
  return { causes, free: considered.at(-1)!.tag };
}

/** Oldest first. */
function newerThan({ version }: HistoryEntry, { rollout, ledger }: Facts): readonly VersionInfo[] {
  const { namespace, name } = rollout.metadata;
  const policy = `${namespace}/${rollout.spec.releasesImagePolicy.name ?? name}`;
  const { status } = (ledger.now('image.toolkit.fluxcd.io/imagepolicies', policy) ?? {}) as {
    status?: { latestRef?: { tag?: VersionInfo['tag'] } };
  };
  const latest = status?.latestRef?.tag;
  const known = rollout.status?.availableReleases ?? [];
  const all = latest === undefined || known.some(({ tag }) => tag === latest) ? known : [...known, { tag: latest }];
  return all.filter(({ tag }) => minorOf(tag) > minorOf(version.tag));
}

/** What holds every one of these; nothing when one of them is free. */
function blockers(considered: readonly VersionInfo[], facts: Facts): readonly Cause[] {
  const { gates, approvals, now, freezes, checks } = facts;
  const frozen = freezes.map(({ metadata }) => ({ reason: 'Frozen', names: [`Freeze ${metadata.name}`] }));
  const held = considered.map(({ tag, digest }) => {
    const question = { tag, digest, at: now, slack: 0, approvals: approvals.map((one) => [one]) };
    return gates.filter((gate) => holdOf(gate, question) !== undefined);
  });
  const closed = held.every((gatesOfOne) => gatesOfOne.length > 0) ? new Set(held.flat()) : new Set<RolloutGate>();
  const waiting = [...closed].map(({ metadata }) => ({
    reason: 'WaitingForGates',
    names: [`RolloutGate ${metadata.name}`],
  }));
  const unhealthy = checks.filter(({ status }) => status?.status === 'Unhealthy');
  const sick = unhealthy.map(({ metadata }) => ({ reason: 'WaitingForHealth', names: [metadata.name] }));
  return [...frozen, ...waiting, ...sick];
}
