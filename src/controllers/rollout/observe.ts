/** Gathers what `decide` decides upon. Reads only; what cannot be read becomes a fault in the observation. */
import { FORCE_DEPLOY } from '../../api/annotations.ts';
import type { Rollout } from '../../api/rollout.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import { resolveRolloutSpec } from '../../api/rollout-spec.ts';
import { isTag, type Tag } from '../../api/tag.ts';
import type { RolloutObservation, TargetObservation } from '../../core/observation.ts';
import { observeReleases } from '../../integrations/flux/releases.ts';
import { observeTargets } from '../../integrations/flux/targets.ts';
import type { Reader } from '../../kube/reader.ts';
import { selectedChecks } from '../selection.ts';
import type { RolloutControllerOptions } from './options.ts';
import type { TargetFaults } from './target-faults.ts';

export type ObserveOptions = Omit<RolloutControllerOptions, 'client' | 'events'>;

export async function observeRollout(
  options: ObserveOptions,
  faults: TargetFaults,
  rollout: Rollout,
  signal: AbortSignal,
): Promise<RolloutObservation> {
  const { reader } = options;
  const [gates, healthChecks, seen] = await Promise.all([
    listGates(reader, rollout),
    selectedChecks(reader, rollout),
    observeTargets(reader, rollout),
  ]);
  const targets = seen.map((target) => withFault(target, faults.of(rollout, target)));
  const carried = targets.flatMap(({ carries }) => (carries === undefined ? [] : [carries]));
  const { live, registry, clock, memory, imageVersion } = options;
  const releases = await observeReleases(
    {
      reader,
      live,
      registry,
      clock,
      memory,
      rollout,
      wanted: wantedTags(rollout),
      carried,
      ...(imageVersion && { imageVersion }),
    },
    signal,
  );
  return { rollout, defaultFailurePolicy: options.defaultFailurePolicy, releases, gates, healthChecks, targets };
}

function withFault(target: TargetObservation, fault: TargetObservation['fault']): TargetObservation {
  return target.fault === undefined && fault !== undefined ? { ...target, fault } : target;
}

/** Versions that a person asks for by name, other than the deployed one: the registry is asked whether they exist. */
function wantedTags(rollout: Rollout): Tag[] {
  const deployed = rollout.status?.history?.[0]?.version.tag;
  const forced = rollout.metadata.annotations?.[FORCE_DEPLOY];
  const { pin } = resolveRolloutSpec(rollout);
  const tags = [pin, forced].filter((tag): tag is Tag => tag !== undefined && isTag(tag) && tag !== deployed);
  return [...new Set(tags)];
}

async function listGates(reader: Reader, rollout: Rollout): Promise<readonly RolloutGate[]> {
  const { name, namespace = '' } = rollout.metadata;
  const gates = await reader.list(RolloutGate, { namespace });
  return gates.filter(
    ({ spec, metadata }) => spec.rolloutRef.name === name && metadata.deletionTimestamp === undefined,
  );
}
