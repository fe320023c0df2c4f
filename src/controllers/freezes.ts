/** Which Freezes select a Rollout, and which Rollouts a Freeze selects. */
import { InvalidValueError } from '../api/errors.ts';
import { Freeze } from '../api/freeze.ts';
import { compileLabelSelector, type LabelMatcher } from '../api/label-selector.ts';
import { keyOf, type LabelSelector, type ObjectKey } from '../api/meta.ts';
import { Rollout } from '../api/rollout.ts';
import { Namespace } from '../integrations/flux/core-objects.ts';
import type { Reader } from '../kube/reader.ts';

/** By name. Namespaces are read only when a Freeze asks for their labels. */
export async function freezesOf(reader: Reader, rollout: Rollout): Promise<readonly Freeze[]> {
  const freezes = (await reader.list(Freeze)).filter(
    ({ spec, metadata }) =>
      metadata.deletionTimestamp === undefined && matcher(spec.rolloutSelector)(rollout.metadata.labels),
  );
  if (freezes.every(({ spec }) => isEverything(spec.namespaceSelector))) return freezes;
  const namespace = await reader.get(Namespace, { namespace: '', name: rollout.metadata.namespace ?? '' });
  return freezes.filter(({ spec }) => matcher(spec.namespaceSelector)(namespace?.metadata.labels));
}

/** Those that a Freeze may concern: by their own labels, in whatever namespace. */
export async function rolloutsOfFreeze(reader: Reader, freeze: Freeze): Promise<readonly ObjectKey[]> {
  const rollouts = await reader.list(Rollout, { labels: matcher(freeze.spec.rolloutSelector) });
  return rollouts.map(keyOf);
}

/** Whether the labels of a namespace can matter to anybody. */
export async function freezesAcross(reader: Reader): Promise<boolean> {
  return (await reader.list(Freeze)).some(({ spec }) => !isEverything(spec.namespaceSelector));
}

function isEverything(selector: LabelSelector | undefined): boolean {
  return selector === undefined || Object.keys(selector).length === 0;
}

/** A selector that cannot be understood selects everything: a freeze fails towards standing still. */
function matcher(selector: LabelSelector | undefined): LabelMatcher {
  try {
    return compileLabelSelector(selector ?? {});
  } catch (error) {
    if (error instanceof InvalidValueError) return () => true;
    throw error;
  }
}
