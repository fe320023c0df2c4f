/** What a world has come to: with faults the same as without, since they have ended. */
import type { HealthCheck } from '../../src/api/health-check.ts';
import type { Rollout } from '../../src/api/rollout.ts';
import type { RolloutGate } from '../../src/api/rollout-gate.ts';
import { type Application, keyTextOf } from './application.ts';
import {
  CHECKS,
  GATES,
  KUSTOMIZATIONS,
  type Ledger,
  REPOSITORIES,
  ROLLOUTS,
  SCHEDULES,
  type Stored,
} from './oracles/ledger.ts';
import { namespaceOf } from './oracles/scene.ts';
import { carriedBy } from './oracles/targets.ts';
import { isOpen, type Schedule } from './oracles/windows.ts';
import type { SimulatedWorld } from './world.ts';

/**
 * Of one application. How it got there may differ, and so may what is remembered of it: how many deployments there were,
 * which releases failed on the way, and when.
 */
export interface Final {
  readonly app: string;
  readonly version: string;
  readonly bake: string;
  /** By each target. */
  readonly carried: readonly string[];
  /** Type, status and reason of each condition. */
  readonly conditions: readonly string[];
  readonly candidates: readonly string[];
  /** Requests that nobody has answered. */
  readonly requests: readonly string[];
  readonly gates: readonly string[];
  readonly checks: readonly string[];
}

/** Whether deployments count as failures depends on what came before. */
const ofThePast = 'BakeFailureDisabled';
const requestKeys = /^rollout\.kuberik\.com\/(deploy|force-deploy|rollback|retry|unblock-failed|revoke|bypass-gates)$/;

export function finalsOf({ setting }: SimulatedWorld, ledger: Ledger): readonly Final[] {
  return setting.applications.map((app) => finalOf(app, ledger));
}

function finalOf(app: Application, ledger: Ledger): Final {
  const key = keyTextOf(app);
  const rollout = (ledger.now(ROLLOUTS, key) ?? {}) as Partial<Rollout>;
  const { status, metadata } = rollout;
  const [newest] = status?.history ?? [];
  return {
    app: key,
    version: newest?.version.tag ?? '',
    bake: newest?.bakeStatus ?? '',
    carried: carriedFor(app, ledger),
    conditions: (status?.conditions ?? [])
      .filter(({ type }) => type !== ofThePast)
      .map(({ type, status: is, reason }) => `${type} ${is} ${reason}`)
      .toSorted(),
    candidates: (status?.releaseCandidates ?? []).map(({ tag }) => tag),
    requests: Object.keys(metadata?.annotations ?? {}).filter((name) => requestKeys.test(name)),
    gates: gatesOf(app, ledger),
    checks: checksOf(app, ledger),
  };
}

function carriedFor({ namespace, name }: Application, ledger: Ledger): readonly string[] {
  return [KUSTOMIZATIONS, REPOSITORIES].flatMap((resource) =>
    here(resource, namespace, ledger).flatMap(([key, object]) =>
      carriedBy(object).flatMap(({ rollout, value }) => (rollout === name ? [`${key} ${value}`] : [])),
    ),
  );
}

function gatesOf({ namespace, name }: Application, ledger: Ledger): readonly string[] {
  return here(GATES, namespace, ledger)
    .map(([, object]) => object as unknown as RolloutGate)
    .filter(({ spec }) => spec.rolloutRef.name === name)
    .map(({ metadata, spec }) => `${metadata.name} ${spec.passing ?? true}`)
    .toSorted();
}

function checksOf({ namespace, name }: Application, ledger: Ledger): readonly string[] {
  return here(CHECKS, namespace, ledger)
    .map(([, object]) => object as unknown as HealthCheck)
    .filter(({ metadata }) => metadata.labels?.app === name)
    .map(({ metadata, status }) => `${metadata.name} ${status?.status}`)
    .toSorted();
}

const here = (resource: string, namespace: string, ledger: Ledger): (readonly [string, Stored])[] =>
  [...ledger.living(resource)].filter(([key]) => namespaceOf(key) === namespace);

export function differences(one: readonly Final[], other: readonly Final[]): readonly string[] {
  return one.flatMap((final, index) => {
    const fields = Object.entries(final).flatMap(([field, value]) => {
      const [is, was] = [value, other[index]?.[field as keyof Final]].map((each) => JSON.stringify(each));
      return is === was ? [] : [`${field} ${is} instead of ${was}`];
    });
    return fields.length === 0 ? [] : [`${final.app}: ${fields.join(', ')}`];
  });
}

/** What the last actions make certain: everything was opened, and then a good release came. */
export function isCertain(finals: readonly Final[], wanted: ReadonlyMap<string, string>): boolean {
  return finals.every(({ app, version, bake, carried, conditions, requests, checks }) => {
    const isThere = version === wanted.get(app) && bake === 'Succeeded' && requests.length === 0;
    const isCarried = carried.length > 0 && carried.every((text) => text.endsWith(` ${version}`));
    const isHealthy = checks.every((text) => text.endsWith(' Healthy'));
    return isThere && isCarried && isHealthy && conditions.includes('Progressing False UpToDate');
  });
}

/** Gates of schedules that say something else than the calendar, at the end of a world. */
export function wrongWindows(ledger: Ledger, at: number): readonly string[] {
  return [...ledger.living(GATES)].flatMap(([key, object]) => {
    const { metadata, spec } = object as unknown as RolloutGate;
    const name = metadata.labels?.['gate.kuberik.com/schedule-name'];
    const schedule = ledger.now(SCHEDULES, `${namespaceOf(key)}/${name}`) as Schedule | undefined;
    if (schedule === undefined || metadata.labels?.['gate.kuberik.com/schedule-kind'] !== 'RolloutSchedule') return [];
    // Right at a transition it may be on its way.
    if (isOpen(schedule, at) !== isOpen(schedule, at - 60_000) || spec.passing === isOpen(schedule, at)) return [];
    return [`RolloutGate ${key} is ${spec.passing ? 'open' : 'closed'} and its schedule is not`];
  });
}
