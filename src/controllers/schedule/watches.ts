/** What wakes a schedule, beside its own changes and the clock. */
import { GATE_SCHEDULE_KIND, GATE_SCHEDULE_NAME, GATE_SCHEDULE_NAMESPACE } from '../../api/annotations.ts';
import { ClusterRolloutSchedule } from '../../api/cluster-rollout-schedule.ts';
import { sameJson } from '../../api/json.ts';
import { keyOf, type ObjectKey } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { Rollout } from '../../api/rollout.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import type { AnySchedule } from '../../core/schedule/observation.ts';
import { Namespace } from '../../integrations/flux/core-objects.ts';
import type { Reader } from '../../kube/reader.ts';
import { type WatchSource, watchSource } from '../../kube/reconciler.ts';
import { matchersOf } from './selection.ts';

type Labels = Readonly<Record<string, string>> | undefined;

export function scheduleWatches<T extends AnySchedule>(reader: Reader, type: ResourceType<T>): readonly WatchSource[] {
  const sources = [
    watchSource({
      type,
      // Not by its own status: a gate that is refused is tried again after a while, not at once; and controllers for a
      // few namespaces each, which all write the status of a ClusterRolloutSchedule, must not answer each other.
      wakes: (current, previous) =>
        sameJson(scheduleFacts(current), scheduleFacts(previous)) ? [] : itself([current, previous]),
      invalid: (key) => [key],
    }),
    watchSource({
      type: Rollout,
      // Every deployment changes a Rollout, and none of them its labels.
      wakes: (current, previous) =>
        sameJson(labelsOf(current), labelsOf(previous)) ? [] : forRollout(reader, type, [current, previous]),
    }),
    watchSource({
      type: RolloutGate,
      wakes: (current, previous) =>
        sameJson(gateFacts(current), gateFacts(previous))
          ? []
          : [current, previous].flatMap((gate) => (gate === undefined ? [] : scheduleOf(gate, type))),
    }),
  ];
  return type.namespaced ? sources : [...sources, namespaces(reader)];
}

function namespaces(reader: Reader): WatchSource {
  return watchSource({
    type: Namespace,
    wakes: async (current, previous) => {
      const schedules = await reader.list(ClusterRolloutSchedule);
      return schedules
        .filter((schedule) => {
          const matchers = matchersOf(schedule);
          if ('fault' in matchers) return false;
          const { matchesNamespace } = matchers;
          const [is, was] = [current, previous].map((each) => each && matchesNamespace?.(each.metadata.labels));
          return is !== was;
        })
        .map(keyOf);
    },
  });
}

function scheduleFacts(schedule: AnySchedule | undefined): unknown {
  const { uid, generation, annotations, deletionTimestamp } = schedule?.metadata ?? {};
  return [uid, generation, annotations, deletionTimestamp];
}

function itself(schedules: readonly (AnySchedule | undefined)[]): readonly ObjectKey[] {
  return schedules
    .filter((schedule) => schedule !== undefined)
    .slice(0, 1)
    .map(keyOf);
}

/** There and gone are different labels too. */
function labelsOf(rollout: Rollout | undefined): unknown {
  return rollout && [rollout.metadata.labels ?? {}];
}

/** All but what others say in its status. */
function gateFacts(gate: RolloutGate | undefined): unknown {
  if (gate === undefined) return undefined;
  const { labels, annotations, ownerReferences, deletionTimestamp } = gate.metadata;
  return [gate.spec, labels, annotations, ownerReferences, deletionTimestamp];
}

/** The schedules that select a Rollout, or did before it changed. */
async function forRollout<T extends AnySchedule>(
  reader: Reader,
  type: ResourceType<T>,
  [current, previous]: readonly (Rollout | undefined)[],
): Promise<readonly ObjectKey[]> {
  const { namespace = '' } = { ...previous?.metadata, ...current?.metadata };
  const schedules = await reader.list(type, type.namespaced ? { namespace } : {});
  const every: Labels[] = [current, previous].flatMap((rollout) =>
    rollout === undefined ? [] : [rollout.metadata.labels],
  );
  return schedules
    .filter((schedule) => {
      const matchers = matchersOf(schedule);
      return !('fault' in matchers) && every.some((labels) => matchers.matches(labels));
    })
    .map(keyOf);
}

/** By its owner, whose name is never cut; by its labels when somebody took that off. */
function scheduleOf({ metadata }: RolloutGate, { kind, namespaced }: ResourceType): readonly ObjectKey[] {
  const { namespace = '', labels = {}, ownerReferences = [] } = metadata;
  const owners = ownerReferences.filter((owner) => owner.kind === kind).map(({ name }) => name);
  const isLabelled =
    labels[GATE_SCHEDULE_KIND] === kind && (labels[GATE_SCHEDULE_NAMESPACE] ?? '') === (namespaced ? namespace : '');
  const labelled = isLabelled ? [labels[GATE_SCHEDULE_NAME] ?? ''] : [];
  return [...new Set([...owners, ...labelled])].map((name) => ({ namespace: namespaced ? namespace : '', name }));
}
