/** Facts for tests: a Rollout `apps/app` on which `v1.3.0` runs and `v1.4.0` is newer. */
import { Approval } from '../../api/approval.ts';
import { Freeze } from '../../api/freeze.ts';
import { Rollout } from '../../api/rollout.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import type { Facts } from './facts.ts';

export const now = Temporal.Instant.from('2026-11-21T12:00:00Z');
const apiVersion = 'kuberik.com/v1alpha1';

export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
export const release = (tag: string) => ({ tag, digest: digest(tag.slice(-3, -2)) });

export function deployed(id: number, tag: string, bakeStatus = 'Succeeded', more: object = {}): object {
  return { id, version: release(tag), timestamp: `2026-11-${10 + id}T12:00:00Z`, bakeStatus, ...more };
}

interface Situation {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: object;
  readonly status?: object;
  readonly gates?: readonly RolloutGate[];
  readonly approvals?: readonly Approval[];
  readonly freezes?: readonly Freeze[];
  readonly registry?: Facts['registry'];
  readonly user?: string;
}

export function factsOf(situation: Situation = {}): Facts {
  const { annotations = {}, spec = {}, status = {}, gates = [], approvals = [], freezes = [], registry } = situation;
  const rollout = Rollout.parse({
    apiVersion,
    kind: 'Rollout',
    metadata: { name: 'app', namespace: 'apps', annotations, generation: 1 },
    spec: { releasesImagePolicy: { name: 'app' }, ...spec },
    status: {
      history: [deployed(3, 'v1.3.0'), deployed(2, 'v1.2.0'), deployed(1, 'v1.1.0', 'Failed')],
      availableReleases: ['v1.1.0', 'v1.2.0', 'v1.3.0', 'v1.4.0'].map(release),
      releaseCandidates: [release('v1.4.0')],
      ...status,
    },
  });
  const { user = 'jane' } = situation;
  return { rollout, gates, approvals, freezes, user, now, unread: [], ...(registry && { registry }) };
}

export function gateOf(name: string, spec: object = {}, labels: Readonly<Record<string, string>> = {}): RolloutGate {
  const metadata = { name, namespace: 'apps', labels };
  return RolloutGate.parse({
    apiVersion,
    kind: 'RolloutGate',
    metadata,
    spec: { rolloutRef: { name: 'app' }, ...spec },
  });
}

export function freezeOf(name: string, spec: object = {}): Freeze {
  return Freeze.parse({ apiVersion, kind: 'Freeze', metadata: { name }, spec: { reason: 'no changes', ...spec } });
}

export function approvalOf(gate: string, by: string, version = 'v1.4.0', decision = 'Approve'): Approval {
  const metadata = { name: `${gate}-${by}`, namespace: 'apps', creationTimestamp: '2026-11-21T11:00:00Z' };
  const spec = { gateRef: { name: gate }, version, decision, by };
  return Approval.parse({ apiVersion, kind: 'Approval', metadata, spec });
}
