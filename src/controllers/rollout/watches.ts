/** What wakes a Rollout. A change that cannot matter wakes nobody, so that Flux at work costs nothing here. */
import { Approval } from '../../api/approval.ts';
import { ClusterRolloutSchedule } from '../../api/cluster-rollout-schedule.ts';
import { Freeze } from '../../api/freeze.ts';
import { HealthCheck } from '../../api/health-check.ts';
import { sameJson } from '../../api/json.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { Rollout } from '../../api/rollout.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import { RolloutSchedule } from '../../api/rollout-schedule.ts';
import { resolveRolloutSpec } from '../../api/rollout-spec.ts';
import type { AnySchedule } from '../../core/schedule/observation.ts';
import { Namespace } from '../../integrations/flux/core-objects.ts';
import { kustomizationProgress, sourceProgress, type TargetProgress } from '../../integrations/flux/failure.ts';
import { type ImagePolicy, imagePolicyType } from '../../integrations/flux/image-policy.ts';
import { type ImageRepository, imageRepositoryType } from '../../integrations/flux/image-repository.ts';
import { Kustomization } from '../../integrations/flux/kustomization.ts';
import { OCIRepository } from '../../integrations/flux/oci-repository.ts';
import { sourceOf } from '../../integrations/flux/sources.ts';
import { rolloutsOf } from '../../integrations/flux/targets.ts';
import { healthCheckDeadline, kustomizationWait } from '../../integrations/flux/wait.ts';
import type { IndexDefinition } from '../../kube/object-index.ts';
import type { Reader } from '../../kube/reader.ts';
import { ownSource, type WatchSource, watchSource } from '../../kube/reconciler.ts';
import { freezesAcross, rolloutsOfFreeze } from '../freezes.ts';
import { rolloutOfApproval } from '../gates.ts';
import { rolloutsOfSchedule } from '../schedules.ts';
import { selectingAcross, selectingWithin } from '../selection.ts';
import type { RolloutControllerOptions } from './options.ts';

export function rolloutWatches({ reader, imageVersion = 'v1' }: RolloutControllerOptions): readonly WatchSource[] {
  return [
    ownSource(Rollout),
    watchSource({
      type: imagePolicyType(imageVersion),
      wakes: (current, previous) =>
        sameJson(policyFacts(current), policyFacts(previous)) ? [] : ofPolicy(reader, current ?? previous),
    }),
    watchSource({
      type: imageRepositoryType(imageVersion),
      wakes: (current, previous) =>
        sameJson(repositoryFacts(current), repositoryFacts(previous))
          ? []
          : ofRepository(reader, imageVersion, current ?? previous),
    }),
    watchSource({
      type: RolloutGate,
      wakes: (current, previous) =>
        [current, previous].flatMap((gate) => {
          if (!gate?.spec.rolloutRef.name) return [];
          return [{ namespace: gate.metadata.namespace ?? '', name: gate.spec.rolloutRef.name }];
        }),
    }),
    watchSource({
      type: Approval,
      wakes: async (current, previous) => {
        const both = [current, previous].filter((approval) => approval !== undefined);
        return (await Promise.all(both.map((approval) => rolloutOfApproval(reader, approval)))).flat();
      },
    }),
    watchSource({
      type: Freeze,
      wakes: async (current, previous) => {
        if (sameJson(current?.spec, previous?.spec)) return [];
        const both = [current, previous].filter((freeze) => freeze !== undefined);
        return (await Promise.all(both.map((freeze) => rolloutsOfFreeze(reader, freeze)))).flat();
      },
    }),
    scheduleSource(reader, RolloutSchedule),
    scheduleSource(reader, ClusterRolloutSchedule),
    watchSource({ type: HealthCheck, wakes: (current, previous) => ofHealthCheck(reader, current, previous) }),
    watchSource({
      type: Namespace,
      wakes: (current, previous) =>
        sameJson(current?.metadata.labels, previous?.metadata.labels)
          ? []
          : ofNamespace(reader, current?.metadata.name ?? previous?.metadata.name ?? ''),
    }),
    watchSource({
      type: OCIRepository,
      wakes: (current, previous) =>
        hasMoved(current, previous) || !sameJson(targetFacts(current), targetFacts(previous))
          ? [...ofTarget(current), ...ofTarget(previous)]
          : [],
    }),
    watchSource({
      type: Kustomization,
      wakes: async (current, previous) => {
        const moved = hasMoved(current, previous);
        const isTarget = moved || !sameJson(targetFacts(current), targetFacts(previous));
        const isFed = moved || !sameJson(sourceFacts(current), sourceFacts(previous));
        return [
          ...(isTarget ? [...ofTarget(current), ...ofTarget(previous)] : []),
          ...(isFed ? await ofSource(reader, current ?? previous) : []),
        ];
      },
    }),
  ];
}

/** One that is gone or selects others is waited for no more; a gate that it makes wakes by itself. */
function scheduleSource<T extends AnySchedule>(reader: Reader, type: ResourceType<T>): WatchSource {
  return watchSource({
    type,
    wakes: async (current, previous) => {
      if (sameJson(scheduleFacts(current), scheduleFacts(previous))) return [];
      const both = [current, previous].filter((schedule) => schedule !== undefined);
      return (await Promise.all(both.map((schedule) => rolloutsOfSchedule(reader, schedule)))).flat();
    },
  });
}

function scheduleFacts(schedule: AnySchedule | undefined): unknown {
  if (schedule === undefined) return undefined;
  const { rolloutSelector } = schedule.spec;
  const namespaceSelector = 'namespaceSelector' in schedule.spec ? schedule.spec.namespaceSelector : undefined;
  return [rolloutSelector, namespaceSelector, schedule.metadata.deletionTimestamp];
}

function policyFacts(policy: ImagePolicy | undefined): unknown {
  return policy && [policy.spec, policy.status?.latestRef, policy.status?.conditions];
}

function repositoryFacts(repository: ImageRepository | undefined): unknown {
  return repository && [repository.spec, repository.status?.lastScanResult?.revision];
}

function targetFacts(target: OCIRepository | Kustomization | undefined): unknown {
  return (
    target && [
      target.metadata.annotations,
      target.metadata.deletionTimestamp,
      target.spec,
      target.managers,
      isKustomization(target) ? kustomizationWait(target) : undefined,
    ]
  );
}

function isKustomization(target: OCIRepository | Kustomization): target is Kustomization {
  return target.kind === Kustomization.kind;
}

/** It began to fail, or it is applied: what Flux says in between changes with every step and every attempt. */
function hasMoved<T extends OCIRepository | Kustomization>(current: T | undefined, previous: T | undefined): boolean {
  const [now, before] = [current, previous].map(progressOf);
  const hasFailed = now?.failure !== undefined && before?.failure === undefined;
  return hasFailed || (before?.applying !== undefined && now?.applying === undefined);
}

function progressOf(target: OCIRepository | Kustomization | undefined): TargetProgress | undefined {
  if (target === undefined) return undefined;
  return isKustomization(target) ? kustomizationProgress(target, undefined) : sourceProgress(target, []);
}

/** What holds up the version in the tag of a source shows in the Kustomizations behind it. */
function sourceFacts(kustomization: Kustomization | undefined): unknown {
  const { spec, status } = kustomization ?? {};
  return (
    kustomization && [
      spec?.sourceRef,
      spec?.suspend,
      status?.lastAttemptedRevision,
      status?.lastAppliedRevision,
      healthCheckDeadline(kustomization)?.toString(),
    ]
  );
}

async function ofPolicy(reader: Reader, policy: KubeObject | undefined): Promise<ObjectKey[]> {
  if (policy === undefined) return [];
  return (await reader.find(Rollout, { index: byPolicy, value: keyText(keyOf(policy)) })).map((rollout) =>
    keyOf(rollout),
  );
}

const byPolicy: IndexDefinition<Rollout> = {
  name: 'policy',
  valuesOf: ({ metadata, spec }) => [
    keyText({ namespace: metadata.namespace ?? '', name: spec.releasesImagePolicy.name ?? '' }),
  ],
};

const byRepository: IndexDefinition<ImagePolicy> = {
  name: 'repository',
  valuesOf: ({ metadata, spec: { imageRepositoryRef } }) => {
    const namespace = imageRepositoryRef.namespace ?? metadata.namespace;
    return [keyText({ namespace: namespace ?? '', name: imageRepositoryRef.name })];
  },
};

async function ofRepository(
  reader: Reader,
  version: 'v1' | 'v1beta2',
  repository: ImageRepository | undefined,
): Promise<ObjectKey[]> {
  if (repository === undefined) return [];
  const lookup = { index: byRepository, value: keyText(keyOf(repository)) };
  const policies = await reader.find(imagePolicyType(version), lookup);
  const keys = await Promise.all(policies.map((policy) => ofPolicy(reader, policy)));
  return keys.flat();
}

/** Rollouts of the OCIRepository that a Kustomization applies. */
async function ofSource(reader: Reader, kustomization: Kustomization | undefined): Promise<readonly ObjectKey[]> {
  const source = kustomization && sourceOf(kustomization);
  return source === undefined ? [] : ofTarget(await reader.get(OCIRepository, source));
}

/** Also those that selected it until its labels changed. */
async function ofHealthCheck(
  reader: Reader,
  current: HealthCheck | undefined,
  previous: HealthCheck | undefined,
): Promise<ObjectKey[]> {
  const { namespace } = { ...previous?.metadata, ...current?.metadata };
  const rollouts = await selectingWithin(reader, namespace ?? '');
  return rollouts
    .filter((rollout) => {
      const { healthChecks } = resolveRolloutSpec(rollout);
      return [current, previous].some((check) => check && healthChecks?.matches(check.metadata.labels) === true);
    })
    .map((rollout) => keyOf(rollout));
}

/** Its labels decide which health checks elsewhere count, and which freezes. */
async function ofNamespace(reader: Reader, namespace: string): Promise<ObjectKey[]> {
  const within = (await freezesAcross(reader)) ? await reader.list(Rollout, { namespace }) : [];
  return [...(await selectingAcross(reader)), ...within].map((rollout) => keyOf(rollout));
}

function ofTarget(target: OCIRepository | Kustomization | undefined): readonly ObjectKey[] {
  return target === undefined ? [] : rolloutsOf(target);
}
