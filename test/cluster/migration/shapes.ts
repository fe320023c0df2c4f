/** Every shape of history that some version of upstream wrote, with v1.0.0 as what runs. */

export interface Shape {
  readonly spec?: Readonly<Record<string, unknown>>;
  /** Newest first. */
  readonly history: readonly Readonly<Record<string, unknown>>[];
  readonly availableReleases?: readonly unknown[];
  /** What the newest two entries become when v1.1.0 has been released and, if need be, let through. */
  readonly next: readonly [string, string];
  readonly nextId: number;
  /** A person has to let v1.1.0 through. */
  readonly unblock?: boolean;
}

/** @param seconds before now, to the second */
export function ago(seconds: number): string {
  return Temporal.Now.instant().subtract({ seconds }).round({ smallestUnit: 'second' }).toString();
}

const system = { kind: 'System', name: 'rollout-controller' };
const said = { message: 'Automatic deployment', triggeredBy: system };

function entry(tag: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { version: { tag }, timestamp: ago(3600), ...more };
}

const ended = { ...said, bakeStartTime: ago(3590), bakeEndTime: ago(3500) };
const failed = {
  ...ended,
  bakeStatus: 'Failed',
  bakeStatusMessage: 'A HealthCheck reported an error after deployment.',
  failedHealthChecks: [{ name: 'app', namespace: 'apps', message: 'broken' }],
};
const judged = (name: string) => ({ selector: { matchLabels: { judges: name } } });

/** Ends in seconds, by a start that only the stored status knows. */
export const bakeStart = ago(600 - 40);

/** By the name of the Rollout. */
export const shapes: Readonly<Record<string, Shape>> = {
  'plain-strings': {
    history: [
      { version: 'v1.0.0', timestamp: ago(3600), bakeStatus: 'Succeeded' },
      { version: 'v0.9.0', timestamp: ago(7200), bakeStatus: 'Failed' },
    ],
    availableReleases: ['v0.9.0', 'v1.0.0'],
    next: ['v1.1.0 Succeeded', 'v1.0.0 Succeeded'],
    nextId: 1,
  },
  'no-ids': {
    history: [entry('v1.0.0', { bakeStatus: 'Succeeded' }), entry('v0.9.0', { bakeStatus: 'Failed' })],
    next: ['v1.1.0 Succeeded', 'v1.0.0 Succeeded'],
    nextId: 1,
  },
  'no-bake': {
    history: [entry('v1.0.0'), entry('v0.9.0')],
    next: ['v1.1.0 Succeeded', 'v1.0.0 '],
    nextId: 1,
  },
  pending: {
    history: [entry('v1.0.0', { bakeStatus: 'Pending' })],
    next: ['v1.1.0 Succeeded', 'v1.0.0 Pending'],
    nextId: 1,
  },
  succeeded: {
    history: [
      entry('v1.0.0', { id: 9, ...ended, bakeStatus: 'Succeeded' }),
      entry('v0.9.1', { id: 8, ...ended, bakeStatus: 'Cancelled' }),
      entry('v0.9.0', { id: 7, ...failed }),
    ],
    next: ['v1.1.0 Succeeded', 'v1.0.0 Succeeded'],
    nextId: 10,
  },
  failed: {
    history: [entry('v1.0.0', { id: 7, ...failed }), entry('v0.9.0', { id: 6, ...ended, bakeStatus: 'Succeeded' })],
    next: ['v1.1.0 Succeeded', 'v1.0.0 Failed'],
    nextId: 8,
    unblock: true,
  },
  cancelled: {
    history: [
      entry('v1.0.0', { id: 4, ...ended, bakeStatus: 'Cancelled', lastRetryTimestamp: ago(3550) }),
      entry('v0.9.0', { id: 3, ...ended, bakeStatus: 'Succeeded' }),
    ],
    next: ['v1.1.0 Succeeded', 'v1.0.0 Cancelled'],
    nextId: 5,
  },
  baking: {
    spec: { bakeTime: '10m' },
    history: [entry('v1.0.0', { id: 2, ...said, bakeStatus: 'InProgress', bakeStartTime: bakeStart })],
    next: ['v1.1.0 InProgress', 'v1.0.0 Succeeded'],
    nextId: 3,
  },
  deploying: {
    spec: { healthCheckSelector: judged('deploying') },
    history: [entry('v1.0.0', { id: 2, ...said, bakeStatus: 'Deploying' })],
    next: ['v1.1.0 Deploying', 'v1.0.0 Succeeded'],
    nextId: 3,
  },
  gated: {
    history: [entry('v1.0.0', { id: 5, ...ended, bakeStatus: 'Succeeded' })],
    next: ['v1.1.0 Succeeded', 'v1.0.0 Succeeded'],
    nextId: 6,
    unblock: true,
  },
  checked: {
    spec: { bakeTime: '1s', healthCheckSelector: judged('checked') },
    history: [entry('v1.0.0', { id: 5, ...ended, bakeStatus: 'Succeeded' })],
    next: ['v1.1.0 Succeeded', 'v1.0.0 Succeeded'],
    nextId: 6,
  },
};

/** The variable of the Kustomization that a Rollout fills. */
export function variableOf(rollout: string): string {
  return rollout.replaceAll('-', '_').toUpperCase();
}
