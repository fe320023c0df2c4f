/** How the gates of a schedule are called and labelled, and found again. */
import {
  GATE_ROLLOUT_NAME,
  GATE_SCHEDULE_KIND,
  GATE_SCHEDULE_NAME,
  GATE_SCHEDULE_NAMESPACE,
} from '../../api/annotations.ts';
import { keyOf, type ObjectKey } from '../../api/meta.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import type { AnySchedule, GateSlot } from '../../core/schedule/observation.ts';
import { hashedName, LONGEST_LABEL, LONGEST_NAME, shortHash } from '../../kube/names.ts';
import type { IndexDefinition } from '../../kube/object-index.ts';

/**
 * The same slot always has the same name, so that a gate that a cache does not show yet is not made twice. People read
 * the schedule and the Rollout in it; the hash tells apart what hyphens or a cut make equal.
 */
export function slotFor(schedule: AnySchedule, rollout: ObjectKey): GateSlot {
  const { kind } = schedule;
  const { namespace, name } = keyOf(schedule);
  const hash = hashOf(kind, namespace, name, rollout.name);
  return {
    rollout,
    gateName: hashedName(`${name}-${rollout.name}`, LONGEST_NAME, hash),
    labels: { ...scheduleLabels(schedule), [GATE_ROLLOUT_NAME]: labelOf(rollout.name) },
  };
}

function scheduleLabels(schedule: AnySchedule): Record<string, string> {
  const { namespace, name } = keyOf(schedule);
  return {
    [GATE_SCHEDULE_NAME]: labelOf(name),
    [GATE_SCHEDULE_KIND]: schedule.kind,
    ...(namespace !== '' && { [GATE_SCHEDULE_NAMESPACE]: namespace }),
  };
}

/** Names may be four times as long as labels. */
function labelOf(name: string): string {
  return name.length <= LONGEST_LABEL ? name : hashedName(name, LONGEST_LABEL, hashOf(name));
}

function hashOf(...parts: readonly string[]): string {
  return shortHash(JSON.stringify(parts), 8);
}

/** By what the labels say and, in case somebody edited them, by whom the gate belongs to. */
export const bySchedule: IndexDefinition<RolloutGate> = {
  name: 'schedule',
  valuesOf: ({ metadata }) => {
    const owners = metadata.ownerReferences?.map(({ uid }) => uid) ?? [];
    const labels = metadata.labels ?? {};
    return GATE_SCHEDULE_NAME in labels ? [...owners, labelText(labels)] : owners;
  },
};

/** The values under which `bySchedule` has the gates of a schedule. */
export function valuesFor(schedule: AnySchedule): readonly string[] {
  const { uid } = schedule.metadata;
  return [labelText(scheduleLabels(schedule)), ...(uid === undefined ? [] : [uid])];
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return [GATE_SCHEDULE_KIND, GATE_SCHEDULE_NAMESPACE, GATE_SCHEDULE_NAME].map((key) => labels[key] ?? '').join('/');
}
