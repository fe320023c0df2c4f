/**
 * `metrics` is what Prometheus is told about deliveries and health. This file counts: the facts of each status that the
 * Rollout controller writes, and the time for which newer releases are held back.
 */
import type { Counter, Histogram, Registry } from 'prom-client';
import { isBefore } from '../../api/instant.ts';
import { keyOf, keyText, type ObjectKey } from '../../api/meta.ts';
import { deliveryMetrics, stateMetrics } from '../../api/metrics.ts';
import type { Rollout } from '../../api/rollout.ts';
import { type DeploymentFact, deploymentFacts } from '../../core/deployment-facts.ts';
import { heldBack } from '../../core/held-back.ts';
import type { Clock } from '../../kube/clock.ts';
import { makeCounter, makeGauge, makeHistogram } from '../../kube/metrics.ts';

interface Labels {
  readonly namespace: string;
  readonly rollout: string;
}

interface Hold {
  readonly reason: string;
  readonly since: Temporal.Instant;
  /** Up to here it is in the counter. */
  counted: Temporal.Instant;
}

interface Known {
  readonly labels: Labels;
  /** That it was ever held back for. */
  readonly reasons: Set<string>;
  hold: Hold | undefined;
}

const triggers = ['Automatic', 'Manual', 'Rollback'] as const;
const returns = ['Manual', 'Rollback'] as const;
const results = ['Succeeded', 'Failed', 'Cancelled'] as const;
const stages = ['Deployed', 'Succeeded'] as const;

export class DeliveryMetrics {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #deployments: Counter<'namespace' | 'rollout' | 'trigger' | 'result'>;
  readonly #rollbacks: Counter<'namespace' | 'rollout' | 'trigger'>;
  readonly #leadTime: Histogram<'namespace' | 'rollout' | 'until'>;
  readonly #restore: Histogram<'namespace' | 'rollout'>;
  readonly #bake: Histogram<'namespace' | 'rollout'>;
  readonly #blocked: Counter<'namespace' | 'rollout' | 'reason'>;

  constructor(registry: Registry, clock: Clock) {
    this.#clock = clock;
    this.#deployments = makeCounter(registry, deliveryMetrics.deployments);
    this.#rollbacks = makeCounter(registry, deliveryMetrics.rollbacks);
    this.#leadTime = makeHistogram(registry, deliveryMetrics.leadTime);
    this.#restore = makeHistogram(registry, deliveryMetrics.restore);
    this.#bake = makeHistogram(registry, deliveryMetrics.bake);
    this.#blocked = makeCounter(registry, deliveryMetrics.blocked, () => {
      for (const known of this.#known.values()) this.#count(known);
    });
    const since = makeGauge(registry, stateMetrics.blockedSince, () => {
      since.reset();
      for (const { labels, hold } of this.#known.values()) {
        if (hold !== undefined) since.set({ ...labels, reason: hold.reason }, hold.since.epochMilliseconds / 1000);
      }
    });
  }

  /** A look at a Rollout is over. @param after what it wrote; `before` itself when it wrote nothing */
  looked(before: Rollout, after: Rollout): void {
    const id = keyText(keyOf(after));
    const known = this.#known.get(id) ?? this.#meet(id, after);
    const facts = before === after ? [] : deploymentFacts(before.status, after.status);
    for (const fact of facts) this.#record(known.labels, fact);
    this.#hold(known, before, after);
  }

  /** There is no such Rollout any more: its series end. */
  forget(key: ObjectKey): void {
    const known = this.#known.get(keyText(key));
    if (known === undefined) return;
    this.#known.delete(keyText(key));
    const { labels, reasons } = known;
    for (const trigger of triggers) {
      for (const result of results) this.#deployments.remove({ ...labels, trigger, result });
    }
    for (const trigger of returns) this.#rollbacks.remove({ ...labels, trigger });
    for (const until of stages) this.#leadTime.remove({ ...labels, until });
    this.#restore.remove({ ...labels });
    this.#bake.remove({ ...labels });
    for (const reason of reasons) this.#blocked.remove({ ...labels, reason });
  }

  /** Every series begins at 0: of one that begins at 1 Prometheus never sees the increase. */
  #meet(id: string, { metadata }: Rollout): Known {
    const labels = { namespace: metadata.namespace ?? '', rollout: metadata.name };
    const known: Known = { labels, reasons: new Set(), hold: undefined };
    this.#known.set(id, known);
    for (const trigger of triggers) {
      for (const result of results) this.#deployments.inc({ ...labels, trigger, result }, 0);
    }
    for (const trigger of returns) this.#rollbacks.inc({ ...labels, trigger }, 0);
    for (const until of stages) this.#leadTime.zero({ ...labels, until });
    this.#restore.zero({ ...labels });
    this.#bake.zero({ ...labels });
    return known;
  }

  #record(labels: Labels, fact: DeploymentFact): void {
    const { trigger, leadSeconds } = fact;
    if (fact.kind === 'began') {
      if (fact.isRollback) this.#rollbacks.inc({ ...labels, trigger });
      if (leadSeconds !== undefined) this.#leadTime.observe({ ...labels, until: 'Deployed' }, leadSeconds);
      return;
    }
    const { result, bakeSeconds, restoreSeconds } = fact;
    this.#deployments.inc({ ...labels, trigger, result });
    if (leadSeconds !== undefined) this.#leadTime.observe({ ...labels, until: 'Succeeded' }, leadSeconds);
    if (bakeSeconds !== undefined) this.#bake.observe({ ...labels }, bakeSeconds);
    if (restoreSeconds !== undefined) this.#restore.observe({ ...labels }, restoreSeconds);
  }

  /** What held back before this process looked was another's to count; only since when is taken from the status. */
  #hold(known: Known, before: Rollout, after: Rollout): void {
    const next = heldBack(after.status);
    if (next?.reason === known.hold?.reason) return;
    this.#count(known);
    const now = this.#clock.now();
    if (next === undefined) {
      known.hold = undefined;
      return;
    }
    const found = heldBack(before.status)?.reason === next.reason ? next.since : undefined;
    known.hold = { reason: next.reason, since: found ?? now, counted: now };
    known.reasons.add(next.reason);
    this.#blocked.inc({ ...known.labels, reason: next.reason }, 0);
  }

  #count({ labels, hold }: Known): void {
    const now = this.#clock.now();
    if (hold === undefined || !isBefore(hold.counted, now)) return;
    const { reason, counted } = hold;
    this.#blocked.inc({ ...labels, reason }, (now.epochMilliseconds - counted.epochMilliseconds) / 1000);
    hold.counted = now;
  }
}
