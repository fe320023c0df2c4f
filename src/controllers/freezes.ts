/** Which Freezes select a Rollout, and which Rollouts a Freeze selects. */
import { Freeze } from '../api/freeze.ts';
import { keyOf, type ObjectKey } from '../api/meta.ts';
import { Rollout } from '../api/rollout.ts';
import { isEverywhere, selectsNamespace, selectsRollout } from '../core/freezes.ts';
import { Namespace } from '../integrations/flux/core-objects.ts';
import type { Reader } from '../kube/reader.ts';

/** By name. Namespaces are read only when a Freeze asks for their labels. */
export async function freezesOf(reader: Reader, { metadata }: Rollout): Promise<readonly Freeze[]> {
  const freezes = (await reader.list(Freeze)).filter(
    (freeze) => freeze.metadata.deletionTimestamp === undefined && selectsRollout(freeze, metadata.labels),
  );
  if (freezes.every(isEverywhere)) return freezes;
  const namespace = await reader.get(Namespace, { namespace: '', name: metadata.namespace ?? '' });
  return freezes.filter((freeze) => selectsNamespace(freeze, namespace?.metadata.labels));
}

/** Those that a Freeze may concern: by their own labels, in whatever namespace. */
export async function rolloutsOfFreeze(reader: Reader, freeze: Freeze): Promise<readonly ObjectKey[]> {
  const rollouts = await reader.list(Rollout, { labels: (labels) => selectsRollout(freeze, labels) });
  return rollouts.map(keyOf);
}

/** Whether the labels of a namespace can matter to anybody. */
export async function freezesAcross(reader: Reader): Promise<boolean> {
  return !(await reader.list(Freeze)).every(isEverywhere);
}
