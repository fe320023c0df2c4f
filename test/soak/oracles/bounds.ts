/** I7 and I10 by the audit log, and what a process may use: no loop, nothing written at rest, memory within its limit. */
import { isWrite, type Request } from '../../cluster/support/audit.ts';
import type { Report } from './violation.ts';

export interface Cost {
  readonly requests: readonly Request[];
  readonly deployments: number;
  /** What people and Flux did to objects that our controllers look at. */
  readonly actions: number;
  readonly starts: number;
  /** Of API server and etcd: every watch begins anew. */
  readonly outages: number;
  readonly rollouts: number;
}

/** Requests for each: together about twice what is measured. A start lists and watches every kind. */
const forEach = { deployment: 10, action: 1, start: 45, outage: 60, rollout: 10 };

export const mostRequests = ({ deployments, actions, starts, outages, rollouts }: Cost): number =>
  forEach.deployment * deployments +
  forEach.action * actions +
  forEach.start * starts +
  forEach.outage * outages +
  forEach.rollout * rollouts;

export function inspectCost(cost: Cost, report: Report): void {
  const most = mostRequests(cost);
  const { requests, deployments } = cost;
  if (requests.length > most)
    report(
      'I10',
      '',
      `${requests.length} requests for ${deployments} deployments; at most ${most} for all that happened`,
    );
}

/** Reads in one minute in which nothing is due: watches that end after some minutes, and begin anew. */
const mostReads = 100;

/** @param requests of a minute or more, since which nothing was to be done */
export function inspectRest(requests: readonly Request[], report: Report): void {
  const writes = requests.filter(isWrite);
  const kinds = [...new Set(writes.map(({ verb, resource }) => `${verb} ${resource}`))].join(', ');
  if (writes.length > 0) report('I7', '', `${writes.length} writes at rest: ${kinds}`);
  const reads = requests.length - writes.length;
  if (reads > mostReads) report('I10', '', `${reads} reads at rest, at most ${mostReads}`);
}

/** The limit of the shipped Deployment. */
const mostBytes = 512 * 2 ** 20;

/** @param residentBytes of a process at its peak */
export function inspectMemory(residentBytes: number, report: Report): void {
  const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
  if (!(residentBytes > 0)) report('bounds', '', 'the memory of no controller was measured');
  if (residentBytes > mostBytes)
    report('bounds', '', `a controller held ${megabytes(residentBytes)} MiB, its limit is ${megabytes(mostBytes)} MiB`);
}
