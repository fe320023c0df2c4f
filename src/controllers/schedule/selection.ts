/** Which Rollouts a schedule is for. */
import { InvalidObjectError, InvalidValueError } from '../../api/errors.ts';
import { compileLabelSelector, type LabelMatcher } from '../../api/label-selector.ts';
import { keyOf, keyText, type LabelSelector, type ObjectKey } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import type { AnySchedule } from '../../core/schedule/observation.ts';
import { Namespace } from '../../integrations/flux/core-objects.ts';
import type { Reader } from '../../kube/reader.ts';

export interface ScheduleMatchers {
  readonly matches: LabelMatcher;
  /** Undefined: the labels of the namespace do not matter. */
  readonly matchesNamespace: LabelMatcher | undefined;
}

/** Or a fault that names the field. */
export function matchersOf({ spec }: AnySchedule): ScheduleMatchers | { readonly fault: string } {
  const namespaceSelector = 'namespaceSelector' in spec ? spec.namespaceSelector : undefined;
  const matches = compiled('spec.rolloutSelector', spec.rolloutSelector);
  const matchesNamespace = namespaceSelector && compiled('spec.namespaceSelector', namespaceSelector);
  if (typeof matches !== 'function') return matches;
  if (matchesNamespace !== undefined && typeof matchesNamespace !== 'function') return matchesNamespace;
  return { matches, matchesNamespace };
}

function compiled(path: string, selector: LabelSelector): LabelMatcher | { readonly fault: string } {
  try {
    return compileLabelSelector(selector);
  } catch (error) {
    if (error instanceof InvalidValueError) return { fault: `${path}: ${error.message}` };
    throw error;
  }
}

/** In order. A schedule with a namespace looks no further than that. */
export async function selectedRollouts(
  reader: Reader,
  schedule: AnySchedule,
  { matches, matchesNamespace }: ScheduleMatchers,
): Promise<readonly ObjectKey[]> {
  const { namespace } = keyOf(schedule);
  const within = namespace === '' ? {} : { namespace };
  const rollouts = (await reader.list(Rollout, { ...within, labels: matches })).map(keyOf);
  if (matchesNamespace === undefined) return rollouts;
  const namespaces = await reader.list(Namespace, { labels: matchesNamespace });
  const names = new Set(namespaces.map(({ metadata }) => metadata.name));
  return rollouts.filter((rollout) => names.has(rollout.namespace));
}

/**
 * Rollouts that a gate was made for and that no longer fit their schema. Their labels cannot be trusted to be gone, and
 * the gate must be there when somebody corrects them.
 */
export async function unreadableRollouts(
  reader: Reader,
  gates: readonly RolloutGate[],
  selected: readonly ObjectKey[],
): Promise<readonly ObjectKey[]> {
  const known = new Set(selected.map(keyText));
  const unreadable = new Map<string, ObjectKey>();
  for (const { metadata, spec } of gates) {
    const key = { namespace: metadata.namespace ?? '', name: spec.rolloutRef.name ?? '' };
    if (known.has(keyText(key)) || unreadable.has(keyText(key))) continue;
    try {
      await reader.get(Rollout, key);
    } catch (error) {
      if (!(error instanceof InvalidObjectError)) throw error;
      unreadable.set(keyText(key), key);
    }
  }
  return [...unreadable.values()];
}
