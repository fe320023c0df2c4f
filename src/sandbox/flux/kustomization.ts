/**
 * Kustomization: builds an artifact, applies it, prunes what is gone and waits for health. As with the real controller
 * a running health check holds up the next change, unless `cancelHealthCheckOnNewRevision` is on.
 */
import { formatDuration, parseDuration } from '../../api/duration.ts';
import { keyOf, keyText } from '../../api/meta.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Reader } from '../../kube/reader.ts';
import {
  type ControllerDefinition,
  type ReconcileResult,
  type Reconciler,
  watchSource,
} from '../../kube/reconciler.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { Reason } from './conditions.ts';
import { describeItem, type InventoryItem } from './inventory.ts';
import { applyObjects, buildObjects, type Cluster, KUSTOMIZE_CONTROLLER, pruneEntries } from './kustomization-apply.ts';
import { Attempt } from './kustomization-attempt.ts';
import { checkHealth, healthTargets, type StatusOf, timeoutOf } from './kustomization-health.ts';
import {
  artifactOf,
  checkDependencies,
  KustomizationFault,
  loadVariables,
  requireArtifact,
  sourceKey,
} from './kustomization-inputs.ts';
import { findLive, requestOf, wakesOnRequest } from './requests.ts';
import { digestOf } from './source.ts';
import { type Artifact, Kustomization, OCIRepository } from './types.ts';

export interface KustomizationOptions extends Cluster {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly artifacts: ArtifactStore;
  readonly statusOf: StatusOf;
  /** Between two looks at the health of what was applied. Default 5 s, as in Flux. */
  readonly healthPoll?: Temporal.Duration;
  /** Between two looks at a dependency or a source that is not ready. Default 30 s, as in Flux. */
  readonly requeueDependency?: Temporal.Duration;
  /** Flux's feature gate `CancelHealthCheckOnNewRevision`: a change ends a running health check. Default false. */
  readonly cancelHealthCheckOnNewRevision?: boolean;
}

/** A health check that is under way; lost with the process, as in Flux. */
interface HealthCheck {
  readonly artifact: Artifact;
  readonly generation: number | undefined;
  readonly request: string | undefined;
  readonly targets: readonly InventoryItem[];
  readonly started: Temporal.Instant;
  readonly deadline: Temporal.Instant;
  readonly nextLook: Temporal.Instant;
}

const FINALIZER = 'finalizers.fluxcd.io';
const originRevision = 'org.opencontainers.image.revision';

export function kustomizationController(options: KustomizationOptions): ControllerDefinition {
  return {
    name: 'sandbox-kustomization',
    watches: [
      watchSource({ type: Kustomization, wakes: wakesOnRequest }),
      watchSource({
        type: OCIRepository,
        wakes: async (current, previous) => {
          const revision = current?.status?.artifact?.revision;
          if (current === undefined || revision === undefined) return [];
          if (revision === previous?.status?.artifact?.revision) return [];
          const source = keyText(keyOf(current));
          const all = await options.reader.list(Kustomization);
          return all.filter((object) => keyText(sourceKey(object)) === source).map(keyOf);
        },
      }),
    ],
    reconciler: kustomizationReconciler(options),
  };
}

function kustomizationReconciler(options: KustomizationOptions): Reconciler {
  const { client, clock, artifacts } = options;
  const healthPoll = options.healthPoll ?? Temporal.Duration.from({ seconds: 5 });
  const requeueDependency = options.requeueDependency ?? Temporal.Duration.from({ seconds: 30 });
  const checks = new Map<string, HealthCheck>();

  const begin = async (object: Kustomization, signal: AbortSignal): Promise<ReconcileResult> => {
    const attempt = new Attempt(options, object, object.metadata.generation);
    try {
      const artifact = await requireArtifact(client, object, requeueDependency, signal);
      await checkDependencies(client, object, artifact.revision, signal);
      const check = await applyArtifact(attempt, artifact, signal);
      if (check === undefined) return await succeed(attempt, artifact, requestOf(object), signal);
      checks.set(keyText(keyOf(object)), check);
      return await look(attempt, check, signal);
    } catch (error) {
      if (!(error instanceof KustomizationFault)) throw error;
      return await fail(attempt, error, requestOf(object), signal);
    }
  };

  /** Returns the health check to begin; undefined when there is nothing to wait for. */
  const applyArtifact = async (
    attempt: Attempt,
    artifact: Artifact,
    signal: AbortSignal,
  ): Promise<HealthCheck | undefined> => {
    const { object, conditions } = attempt;
    const { revision } = artifact;
    const timeout = timeoutOf(object);
    const progress = (doing: string): void => {
      const message = `${doing} for revision ${revision} with a timeout of ${formatDuration(timeout)}`;
      conditions.mark('Reconciling', 'True', Reason.Progressing, message);
    };
    conditions.mark('Ready', 'Unknown', Reason.Progressing, 'Reconciliation in progress');
    progress('Fetching manifests');
    await attempt.save(signal);

    const files = artifacts.get(digestOf(revision));
    if (files === undefined) {
      const text = `Source is not ready, artifact not found, retrying in ${formatDuration(requeueDependency)}`;
      throw new KustomizationFault(Reason.ArtifactFailed, text, 'dependency');
    }
    attempt.status = { ...attempt.status, lastAttemptedRevision: revision };
    progress('Building manifests');
    const objects = buildObjects(files, object, await loadVariables(client, object, signal));
    await applyInventory(attempt, await applyObjects(options, objects, signal), signal);

    const targets = healthTargets(object, attempt.status.inventory?.entries ?? []);
    if (targets.length === 0) {
      conditions.remove('Healthy');
      return undefined;
    }
    progress('Running health checks');
    const message = conditions.get('Reconciling')?.message ?? '';
    conditions.mark('Healthy', 'Unknown', Reason.Progressing, message);
    await attempt.save(signal);
    const started = clock.now();
    const { generation } = object.metadata;
    const request = requestOf(object);
    return { artifact, generation, request, targets, started, deadline: started.add(timeout), nextLook: started };
  };

  const applyInventory = async (attempt: Attempt, entries: { id: string; v: string }[], signal: AbortSignal) => {
    const { object } = attempt;
    const kept = new Set(entries.map(({ id }) => id));
    const stale = (attempt.status.inventory?.entries ?? []).filter(({ id }) => !kept.has(id));
    attempt.status = { ...attempt.status, inventory: { entries } };
    if (!object.spec.prune || stale.length === 0) return;
    const { survivors, fault } = await pruneEntries(options, object, stale, signal);
    attempt.status = { ...attempt.status, inventory: { entries: [...entries, ...survivors] } };
    if (fault !== undefined) throw new KustomizationFault(Reason.PruneFailed, fault);
  };

  /** One look at the health; the next one comes `healthPoll` later, whatever wakes the controller meanwhile. */
  const look = async (attempt: Attempt, check: HealthCheck, signal: AbortSignal): Promise<ReconcileResult> => {
    const now = clock.now();
    const id = keyText(keyOf(attempt.object));
    if (Temporal.Instant.compare(now, check.nextLook) < 0) return { requeueAt: check.nextLook };
    const verdict = await checkHealth(options, check.targets, { statusOf: options.statusOf, now }, signal);
    const took = formatDuration(check.started.until(now));
    if (verdict.kind === 'healthy') {
      checks.delete(id);
      attempt.conditions.mark('Healthy', 'True', Reason.Succeeded, `Health check passed in ${took}`);
      return await succeed(attempt, check.artifact, check.request, signal);
    }
    if (verdict.kind === 'waiting' && Temporal.Instant.compare(now, check.deadline) < 0) {
      const due = now.add(healthPoll);
      const nextLook = Temporal.Instant.compare(due, check.deadline) < 0 ? due : check.deadline;
      checks.set(id, { ...check, nextLook });
      return { requeueAt: nextLook };
    }
    checks.delete(id);
    attempt.conditions.mark('Healthy', 'False', Reason.HealthCheckFailed, verdict.message);
    const text = `health check failed after ${took}: ${verdict.message}`;
    return await fail(attempt, new KustomizationFault(Reason.HealthCheckFailed, text), check.request, signal);
  };

  /** A health check is under way: goes on with it, and takes up what changed meanwhile when it ends. */
  const follow = async (object: Kustomization, check: HealthCheck, signal: AbortSignal): Promise<ReconcileResult> => {
    const artifact = await artifactOf(client, object, signal);
    const changed =
      object.metadata.generation !== check.generation ||
      requestOf(object) !== check.request ||
      (artifact !== undefined && artifact.revision !== check.artifact.revision);
    const attempt = new Attempt(options, object, check.generation);
    if (changed && options.cancelHealthCheckOnNewRevision === true) {
      checks.delete(keyText(keyOf(object)));
      const trigger =
        object.metadata.generation === check.generation && artifact?.revision !== check.artifact.revision
          ? { kind: OCIRepository.kind, key: sourceKey(object) }
          : { kind: Kustomization.kind, key: keyOf(object) };
      attempt.conditions.fail(Reason.HealthCheckCanceled, `New reconciliation triggered by ${describeItem(trigger)}`);
      await attempt.save(signal);
      return { requeueAt: clock.now() };
    }
    const result = await look(attempt, check, signal);
    return changed && !checks.has(keyText(keyOf(object))) ? { requeueAt: clock.now() } : result;
  };

  const succeed = async (attempt: Attempt, artifact: Artifact, request: string | undefined, signal: AbortSignal) => {
    const { revision, metadata } = artifact;
    attempt.conditions.succeed(Reason.ReconciliationSucceeded, `Applied revision: ${revision}`);
    const generation = attempt.conditions.get('Ready')?.observedGeneration ?? attempt.object.metadata.generation;
    attempt.status = {
      ...attempt.status,
      lastAppliedRevision: revision,
      lastAppliedOriginRevision: metadata?.[originRevision],
      observedGeneration: generation,
      lastHandledReconcileAt: request,
    };
    await attempt.save(signal);
    return { requeueAt: clock.now().add(parseDuration(attempt.object.spec.interval)) };
  };

  const fail = async (
    attempt: Attempt,
    fault: KustomizationFault,
    request: string | undefined,
    signal: AbortSignal,
  ) => {
    attempt.conditions.fail(fault.reason, fault.message);
    attempt.status = { ...attempt.status, lastHandledReconcileAt: request };
    await attempt.save(signal);
    const { retryInterval, interval } = attempt.object.spec;
    const wait = fault.retry === 'dependency' ? requeueDependency : parseDuration(retryInterval ?? interval);
    return { requeueAt: clock.now().add(wait) };
  };

  const setFinalizers = async (object: Kustomization, finalizers: readonly string[], signal: AbortSignal) => {
    const { resourceVersion } = object.metadata;
    const body = { metadata: { resourceVersion, finalizers } };
    await client.patch(
      Kustomization,
      keyOf(object),
      { type: 'merge', body },
      { fieldManager: KUSTOMIZE_CONTROLLER, signal },
    );
  };

  /** Deletes what was applied, unless suspended or without `prune`, and lets the object go. */
  const finalize = async (object: Kustomization, signal: AbortSignal): Promise<ReconcileResult> => {
    checks.delete(keyText(keyOf(object)));
    const finalizers = object.metadata.finalizers ?? [];
    if (!finalizers.includes(FINALIZER)) return {};
    if (object.spec.suspend !== true && object.spec.prune) {
      const { fault } = await pruneEntries(options, object, object.status?.inventory?.entries ?? [], signal);
      if (fault !== undefined) throw new KustomizationFault(Reason.PruneFailed, fault);
    }
    await setFinalizers(
      object,
      finalizers.filter((name) => name !== FINALIZER),
      signal,
    );
    return {};
  };

  return {
    async reconcile(key, signal) {
      const object = await findLive(client, Kustomization, key, signal);
      const running = checks.get(keyText(key));
      if (object === undefined) {
        checks.delete(keyText(key));
        return {};
      }
      if (object.metadata.deletionTimestamp !== undefined) return await finalize(object, signal);
      if (running !== undefined) return await follow(object, running, signal);
      if (object.spec.suspend === true) return {};
      const finalizers = object.metadata.finalizers ?? [];
      if (!finalizers.includes(FINALIZER)) await setFinalizers(object, [...finalizers, FINALIZER], signal);
      return await begin(object, signal);
    },
  };
}
