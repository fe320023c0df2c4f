/**
 * What a Rollout's spec means: defaults filled in, durations and selectors parsed, both forms of a pin and of a health
 * check selector made one. A value that cannot be understood is never thrown: it becomes a fault for a condition.
 */
import { parseDuration } from './duration.ts';
import { InvalidValueError } from './errors.ts';
import { compileLabelSelector, type LabelMatcher } from './label-selector.ts';
import type { LabelSelector } from './meta.ts';
import {
  type FailurePolicy,
  type HealthCheckSelector,
  type ReleaseOrder,
  ROLLOUT_DEFAULTS,
  ROLLOUT_RETRY_INTERVAL,
  type Rollout,
  type RolloutSpec,
} from './rollout.ts';
import { parseTag, type Tag } from './tag.ts';

export interface HealthCheckMatchers {
  /** Applied to the labels of a HealthCheck. */
  readonly matches: LabelMatcher;
  /** Applied to the labels of its namespace. Undefined: the Rollout's own namespace alone. */
  readonly matchesNamespace: LabelMatcher | undefined;
}

export interface ResolvedRolloutSpec {
  /** Name of the ImagePolicy in the Rollout's namespace; empty when none is named (then there is a fault). */
  readonly imagePolicy: string;
  /** `spec.wantedVersion`, else `spec.releasesImagePolicy.wantedVersion`; an empty string is no pin. */
  readonly pin: Tag | undefined;
  /** Entries kept in `status.history`. Default 10. */
  readonly historyLimit: number;
  /** Days for which a release is kept. Default 7. */
  readonly retentionDays: number;
  /** Releases kept however old. Default 30. */
  readonly retentionMinCount: number;
  readonly bakeTime?: Temporal.Duration;
  readonly deployTimeout?: Temporal.Duration;
  /** Whether deployments are judged at all: `bakeTime`, `deployTimeout` or `healthCheckSelector`, even `{}`, is there. */
  readonly bakes: boolean;
  /** Undefined: no check is selected. */
  readonly healthChecks: HealthCheckMatchers | undefined;
  readonly failurePolicy?: FailurePolicy;
  /** Absent: a failed bake is never started over by itself. */
  readonly retryPolicy?: { readonly limit: number; readonly interval: Temporal.Duration };
  /** Default `Newest`. */
  readonly releaseOrder: ReleaseOrder;
  readonly releaseUpdateInterval?: Temporal.Duration;
  /** Each names the field, what is wrong with it and what to write instead. The field then counts as absent. */
  readonly faults: readonly string[];
}

const resolved = new WeakMap<RolloutSpec, ResolvedRolloutSpec>();

/** Computed once for each spec object, which is never changed in place: a new version of a Rollout is a new object. */
export function resolveRolloutSpec(rollout: Pick<Rollout, 'spec'>): ResolvedRolloutSpec {
  const known = resolved.get(rollout.spec);
  if (known !== undefined) return known;
  const result = resolve(rollout.spec);
  resolved.set(rollout.spec, result);
  return result;
}

function resolve(spec: RolloutSpec): ResolvedRolloutSpec {
  const faults: string[] = [];
  /** Runs a parser on one field; its InvalidValueError becomes a fault, and the field counts as absent. */
  const field = <V, R>(path: string, value: V | undefined, parse: (value: V) => R): R | undefined => {
    if (value === undefined) return undefined;
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof InvalidValueError)) throw error;
      faults.push(`${path}: ${error.message}`);
      return undefined;
    }
  };
  const duration = (name: 'bakeTime' | 'deployTimeout' | 'releaseUpdateInterval') =>
    field(`spec.${name}`, spec[name], parsePositiveDuration);
  const count = (name: keyof typeof ROLLOUT_DEFAULTS): number => {
    const value = spec[name] ?? ROLLOUT_DEFAULTS[name];
    if (value >= 1) return value;
    faults.push(`spec.${name}: ${value} is below 1: write 1 or more, or remove the field`);
    return ROLLOUT_DEFAULTS[name];
  };

  const imagePolicy = spec.releasesImagePolicy.name ?? '';
  if (imagePolicy === '') {
    faults.push('spec.releasesImagePolicy.name: is empty: write the name of an ImagePolicy of this namespace');
  }
  const bakeTime = duration('bakeTime');
  const deployTimeout = duration('deployTimeout');
  const releaseUpdateInterval = duration('releaseUpdateInterval');
  const retryPolicy = spec.retryPolicy && {
    limit: spec.retryPolicy.limit,
    interval:
      field('spec.retryPolicy.interval', spec.retryPolicy.interval, parsePositiveDuration) ??
      Temporal.Duration.from(ROLLOUT_RETRY_INTERVAL),
  };
  return {
    imagePolicy,
    pin: resolvePin(spec, field, faults),
    historyLimit: count('versionHistoryLimit'),
    retentionDays: count('availableReleasesRetentionDays'),
    retentionMinCount: count('availableReleasesMinCount'),
    ...(bakeTime && { bakeTime }),
    ...(deployTimeout && { deployTimeout }),
    bakes: spec.bakeTime !== undefined || spec.deployTimeout !== undefined || spec.healthCheckSelector !== undefined,
    healthChecks: spec.healthCheckSelector && resolveHealthChecks(spec.healthCheckSelector, field, faults),
    ...(spec.failurePolicy && { failurePolicy: spec.failurePolicy }),
    ...(retryPolicy && { retryPolicy }),
    releaseOrder: spec.releaseOrder ?? 'Newest',
    ...(releaseUpdateInterval && { releaseUpdateInterval }),
    faults,
  };
}

type FieldParser = <V, R>(path: string, value: V | undefined, parse: (value: V) => R) => R | undefined;

function resolvePin(spec: RolloutSpec, field: FieldParser, faults: string[]): Tag | undefined {
  const own = spec.wantedVersion || undefined;
  const nested = spec.releasesImagePolicy.wantedVersion || undefined;
  if (own !== undefined && nested !== undefined && own !== nested) {
    faults.push(
      `spec.wantedVersion: "${own}" contradicts spec.releasesImagePolicy.wantedVersion "${nested}": remove one of the two`,
    );
  }
  if (own !== undefined) return field('spec.wantedVersion', own, parseTag);
  return field('spec.releasesImagePolicy.wantedVersion', nested, parseTag);
}

function resolveHealthChecks(
  selector: HealthCheckSelector,
  field: FieldParser,
  faults: string[],
): HealthCheckMatchers | undefined {
  const { matchLabels, matchExpressions } = selector;
  const hasShortForm = matchLabels !== undefined || matchExpressions !== undefined;
  if (hasShortForm && selector.selector !== undefined) {
    faults.push(
      'spec.healthCheckSelector: has both `selector` and its short form `matchLabels`/`matchExpressions`: keep one',
    );
  }
  const shortForm: LabelSelector | undefined = hasShortForm
    ? { ...(matchLabels && { matchLabels }), ...(matchExpressions && { matchExpressions }) }
    : undefined;
  const path = selector.selector === undefined ? 'spec.healthCheckSelector' : 'spec.healthCheckSelector.selector';
  const matches = field(path, selector.selector ?? shortForm, compileLabelSelector);
  const namespacePath = 'spec.healthCheckSelector.namespaceSelector';
  const matchesNamespace = field(namespacePath, selector.namespaceSelector, compileLabelSelector);
  // A namespace selector that cannot be understood must not widen or narrow the search silently: nothing is selected.
  if (selector.namespaceSelector !== undefined && matchesNamespace === undefined) return undefined;
  return matches && { matches, matchesNamespace };
}

function parsePositiveDuration(text: string): Temporal.Duration {
  const duration = parseDuration(text);
  if (duration.sign >= 0) return duration;
  throw new InvalidValueError('KBK_API_INVALID_DURATION', text, `"${text}" is negative: write 0s or more`);
}
