/** Gathers what `decide` decides upon. Reads only; what cannot be read becomes a fault in the observation. */
import { DEPLOY, FORCE_DEPLOY } from '../../api/annotations.ts';
import { ConditionReason } from '../../api/conditions.ts';
import type { Rollout } from '../../api/rollout.ts';
import { resolveRolloutSpec } from '../../api/rollout-spec.ts';
import { isTag, type Tag } from '../../api/tag.ts';
import type { Fault, RolloutObservation, TargetObservation } from '../../core/observation.ts';
import type { AnySchedule } from '../../core/schedule/observation.ts';
import { observeReleases } from '../../integrations/flux/releases.ts';
import { observeTargets } from '../../integrations/flux/targets.ts';
import { freezesOf } from '../freezes.ts';
import { observeGates } from '../gates.ts';
import { schedulesWithoutGate } from '../schedules.ts';
import { selectedChecks } from '../selection.ts';
import type { RolloutControllerOptions } from './options.ts';
import type { TargetFaults } from './target-faults.ts';

export interface ObserveOptions extends Omit<RolloutControllerOptions, 'client' | 'events'> {
  /** Versions that somebody thinks of asking for: the registry is asked whether they exist. Default: none. */
  readonly considered?: readonly Tag[];
}

export async function observeRollout(
  options: ObserveOptions,
  faults: TargetFaults,
  rollout: Rollout,
  signal: AbortSignal,
): Promise<RolloutObservation> {
  const { reader, live, registry, clock, memory, imageVersion } = options;
  const seen = await observeTargets(reader, rollout);
  const targets = seen.map((target) => withFault(faults.lasting(rollout, target), faults.of(rollout, target)));
  const carried = targets.flatMap(({ carries }) => (carries === undefined ? [] : [carries]));
  const releases = await observeReleases(
    {
      reader,
      live,
      registry,
      clock,
      memory,
      rollout,
      wanted: [...wantedTags(rollout), ...(options.considered ?? [])],
      carried,
      ...(imageVersion && { imageVersion }),
    },
    signal,
  );
  // Behind the registry, which may take its time: what holds a deployment back meanwhile must hold this one.
  const [{ gates, approvals }, freezes, healthChecks] = await Promise.all([
    observeGates(reader, rollout),
    freezesOf(reader, rollout),
    selectedChecks(reader, rollout),
  ]);
  const [schedule] = await schedulesWithoutGate(reader, rollout, gates);
  const { defaultFailurePolicy } = options;
  return {
    rollout,
    defaultFailurePolicy,
    releases,
    gates,
    ...(schedule && { gatesFault: withoutGate(schedule) }),
    approvals,
    freezes,
    healthChecks,
    targets,
  };
}

/** Its gate wakes the Rollout. */
function withoutGate({ kind, metadata }: AnySchedule): Fault {
  const message = `${kind} ${metadata.name} selects this Rollout and has not made its gate yet`;
  return { reason: ConditionReason.WaitingForGates, message };
}

function withFault(target: TargetObservation, fault: TargetObservation['fault']): TargetObservation {
  return target.fault === undefined && fault !== undefined ? { ...target, fault } : target;
}

/** Versions that a person asks for by name, other than the deployed one: the registry is asked whether they exist. */
function wantedTags(rollout: Rollout): Tag[] {
  const deployed = rollout.status?.history?.[0]?.version.tag;
  const { annotations = {} } = rollout.metadata;
  const { pin } = resolveRolloutSpec(rollout);
  const tags = [pin, annotations[FORCE_DEPLOY], annotations[DEPLOY]].filter(
    (tag): tag is Tag => tag !== undefined && isTag(tag) && tag !== deployed,
  );
  return [...new Set(tags)];
}
