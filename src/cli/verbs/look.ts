/**
 * `verbs` is what every verb of the command line shares: look, say what would happen, ask, write, wait. This file reads
 * what `operations` decides upon; what a person may not read is said, and the rest goes on.
 */
import { Approval } from '../../api/approval.ts';
import { RolloutConditionType } from '../../api/conditions.ts';
import { Freeze } from '../../api/freeze.ts';
import type { KubeObject, ObjectKey } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { Rollout } from '../../api/rollout.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import { isDigest, isTag } from '../../api/tag.ts';
import { isEverywhere, selectsNamespace, selectsRollout } from '../../core/freezes.ts';
import { Namespace } from '../../integrations/flux/core-objects.ts';
import { createReleaseMemory } from '../../integrations/flux/release-memory.ts';
import { observeReleases } from '../../integrations/flux/releases.ts';
import { findTagOf } from '../../integrations/flux/tagged-as.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isForbidden, isNotFound } from '../../kube/errors.ts';
import { createLiveReader } from '../../kube/live-reader.ts';
import { createRegistry } from '../../oci/registry-client.ts';
import type { CliContext } from '../context.ts';
import { servedImageVersion } from '../image-version.ts';
import type { Facts, RegistrySays } from '../operations/facts.ts';
import { isKnown } from '../operations/version.ts';

type Labels = Readonly<Record<string, string>> | undefined;

export interface Looking {
  readonly client: KubeClient;
  readonly user: string;
}

/** @param text a version that a person named: what nothing else knows is asked of the registry */
export async function lookAt(
  { clock, signal }: Pick<CliContext, 'clock' | 'signal'>,
  { client, user }: Looking,
  key: ObjectKey,
  text?: string,
): Promise<Facts> {
  const rollout = await client.get(Rollout, key, { signal });
  const unread: string[] = [];
  const list = async <T extends KubeObject>(type: ResourceType<T>, namespace: string): Promise<readonly T[]> => {
    try {
      return await createLiveReader(client).list(type, { namespace });
    } catch (error) {
      // Without the right to read it, or in a cluster that does not have the kind yet.
      if (!isForbidden(error) && !isNotFound(error)) throw error;
      if (isForbidden(error)) unread.push(unreadNote(type, rollout));
      return [];
    }
  };
  const [gates, approvals, freezes] = await Promise.all([
    list(RolloutGate, key.namespace),
    list(Approval, key.namespace),
    list(Freeze, ''),
  ]);
  const own = gates.filter(
    ({ spec, metadata }) => spec.rolloutRef.name === key.name && metadata.deletionTimestamp === undefined,
  );
  const needsLabels = !freezes.every(isEverywhere);
  const labels = needsLabels ? await namespaceLabels(client, key.namespace) : undefined;
  const meant = freezes.filter(
    (freeze) => selectsRollout(freeze, rollout.metadata.labels) && selectsNamespace(freeze, labels),
  );
  const notes = unread.filter((note) => note !== '');
  const facts: Facts = { rollout, gates: own, approvals, freezes: meant, user, now: clock.now(), unread: notes };
  if (text === undefined || isKnown(facts, text)) return facts;
  const registry = await askRegistry({ clock, signal }, client, rollout, text);
  return registry === undefined ? facts : { ...facts, registry };
}

/** Freezes belong to no namespace, so that many may not read them: the controller says in the Rollout which are on. */
function unreadNote({ plural }: ResourceType, { status }: Rollout): string {
  if (plural !== Freeze.plural) return `you may not read ${plural}, so that they are not considered here`;
  const blocked = status?.conditions?.find(({ type }) => type === RolloutConditionType.DeploymentBlocked);
  return blocked?.status === 'True' && blocked.reason === 'Frozen' ? blocked.message : '';
}

/** What the registry says of a tag or a digest; undefined when it cannot be asked from here. */
async function askRegistry(
  { clock, signal }: Pick<CliContext, 'clock' | 'signal'>,
  client: KubeClient,
  rollout: Rollout,
  text: string,
): Promise<RegistrySays | undefined> {
  if (!isTag(text) && !isDigest(text)) return undefined;
  const reader = createLiveReader(client);
  await using registry = createRegistry({ clock });
  try {
    const imageVersion = await servedImageVersion(client, signal, rollout.metadata.namespace ?? '');
    if (isDigest(text)) {
      const search = { reader, live: reader, registry, rollout, imageVersion };
      return { text, version: await findTagOf(search, text, signal), names: [] };
    }
    const memory = createReleaseMemory();
    const request = { reader, live: reader, registry, clock, memory, rollout, wanted: [text], imageVersion };
    const { hasTag, metadata, admitted = [] } = await observeReleases(request, signal);
    if (hasTag === undefined) return undefined;
    return { text, version: hasTag(text) ? (metadata.get(text) ?? { tag: text }) : undefined, names: admitted };
  } catch {
    // Its credentials are Secrets, and the policy is Flux': a deployer need not be allowed to read either.
    signal.throwIfAborted();
    return undefined;
  }
}

/** Undefined: they could not be read. */
async function namespaceLabels(client: KubeClient, name: string): Promise<Labels | 'unknown'> {
  try {
    return (await client.get(Namespace, { namespace: '', name })).metadata.labels;
  } catch (error) {
    if (isForbidden(error) || isNotFound(error)) return 'unknown';
    throw error;
  }
}

/** How many Rollouts a freeze means; undefined when that may not be read. */
export async function countFrozen(client: KubeClient, freeze: Pick<Freeze, 'spec'>): Promise<number | undefined> {
  try {
    const reader = createLiveReader(client);
    const [rollouts, namespaces] = await Promise.all([reader.list(Rollout), reader.list(Namespace)]);
    const labels = new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels]));
    const whole = Freeze.parse({ apiVersion: '', kind: '', metadata: { name: '' }, spec: freeze.spec });
    return rollouts.filter(
      ({ metadata }) =>
        selectsRollout(whole, metadata.labels) && selectsNamespace(whole, labels.get(metadata.namespace ?? '')),
    ).length;
  } catch (error) {
    if (isForbidden(error) || isNotFound(error)) return undefined;
    throw error;
  }
}
