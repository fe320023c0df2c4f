/**
 * `core` decides. Everything here is a pure function of what was observed and the time: no I/O, no clock, no
 * randomness. This file is its input: plain data that a controller, a simulator or a test fills in.
 */
import type { Approval } from '../api/approval.ts';
import type { ConditionReason } from '../api/conditions.ts';
import type { Freeze } from '../api/freeze.ts';
import type { HealthCheck } from '../api/health-check.ts';
import type { FailurePolicy, Rollout, VersionInfo } from '../api/rollout.ts';
import type { RolloutGate } from '../api/rollout-gate.ts';
import type { Tag } from '../api/tag.ts';

/** Something that could not be observed or done: which object, what is wrong, what to do. */
export interface Fault {
  readonly reason: ConditionReason;
  /** Names object, fault and remedy. */
  readonly message: string;
  /** When the observer asks again by itself; absent: when something changes. */
  readonly retryAt?: Temporal.Instant;
}

/** What the ImagePolicy and the registry say about releases. */
export interface ReleaseObservation {
  /** `status.latestRef` of the ImagePolicy, with metadata as far as known. Absent: none, or the policy is unreadable. */
  readonly latest?: VersionInfo;
  /**
   * Tags that the policy admits, oldest first by the policy's own order: of the whole registry when `hasTag` is there,
   * else of the releases known so far and the latest one. Absent: the policy's rules are unknown or invalid.
   */
  readonly admitted?: readonly Tag[];
  /**
   * Admitted tags and recorded releases in the policy's own order, oldest first, whether the policy or the registry
   * still has them or not: what was released once keeps its place. Absent: as `admitted`.
   */
  readonly ranked?: readonly Tag[];
  /** Metadata of releases as far as read; a tag may be missing. */
  readonly metadata: ReadonlyMap<Tag, VersionInfo>;
  /** Of the newest release. Absent: not read. */
  readonly artifact?: {
    readonly artifactType: string | undefined;
    readonly source: string | undefined;
    readonly title: string | undefined;
    readonly description: string | undefined;
  };
  /** The tags that a person asks for and that the registry says it does not have. */
  readonly unknownTags: ReadonlySet<Tag>;
  /** Whether the registry has a tag at all, admitted or not. Absent: the list could not be read. */
  readonly hasTag?: (tag: Tag) => boolean;
  /** Why part of it could not be read. The policy itself unreadable: `policyFault`. */
  readonly fault?: Fault;
  /** When the observer wants to read the tag list again (`spec.releaseUpdateInterval`). */
  readonly refreshAt?: Temporal.Instant;
  /** The ImagePolicy is absent or in error: nothing about releases is known. */
  readonly policyFault?: Fault;
}

/** What keeps Flux from taking up what a target carries. Stable as long as it lasts. */
export interface TargetWait {
  /** Names the object, and until when at the latest. */
  readonly message: string;
  /** The latest end, when it ends by itself. */
  readonly until?: Temporal.Instant;
  readonly remedy: string;
}

/** Why Flux could not apply what a target carries. */
export interface TargetFailure {
  /** Names the object, and says what Flux says. */
  readonly message: string;
  /** Since when, as far as known. */
  readonly since?: Temporal.Instant;
}

/** One field of one Flux object that carries this Rollout's version. */
export interface TargetObservation {
  readonly kind: 'OCIRepository' | 'Kustomization';
  readonly name: string;
  /** `spec.ref.tag` or `spec.postBuild.substitute.<VARIABLE>`. */
  readonly field: string;
  /** What the field says now. */
  readonly carries: Tag | undefined;
  /** Whether this Rollout's field manager owns the field, and nobody whose ownership is to be taken over does. */
  readonly claimed: boolean;
  /**
   * Every field of the same object that carries this Rollout's version, this one included. One field manager owns them
   * all, and what it leaves out of an apply is removed, so they are always written together. Default: this one alone.
   */
  readonly together?: readonly string[];
  /** Several Rollouts are named for the field, so none of them writes it; there is a fault. Default false. */
  readonly contested?: boolean;
  /** Absent: nothing is known to hold Flux up. */
  readonly waits?: readonly TargetWait[];
  /** Flux tried to apply what the target carries, and failed. */
  readonly failure?: TargetFailure;
  /** What Flux has yet to apply, or cannot: the same text for every attempt at the same thing. Absent: nothing. */
  readonly applying?: string;
  /** Why the field cannot carry the version, or why the last attempt to write it failed. */
  readonly fault?: Fault;
}

export interface RolloutObservation {
  readonly rollout: Rollout;
  /** For Rollouts without `spec.failurePolicy`. */
  readonly defaultFailurePolicy: FailurePolicy;
  readonly releases: ReleaseObservation;
  /** Gates that refer to this Rollout, by name. */
  readonly gates: readonly RolloutGate[];
  /** Why not every gate is there that there will be: until it is, nothing automatic is deployed. */
  readonly gatesFault?: Fault;
  /** Of these gates, by name. */
  readonly approvals: readonly Approval[];
  /** Freezes that select this Rollout, by name; those that are over may be among them. */
  readonly freezes: readonly Freeze[];
  /** Checks that this Rollout selects, by namespace and name. */
  readonly healthChecks: readonly HealthCheck[];
  /** By kind, name and field. */
  readonly targets: readonly TargetObservation[];
}
