/** What people do at the gates of the story, by the code of the verbs that they would type. */
import type { VersionInfo } from '../../api/rollout.ts';
import type { Reason } from '../../core/plan.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { planDecision } from '../operations/decide-gate.ts';
import { type Facts, knownVersions, obstaclesFor } from '../operations/facts.ts';
import { write } from '../verbs/change.ts';
import { lookAt } from '../verbs/look.ts';
import { APPROVER, BOARD, NAME, NAMESPACE } from './application.ts';

interface Looking {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const key = { namespace: NAMESPACE, name: NAME };

/** What keeps a version from being deployed; empty while the version is not known, or free. */
export async function whyHeld({ client, ...context }: Looking, tag: string): Promise<readonly Reason[]> {
  const facts = await lookAt(context, { client, user: '' }, key);
  const version = versionOf(facts, tag);
  if (version === undefined) return [];
  return obstaclesFor(facts, version, undefined).gates.map(({ reason }) => reason);
}

/**
 * `kuberik approve` by `APPROVER`, whose client it is.
 * @returns what it does, in one sentence
 */
export async function approve({ client, ...context }: Looking, tag: string, reason: string): Promise<string> {
  const facts = await lookAt(context, { client, user: APPROVER }, key);
  const gates = facts.gates.filter(({ metadata }) => metadata.name === BOARD);
  const plan = planDecision(facts, gates, 'Approve', tag, reason);
  await write(client, { plan, facts }, { signal: context.signal });
  return plan.sentence;
}

function versionOf(facts: Facts, tag: string): VersionInfo | undefined {
  return knownVersions(facts).find((version) => version.tag === tag);
}
