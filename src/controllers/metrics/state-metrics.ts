/** What is so now: read from the watched objects when somebody scrapes, so that it is never stale and never kept twice. */
import type { Gauge, Registry } from 'prom-client';
import type { HealthCheck } from '../../api/health-check.ts';
import { instantOf } from '../../api/instant.ts';
import { healthMetrics, processMetrics, stateMetrics } from '../../api/metrics.ts';
import { BakeStatus, type Rollout } from '../../api/rollout.ts';
import { makeGauge } from '../../kube/metrics.ts';

export interface Sight {
  /** Whether this process works: one that stands by would tell everything a second time. */
  readonly isLeading: () => boolean;
  readonly rollouts: () => readonly Rollout[];
  readonly checks: () => readonly HealthCheck[];
}

const verdicts = ['Healthy', 'Unhealthy', 'Pending'] as const;

/** Adds them to the registry; each scrape looks. */
export function exposeState(registry: Registry, sight: Sight): void {
  const leading = makeGauge(registry, processMetrics.leading, () => {
    leading.set(sight.isLeading() ? 1 : 0);
  });
  exposeRollouts(registry, sight);
  exposeChecks(registry, sight);
}

/** The registry asks in order of registration: the first one looks for all. */
function exposeRollouts(registry: Registry, { isLeading, rollouts }: Sight): void {
  const info = makeGauge(registry, stateMetrics.info, () => {
    for (const gauge of gauges) gauge.reset();
    for (const rollout of isLeading() ? rollouts() : []) show(rollout);
  });
  const bakeStatus = makeGauge(registry, stateMetrics.bakeStatus);
  const reason = makeGauge(registry, stateMetrics.reason);
  const deployedAt = makeGauge(registry, stateMetrics.deployedAt);
  const candidates = makeGauge(registry, stateMetrics.candidates);
  const gauges: readonly Pick<Gauge, 'reset'>[] = [info, bakeStatus, reason, deployedAt, candidates];

  const show = ({ metadata, status }: Rollout): void => {
    const labels = { namespace: metadata.namespace ?? '', rollout: metadata.name };
    candidates.set(labels, status?.releaseCandidates?.length ?? 0);
    const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
    if (progressing !== undefined) reason.set({ ...labels, reason: progressing.reason }, 1);
    const newest = status?.history?.[0];
    if (newest === undefined) return;
    info.set({ ...labels, version: newest.version.tag }, 1);
    for (const one of BakeStatus) bakeStatus.set({ ...labels, status: one }, newest.bakeStatus === one ? 1 : 0);
    const at = instantOf(newest.timestamp);
    if (at !== undefined) deployedAt.set(labels, at.epochMilliseconds / 1000);
  };
}

function exposeChecks(registry: Registry, { isLeading, checks }: Sight): void {
  const verdict = makeGauge(registry, healthMetrics.status, () => {
    verdict.reset();
    ready.reset();
    for (const check of isLeading() ? checks() : []) show(check);
  });
  const ready = makeGauge(registry, healthMetrics.ready);

  const show = ({ metadata, spec, status }: HealthCheck): void => {
    const labels = { namespace: metadata.namespace ?? '', healthcheck: metadata.name, class: spec.class ?? '' };
    // Not judged yet is not known yet.
    const now = status?.status ?? 'Pending';
    for (const one of verdicts) verdict.set({ ...labels, status: one }, now === one ? 1 : 0);
    const condition = status?.conditions?.find(({ type }) => type === 'Ready');
    if (condition !== undefined)
      ready.set({ ...labels, reason: condition.reason }, condition.status === 'True' ? 1 : 0);
  };
}
