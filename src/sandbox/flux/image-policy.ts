/** ImagePolicy: the newest tag of an ImageRepository under the policy's order, and its digest when asked for. */
import { parseDuration } from '../../api/duration.ts';
import { keyOf, keyText } from '../../api/meta.ts';
import { type Digest, parseTag } from '../../api/tag.ts';
import { admittedTags } from '../../integrations/flux/policy-order.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Reader } from '../../kube/reader.ts';
import { type ControllerDefinition, type ReconcileResult, watchSource } from '../../kube/reconciler.ts';
import { OciError } from '../../oci/errors.ts';
import type { Registry } from '../../oci/registry.ts';
import { Conditions, Reason } from './conditions.ts';
import { canonicalName, repositoryKey } from './image-repository.ts';
import { findLive, messageOf, requestOf, wakesOnRequest } from './requests.ts';
import { StatusPatcher } from './status-patcher.ts';
import type { TagDatabase } from './tag-database.ts';
import { ImagePolicy, type ImageRef, ImageRepository } from './types.ts';

export interface ImagePolicyOptions {
  readonly client: KubeClient;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly registry: Pick<Registry, 'readManifest'>;
  readonly tags: TagDatabase;
}

const manager = 'image-reflector-controller';
const retryDelay = Temporal.Duration.from({ seconds: 5 });

type Status = NonNullable<ImagePolicy['status']>;

class PolicyFault extends Error {
  readonly reason: Reason;
  readonly stalled: boolean;

  constructor(reason: Reason, message: string, stalled = false) {
    super(message);
    this.reason = reason;
    this.stalled = stalled;
  }
}

export function imagePolicyController(options: ImagePolicyOptions): ControllerDefinition {
  return {
    name: 'sandbox-image-policy',
    watches: [
      watchSource({ type: ImagePolicy, wakes: wakesOnRequest }),
      watchSource({
        type: ImageRepository,
        wakes: async (current, previous) =>
          current === undefined || !hasNews(current, previous) ? [] : await policiesOf(options.reader, current),
      }),
    ],
    reconciler: {
      async reconcile(key, signal) {
        const object = await findLive(options.client, ImagePolicy, key, signal);
        if (object === undefined || object.metadata.deletionTimestamp !== undefined) return {};
        if (object.spec.suspend === true) return {};
        return await reconcile(options, object, signal);
      },
    },
  };
}

function hasNews(current: ImageRepository, previous: ImageRepository | undefined): boolean {
  const revision = current.status?.lastScanResult?.revision;
  if (revision === undefined) return false;
  return revision !== previous?.status?.lastScanResult?.revision || (isReady(current) && !isReady(previous));
}

function isReady(object: ImageRepository | undefined): boolean {
  return object?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

async function policiesOf(reader: Reader, repository: ImageRepository) {
  const wanted = keyText(keyOf(repository));
  const policies = await reader.list(ImagePolicy);
  return policies
    .filter(({ spec, metadata }) => keyText(repositoryKey(spec.imageRepositoryRef, metadata.namespace)) === wanted)
    .map(keyOf);
}

async function reconcile(
  options: ImagePolicyOptions,
  object: ImagePolicy,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const { client, clock } = options;
  const { generation } = object.metadata;
  const patcher = new StatusPatcher(client, ImagePolicy, object, manager);
  const conditions = new Conditions(object.status?.conditions, generation, () => clock.now());
  const base: Status = { ...object.status };
  const request = requestOf(object) ?? base.lastHandledReconcileAt;
  if (request !== undefined) base.lastHandledReconcileAt = request;

  if (generation !== base.observedGeneration) {
    conditions.progress(`processing object: new generation ${base.observedGeneration ?? 0} -> ${generation ?? 0}`);
    await patcher.write({ ...base, conditions: conditions.list() }, signal);
  }
  try {
    const latest = await resolve(options, object, signal);
    const moved = !sameRef(base.latestRef, latest);
    const references =
      moved && base.latestRef !== undefined
        ? { observedPreviousRef: base.latestRef, latestRef: latest }
        : { latestRef: latest };
    const status = { ...base, ...references, observedGeneration: generation };
    conditions.succeed(Reason.Succeeded, readyMessage(latest, status.observedPreviousRef));
    await patcher.write({ ...status, conditions: conditions.list() }, signal);
    return object.spec.interval === undefined
      ? {}
      : { requeueAt: clock.now().add(parseDuration(object.spec.interval)) };
  } catch (error) {
    const fault = faultOf(error);
    if (fault.stalled) conditions.stall(fault.reason, fault.message);
    else conditions.fail(fault.reason, fault.message);
    const observed = fault.stalled ? { observedGeneration: generation } : {};
    await patcher.write({ ...base, ...observed, conditions: conditions.list() }, signal);
    return fault.stalled ? {} : { requeueAt: clock.now().add(retryDelay) };
  }
}

function faultOf(error: unknown): PolicyFault {
  if (error instanceof PolicyFault) return error;
  if (error instanceof OciError) return new PolicyFault(Reason.Failure, messageOf(error));
  throw error;
}

async function resolve(options: ImagePolicyOptions, object: ImagePolicy, signal: AbortSignal): Promise<ImageRef> {
  const { spec, metadata, status } = object;
  if (spec.digestReflectionPolicy === 'Always' && spec.interval === undefined) {
    const text = "spec.interval must be set when spec.digestReflectionPolicy is set to 'Always'";
    throw new PolicyFault(Reason.IntervalNotConfigured, text, true);
  }
  const key = repositoryKey(spec.imageRepositoryRef, metadata.namespace);
  const repository = await findLive(options.client, ImageRepository, key, signal);
  if (repository === undefined) {
    const text = `failed to get the referred ImageRepository: referenced ImageRepository does not exist: ${keyText(key)}`;
    throw new PolicyFault(Reason.DependencyNotReady, text);
  }
  const canonical = canonicalName(repository.spec.image);
  if (canonical instanceof OciError) throw new PolicyFault(Reason.ImageURLInvalid, canonical.message, true);
  const tags = options.tags.tags(canonical) ?? [];
  if (tags.length === 0) throw new PolicyFault(Reason.DependencyNotReady, 'no tags in database');

  const admitted = admittedTags(spec, tags);
  if ('message' in admitted) throw new PolicyFault(Reason.InvalidPolicy, `invalid policy: ${admitted.message}`, true);
  const tag = admitted.at(-1);
  if (tag === undefined) {
    throw new PolicyFault(Reason.Failure, 'unable to determine latest version from provided list');
  }
  const found: ImageRef = { name: repository.spec.image, tag };
  const digest = await digestOf(
    options,
    repository,
    found,
    { policy: spec.digestReflectionPolicy, known: status?.latestRef },
    signal,
  );
  return digest === undefined ? found : { ...found, digest };
}

async function digestOf(
  { registry }: ImagePolicyOptions,
  repository: ImageRepository,
  found: ImageRef,
  { policy, known }: { policy: ImagePolicy['spec']['digestReflectionPolicy']; known: ImageRef | undefined },
  signal: AbortSignal,
): Promise<Digest | string | undefined> {
  if (policy === undefined || policy === 'Never') return undefined;
  const unchanged = known?.name === found.name && known.tag === found.tag ? known.digest : undefined;
  if (policy === 'IfNotPresent' && unchanged !== undefined) return unchanged;
  const access = { insecure: repository.spec.insecure ?? false };
  const manifest = await registry.readManifest(found.name, parseTag(found.tag), access, signal);
  return manifest.digest;
}

function sameRef(a: ImageRef | undefined, b: ImageRef): boolean {
  return a?.name === b.name && a.tag === b.tag && a.digest === b.digest;
}

function readyMessage(latest: ImageRef, previous: ImageRef | undefined): string {
  const digest = latest.digest === undefined ? '' : ` with digest ${latest.digest}`;
  const text = `Latest image tag for ${latest.name} resolved to ${latest.tag}${digest}`;
  if (previous === undefined || sameRef(previous, latest)) return text;
  const before = previous.digest === undefined ? '' : `@${previous.digest}`;
  return `${text} (previously ${previous.name}:${previous.tag}${before})`;
}
