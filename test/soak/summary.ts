/** What a soak came to: for a person, and for the record. */
import type { Violation } from './oracles/violation.ts';

export interface Summary {
  readonly seed: number;
  readonly rollouts: number;
  readonly namespaces: number;
  /** Applied by real Flux and run on pods; all others are scanned by it alone. */
  readonly realRollouts: number;
  /** Of releases and kills. */
  readonly seconds: number;
  /** Until everything had come to rest. */
  readonly settleSeconds: number;
  readonly totalSeconds: number;
  readonly kills: Readonly<Record<string, number>>;
  readonly controllerStarts: number;
  /** Controllers that ended by themselves, by exit code: a replica does when it loses its lease. */
  readonly controllerEnds: Readonly<Record<string, number>>;
  readonly releases: number;
  readonly failingReleases: number;
  readonly actions: Readonly<Record<string, number>>;
  readonly refusedActions: number;
  /** After the end, by a person, since a failed deployment stays. */
  readonly helpedOut: number;
  readonly deployments: Readonly<Record<string, number>>;
  /** Writes of a version into a target. */
  readonly targetWrites: number;
  readonly eventsOfSuccess: number;
  readonly versionsSeen: number;
  readonly observerWatches: number;
  readonly requests: number;
  readonly mostRequests: number;
  readonly writes: number;
  readonly requestsByKind: Readonly<Record<string, number>>;
  readonly tornAuditLines: number;
  readonly restSeconds: number;
  readonly requestsAtRest: number;
  readonly peakMegabytes: number;
  readonly violations: readonly Violation[];
}

const list = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ') || 'none';
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, each) => total + each, 0);

export function summaryText(summary: Summary): string {
  const { rollouts, namespaces, realRollouts, seconds, settleSeconds, deployments, requests, violations } = summary;
  const deployed = sum(deployments);
  const lines = [
    `seed ${summary.seed}: ${rollouts} Rollouts in ${namespaces} namespaces, ${realRollouts} of them with Flux and pods`,
    `${seconds} s of releases and kills, at rest ${settleSeconds} s later, ${summary.totalSeconds} s in all`,
    `killed: ${list(summary.kills)}; ${summary.controllerStarts} controllers started, ended by themselves: ${list(summary.controllerEnds)}`,
    `${summary.releases} releases, ${summary.failingReleases} of them failing; people: ${list(summary.actions)}; refused ${summary.refusedActions}`,
    `${deployed} deployments: ${list(deployments)}; helped out at the end: ${summary.helpedOut}`,
    `${summary.versionsSeen} versions of objects seen, in ${summary.observerWatches} watches; ${summary.targetWrites} versions written to targets, ${summary.eventsOfSuccess} Events of a success`,
    `${requests} requests (at most ${summary.mostRequests}), ${(requests / Math.max(1, deployed)).toFixed(1)} for each deployment, ${summary.writes} of them writes; ${summary.tornAuditLines} lines of the audit log torn`,
    `at rest for ${summary.restSeconds} s: ${summary.requestsAtRest} requests; a controller held ${summary.peakMegabytes} MiB at most`,
    violations.length === 0 ? 'nothing lost, nothing wrong' : `${violations.length} violations:`,
  ];
  return lines.join('\n');
}

export function violationText({ invariant, at, rollout, message }: Violation): string {
  return `${new Date(at).toISOString()} ${invariant} ${rollout}: ${message}`;
}
