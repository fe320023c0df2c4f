/**
 * I1, "no automatic deploy while a gate is closed, a freeze is on, or the target is unhealthy (first deploy and recorded
 * overrides excepted)". A deployment is judged by everything that the controllers may have known: only what held it in
 * each of these states is held against them.
 */
import { BYPASS_GATES, FORCE_DEPLOY, ROLLBACK, UNBLOCK_FAILED } from '../../../src/api/annotations.ts';
import type { Freeze } from '../../../src/api/freeze.ts';
import type { HealthCheck } from '../../../src/api/health-check.ts';
import type { HistoryEntry, Rollout } from '../../../src/api/rollout.ts';
import { CONTROLLERS } from '../controllers.ts';
import { holdOf } from './gate-truth.ts';
import { APPROVALS, CHECKS, CLUSTER_SCHEDULES, FREEZES, GATES, type Ledger, ROLLOUTS, SCHEDULES } from './ledger.ts';
import { entryText, type Memory } from './memory.ts';
import { instant, type Moment, namespaceOf } from './scene.ts';
import { selects } from './selector.ts';
import type { Report } from './violation.ts';
import { isOpen, type Schedule } from './windows.ts';

export class Permission {
  readonly #ledger: Ledger;
  readonly #report: Report;

  constructor(ledger: Ledger, report: Report) {
    this.#ledger = ledger;
    this.#report = report;
  }

  /** @param isFirst nothing ran here before */
  inspect(entry: HistoryEntry, rollout: Rollout, memory: Memory, moment: Moment, isFirst: boolean): void {
    const { trigger, version } = entry;
    const wishes = new Wishes(rollout, moment);
    const isAsked = trigger === 'Manual' && !wishes.overrides(version.tag);
    if (trigger !== 'Automatic' && trigger !== 'Rollback' && !isAsked) return;
    const told = `${rollout.metadata.name}: ${entryText(entry)}`;
    this.#inspectFreezes(told, rollout, moment);
    if (trigger === 'Rollback') return;
    const deployer = isAsked ? entry.triggeredBy?.name : undefined;
    if (!wishes.bypass(version.tag)) this.#inspectGates(told, entry, rollout, { isFirst, deployer }, moment);
    if (isFirst) return;
    if (!wishes.bypass(version.tag)) this.#inspectWindows(told, rollout, moment);
    this.#inspectHealth(told, rollout, moment);
    const [failed] = memory.history;
    if (trigger === 'Automatic' && failed?.bakeStatus === 'Failed' && !wishes.unblocks)
      this.#report('I1', `${told} past ${entryText(failed)}, which nobody has unblocked`);
  }

  #inspectFreezes(told: string, { metadata: { namespace = '', labels } }: Rollout, moment: Moment): void {
    const isOn = (freeze: Freeze | undefined): boolean => {
      if (freeze === undefined || instant(freeze.spec.until) <= moment.now + moment.slack) return false;
      const labelsOfNamespace = labelsIn(this.#ledger.now('/namespaces', `/${namespace}`));
      return selects(freeze.spec.rolloutSelector, labels) && selects(freeze.spec.namespaceSelector, labelsOfNamespace);
    };
    for (const [key, versions] of moment.each(FREEZES)) {
      if (versions.every(isOn)) this.#report('I1', `${told} during Freeze ${key.slice(1)}`);
    }
  }

  #inspectGates(
    told: string,
    { version }: HistoryEntry,
    { metadata: { name, namespace = '' } }: Rollout,
    asked: { readonly isFirst: boolean; readonly deployer: string | undefined },
    moment: Moment,
  ): void {
    const approvals = [...moment.each(APPROVALS)].map(([, versions]) => versions);
    const { tag, digest } = version;
    const question = { tag, digest, at: moment.now, slack: moment.slack, approvals, ...asked };
    for (const [key, versions] of moment.each(GATES)) {
      if (namespaceOf(key) !== namespace) continue;
      const holds = versions.map((gate) => (gate?.spec.rolloutRef.name === name ? holdOf(gate, question) : undefined));
      if (holds.every((hold) => hold !== undefined))
        this.#report('I1', `${told} past RolloutGate ${key}, which ${holds.at(-1)}`);
    }
  }

  /** Their gates are the controllers' own work: what counts is the calendar. */
  #inspectWindows(told: string, { metadata }: Rollout, moment: Moment): void {
    const { namespace = '', name, labels } = metadata;
    const labelsOfNamespace = labelsIn(this.#ledger.now('/namespaces', `/${namespace}`));
    for (const resource of [SCHEDULES, CLUSTER_SCHEDULES] as const) {
      for (const [key, versions] of moment.each(resource)) {
        if (resource === SCHEDULES && namespaceOf(key) !== namespace) continue;
        const isClosed = versions.every((schedule) => {
          if (schedule === undefined || !selects(schedule.spec.rolloutSelector, labels)) return false;
          if ('namespaceSelector' in schedule.spec && !selects(schedule.spec.namespaceSelector, labelsOfNamespace))
            return false;
          return isClosedAround(schedule, moment);
        });
        if (isClosed && !this.#isMeddledWith(key, namespace, name, moment))
          this.#report('I1', `${told} outside of the window of ${resource} ${key}`);
      }
    }
  }

  /** Somebody else wrote the gate of the schedule: for a moment it says what they want. */
  #isMeddledWith(schedule: string, namespace: string, rollout: string, moment: Moment): boolean {
    const name = schedule.slice(schedule.indexOf('/') + 1);
    return [...moment.each(GATES)].some(([key, versions]) => {
      const gate = versions.at(-1) ?? versions[0];
      const isIts = gate?.metadata.labels?.['gate.kuberik.com/schedule-name'] === name;
      const isOf = namespaceOf(key) === namespace && gate?.spec.rolloutRef.name === rollout;
      return isOf && isIts && moment.isForeign(GATES, key, `${CONTROLLERS}.`);
    });
  }

  #inspectHealth(told: string, rollout: Rollout, moment: Moment): void {
    for (const [key, versions] of moment.each(CHECKS)) {
      const isUnhealthy = versions.every(
        (check) => check !== undefined && isSelected(rollout, check) && check.status?.status === 'Unhealthy',
      );
      if (isUnhealthy) this.#report('I1', `${told} while HealthCheck ${key} is unhealthy`);
    }
  }
}

/** Checks of the namespace of the Rollout: that of other namespaces only selectors of namespaces reach, which worlds lack. */
export function isSelected({ metadata, spec }: Rollout, check: HealthCheck): boolean {
  const { healthCheckSelector } = spec;
  if (healthCheckSelector === undefined || check.metadata.namespace !== metadata.namespace) return false;
  return selects(healthCheckSelector.selector ?? healthCheckSelector, check.metadata.labels);
}

/** Now, and as far before and after as clocks may be off. */
function isClosedAround(schedule: Schedule, { now, slack }: Moment): boolean {
  const steps = Math.max(1, Math.ceil(slack / 30_000));
  const times = Array.from({ length: 2 * steps + 1 }, (_, index) => now - slack + (index * slack) / steps);
  return times.every((at) => !isOpen(schedule, at));
}

function labelsIn(object: unknown): Readonly<Record<string, string>> {
  const { metadata } = (object ?? {}) as { metadata?: { labels?: Record<string, string> } };
  return metadata?.labels ?? {};
}

/** What people asked for, in any of the states that the controllers may have seen. */
class Wishes {
  readonly #rollouts: readonly Rollout[];

  constructor({ metadata: { namespace = '', name } }: Rollout, moment: Moment) {
    const key = `${namespace}/${name}`;
    this.#rollouts = moment.seen(ROLLOUTS, key).filter((one) => one !== undefined);
  }

  /** A pin, a forced version or a rollback by hand: past gates, freezes and health. */
  overrides(tag: string): boolean {
    return this.#rollouts.some(({ metadata: { annotations = {} }, spec }) => {
      const pin = spec.wantedVersion || spec.releasesImagePolicy.wantedVersion;
      return pin === tag || annotations[FORCE_DEPLOY]?.includes(tag) === true || ROLLBACK in annotations;
    });
  }

  bypass(tag: string): boolean {
    return this.#rollouts.some(({ metadata: { annotations = {} } }) => annotations[BYPASS_GATES] === tag);
  }

  get unblocks(): boolean {
    return this.#rollouts.some(({ metadata: { annotations = {} } }) => annotations[UNBLOCK_FAILED] === 'true');
  }
}
