/** ImageRepository: scans the tags of an image every interval, and at once when asked to. */
import { parseDuration } from '../../api/duration.ts';
import type { ObjectKey } from '../../api/meta.ts';
import { withoutExcluded } from '../../integrations/flux/policy-order.ts';
import { compileTagFilter } from '../../integrations/flux/tag-filter.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { type ControllerDefinition, type ReconcileResult, watchSource } from '../../kube/reconciler.ts';
import { OciError } from '../../oci/errors.ts';
import { formatReference, parseRepository } from '../../oci/reference.ts';
import type { Registry } from '../../oci/registry.ts';
import { Conditions, Reason, timestamp } from './conditions.ts';
import { findLive, messageOf, requestOf, wakesOnRequest } from './requests.ts';
import { StatusPatcher } from './status-patcher.ts';
import type { TagDatabase } from './tag-database.ts';
import { ImageRepository } from './types.ts';

export interface ImageRepositoryOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly registry: Pick<Registry, 'listTags'>;
  readonly tags: TagDatabase;
}

const manager = 'image-reflector-controller';
const latestTagsCount = 10;
const defaultInterval = '1m';
// A refused scan is tried again sooner than a long interval would.
const longestRetry = Temporal.Duration.from({ seconds: 30 });

type Status = NonNullable<ImageRepository['status']>;

export function imageRepositoryController(options: ImageRepositoryOptions): ControllerDefinition {
  return {
    name: 'sandbox-image-repository',
    watches: [watchSource({ type: ImageRepository, wakes: wakesOnRequest })],
    reconciler: {
      async reconcile(key, signal) {
        const object = await findLive(options.client, ImageRepository, key, signal);
        if (object === undefined || object.metadata.deletionTimestamp !== undefined) return {};
        if (object.spec.suspend === true) return {};
        return await reconcile(options, object, signal);
      },
    },
  };
}

async function reconcile(
  { client, clock, registry, tags: database }: ImageRepositoryOptions,
  object: ImageRepository,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const { spec, metadata } = object;
  const patcher = new StatusPatcher(client, ImageRepository, object, manager);
  const conditions = new Conditions(object.status?.conditions, metadata.generation, () => clock.now());
  const handled = { lastHandledReconcileAt: requestOf(object) ?? object.status?.lastHandledReconcileAt };
  const canonical = canonicalName(spec.image);
  if (canonical instanceof OciError) {
    conditions.stall(Reason.ImageURLInvalid, canonical.message);
    const stalled = { ...object.status, ...handled, conditions: conditions.list() };
    await patcher.write({ ...stalled, observedGeneration: metadata.generation }, signal);
    return {};
  }

  const interval = parseDuration(spec.interval ?? defaultInterval);
  const due = scanReason(object, canonical, database, clock.now(), interval);
  if (due === undefined) return { requeueAt: nextScan(object.status, clock.now(), interval) };

  conditions.remove('Stalled');
  conditions.progress(`scanning: ${due}`, due === 'no tags in database');
  let status: Status = { ...object.status, conditions: conditions.list() };
  await patcher.write(status, signal);
  try {
    const found = await registry.listTags(spec.image, { insecure: spec.insecure ?? false }, signal);
    status = { ...status, ...scanned(found, spec.exclusionList ?? [], canonical, database, clock.now()) };
    const { tagCount, revision } = status.lastScanResult ?? {};
    conditions.succeed(
      Reason.Succeeded,
      `successful scan: found ${tagCount ?? 0} tags with checksum ${revision ?? ''}`,
    );
    const observed = { canonicalImageName: canonical, observedGeneration: metadata.generation };
    await patcher.write({ ...status, ...handled, ...observed, conditions: conditions.list() }, signal);
    return { requeueAt: clock.now().add(interval) };
  } catch (error) {
    if (!(error instanceof OciError || error instanceof SyntaxError)) throw error;
    conditions.fail(Reason.ReadOperationFailed, `scan failed: ${messageOf(error)}`);
    await patcher.write({ ...status, ...handled, conditions: conditions.list() }, signal);
    const retry = Temporal.Duration.compare(interval, longestRetry) < 0 ? interval : longestRetry;
    return { requeueAt: clock.now().add(retry) };
  }
}

/** Docker Hub is `index.docker.io` in Flux's status. */
export function canonicalName(image: string): string | OciError {
  try {
    const name = parseRepository(image);
    return formatReference({ ...name, registry: name.registry === 'docker.io' ? 'index.docker.io' : name.registry });
  } catch (error) {
    if (error instanceof OciError) return error;
    throw error;
  }
}

function scanReason(
  object: ImageRepository,
  canonical: string,
  database: TagDatabase,
  now: Temporal.Instant,
  interval: Temporal.Duration,
): string | undefined {
  const { status, spec } = object;
  if (status?.lastScanResult === undefined) return 'first scan';
  const request = requestOf(object);
  if (request !== undefined && request !== status.lastHandledReconcileAt) return 'reconcile requested';
  if (canonical !== status.canonicalImageName) return 'new image name';
  const observed = new Set(status.observedExclusionList ?? []);
  if (observed.symmetricDifference(new Set(spec.exclusionList ?? [])).size > 0) return 'updated exclusion list';
  if (database.tags(canonical) === undefined) return 'no tags in database';
  if (object.metadata.generation !== status.observedGeneration) return 'new generation';
  const waits = now.until(nextScan(status, now, interval));
  return waits.total('seconds') < 1 ? 'triggered by interval' : undefined;
}

function nextScan(status: Status | undefined, now: Temporal.Instant, interval: Temporal.Duration): Temporal.Instant {
  const last = status?.lastScanResult?.scanTime;
  return (last === undefined ? now : Temporal.Instant.from(last)).add(interval);
}

/** @throws SyntaxError for an exclusion that is no regular expression. */
function scanned(
  found: readonly string[],
  exclusions: readonly string[],
  canonical: string,
  database: TagDatabase,
  now: Temporal.Instant,
): Pick<Status, 'lastScanResult' | 'observedExclusionList'> {
  for (const pattern of exclusions) {
    const fault = compileTagFilter(pattern, '');
    if (typeof fault === 'string') throw new SyntaxError(`failed to compile regex ${pattern}: ${fault}`);
  }
  const tags = withoutExcluded(found, exclusions);
  const latestTags = [...tags].sort((a, b) => (a < b ? 1 : -1)).slice(0, latestTagsCount);
  return {
    lastScanResult: {
      revision: database.set(canonical, tags),
      tagCount: tags.length,
      scanTime: timestamp(now),
      ...(latestTags.length === 0 ? {} : { latestTags }),
    },
    observedExclusionList: [...exclusions],
  };
}

/** The ImageRepository that an ImagePolicy of `namespace` names. */
export function repositoryKey(
  reference: { readonly name: string; readonly namespace?: string },
  namespace: string | undefined,
): ObjectKey {
  return { namespace: reference.namespace ?? namespace ?? '', name: reference.name };
}
