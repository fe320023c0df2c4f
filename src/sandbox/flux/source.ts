/** OCIRepository: resolves a reference to a digest, fetches the artifact and says where it is. */
import { parseDuration } from '../../api/duration.ts';
import { type Digest, isDigest, isTag, type Tag } from '../../api/tag.ts';
import { compileRange, parseVersion } from '../../integrations/flux/version-range.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import { type ControllerDefinition, type ReconcileResult, watchSource } from '../../kube/reconciler.ts';
import { OciError } from '../../oci/errors.ts';
import { formatReference, parseRepository } from '../../oci/reference.ts';
import type { Access, ManifestMetadata, Registry } from '../../oci/registry.ts';
import type { ArtifactPuller, ArtifactStore } from './artifact-store.ts';
import { Conditions, Reason, timestamp } from './conditions.ts';
import { findLive, messageOf, requestOf, wakesOnRequest } from './requests.ts';
import { StatusPatcher } from './status-patcher.ts';
import { type Artifact, OCIRepository } from './types.ts';

export interface SourceOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly puller: ArtifactPuller;
  readonly artifacts: ArtifactStore;
}

const manager = 'source-controller';
const retryDelay = Temporal.Duration.from({ seconds: 10 });

type Status = NonNullable<OCIRepository['status']>;

class SourceFault extends Error {
  readonly reason: Reason;
  readonly stalled: boolean;

  constructor(reason: Reason, message: string, options: { stalled?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.stalled = options.stalled ?? false;
  }
}

interface Resolved {
  /** `tag@digest`, or the digest alone. */
  readonly revision: string;
  /** What the revision was asked by: `host/repository:tag` or `host/repository@digest`. */
  readonly reference: string;
  readonly manifest: ManifestMetadata;
}

export function ociRepositoryController(options: SourceOptions): ControllerDefinition {
  return {
    name: 'sandbox-oci-repository',
    watches: [watchSource({ type: OCIRepository, wakes: wakesOnRequest })],
    reconciler: {
      async reconcile(key, signal) {
        const object = await findLive(options.client, OCIRepository, key, signal);
        if (object === undefined || object.metadata.deletionTimestamp !== undefined) return {};
        if (object.spec.suspend === true) return {};
        return await reconcile(options, object, signal);
      },
    },
  };
}

async function reconcile(options: SourceOptions, object: OCIRepository, signal: AbortSignal): Promise<ReconcileResult> {
  const { client, clock, artifacts } = options;
  const { generation } = object.metadata;
  const patcher = new StatusPatcher(client, OCIRepository, object, manager);
  const conditions = new Conditions(object.status?.conditions, generation, () => clock.now());
  let status: Status = { ...object.status };
  const request = requestOf(object) ?? status.lastHandledReconcileAt;
  if (request !== undefined) status.lastHandledReconcileAt = request;

  const lost = status.artifact !== undefined && artifacts.get(digestOf(status.artifact.revision)) === undefined;
  if (lost) {
    status = { ...status };
    delete status.artifact;
    conditions.remove('ArtifactInStorage');
    conditions.progress('building artifact: disappeared from storage', true);
  } else if (status.artifact === undefined) {
    conditions.progress('building artifact', true);
  } else if (generation !== status.observedGeneration) {
    conditions.progress(`processing object: new generation ${status.observedGeneration ?? 0} -> ${generation ?? 0}`);
  }
  await patcher.write({ ...status, conditions: conditions.list() }, signal);

  try {
    const resolved = await resolve(options.registry, object, signal);
    if (status.artifact?.revision !== resolved.revision) {
      const message = `new revision '${resolved.revision}' for '${resolved.reference}'`;
      if (status.artifact !== undefined) conditions.mark('ArtifactOutdated', 'True', Reason.NewRevision, message);
      conditions.progress(`building artifact: ${message}`, true);
      await patcher.write({ ...status, conditions: conditions.list() }, signal);
      status = { ...status, artifact: await fetchArtifact(options, object, resolved, signal) };
    }
    const message = `stored artifact for digest '${resolved.revision}'`;
    conditions.remove('FetchFailed', 'ArtifactOutdated');
    conditions.mark('ArtifactInStorage', 'True', Reason.Succeeded, message);
    conditions.succeed(Reason.Succeeded, message);
    await patcher.write({ ...status, observedGeneration: generation, conditions: conditions.list() }, signal);
    return { requeueAt: clock.now().add(parseDuration(object.spec.interval)) };
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    conditions.mark('FetchFailed', 'True', error.reason, error.message);
    if (error.stalled) conditions.stall(error.reason, error.message);
    else conditions.fail(error.reason, error.message);
    const observed = error.stalled ? { observedGeneration: generation } : {};
    await patcher.write({ ...status, ...observed, conditions: conditions.list() }, signal);
    return error.stalled ? {} : { requeueAt: clock.now().add(retryDelay) };
  }
}

function accessOf(object: OCIRepository): Access {
  return { insecure: object.spec.insecure ?? false };
}

async function resolve(registry: Registry, object: OCIRepository, signal: AbortSignal): Promise<Resolved> {
  const repository = repositoryOf(object);
  const wanted = await referenceOf(registry, object, repository, signal);
  try {
    const manifest = await registry.readManifest(repository, wanted, accessOf(object), signal);
    return isDigest(wanted)
      ? { revision: wanted, reference: `${repository}@${wanted}`, manifest }
      : { revision: `${wanted}@${manifest.digest}`, reference: `${repository}:${wanted}`, manifest };
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    const text = `failed to determine artifact digest: ${messageOf(error)}`;
    throw new SourceFault(Reason.OCIArtifactPullFailed, text, { cause: error });
  }
}

function repositoryOf({ spec }: OCIRepository): string {
  try {
    if (spec.url.startsWith('oci://')) return formatReference(parseRepository(spec.url));
    const text = `URL validation failed for '${spec.url}': URL must be in format 'oci://<domain>/<org>/<repo>'`;
    throw new SourceFault(Reason.URLInvalid, text, { stalled: true });
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    const text = `URL validation failed for '${spec.url}': ${error.message}`;
    throw new SourceFault(Reason.URLInvalid, text, { stalled: true, cause: error });
  }
}

/** Flux's precedence: digest, semver, tag, `latest`. */
async function referenceOf(
  registry: Registry,
  object: OCIRepository,
  repository: string,
  signal: AbortSignal,
): Promise<Tag | Digest> {
  const { digest = '', semver = '', tag = '' } = object.spec.ref ?? {};
  if (digest !== '') {
    if (isDigest(digest)) return digest;
    throw undetermined(object, `"${digest}" is not a digest`);
  }
  const chosen = semver === '' ? tag || 'latest' : await newestOf(registry, object, repository, semver, signal);
  if (isTag(chosen)) return chosen;
  throw undetermined(object, `"${chosen}" is not a tag`);
}

async function newestOf(
  registry: Registry,
  object: OCIRepository,
  repository: string,
  range: string,
  signal: AbortSignal,
): Promise<string> {
  const admits = compileRange(range);
  if (admits === undefined) throw undetermined(object, `semver '${range}' parse error: improper constraint`);
  try {
    const filter = new RegExp(object.spec.ref?.semverFilter ?? '');
    const tags = await registry.listTags(repository, accessOf(object), signal);
    const versions = tags.filter((tag) => filter.test(tag)).flatMap((tag) => parseVersion(tag) ?? []);
    const newest = versions.filter(admits).sort((a, b) => b.compare(a))[0];
    if (newest === undefined) throw undetermined(object, `no match found for semver: ${range}`);
    return newest.raw;
  } catch (error) {
    if (error instanceof OciError || error instanceof SyntaxError) throw undetermined(object, error.message, error);
    throw error;
  }
}

function undetermined(object: OCIRepository, fault: string, cause?: unknown): SourceFault {
  const text = `failed to determine the artifact tag for '${object.spec.url}': ${fault}`;
  return new SourceFault(Reason.ReadOperationFailed, text, { cause });
}

async function fetchArtifact(
  { puller, artifacts, clock }: SourceOptions,
  object: OCIRepository,
  { revision, manifest }: Resolved,
  signal: AbortSignal,
): Promise<Artifact> {
  const { digest } = manifest;
  try {
    if (artifacts.get(digest) === undefined) {
      artifacts.set(digest, await puller.pull(`${repositoryOf(object)}@${digest}`, accessOf(object), signal));
    }
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    const isArchive = error.code === 'KBK_OCI_INVALID_ARCHIVE';
    const reason = isArchive ? Reason.OCIArtifactLayerOperationFailed : Reason.OCIArtifactPullFailed;
    const text = `failed to pull artifact from '${object.spec.url}': ${error.message}`;
    throw new SourceFault(reason, text, { cause: error });
  }
  const path = `ocirepository/${object.metadata.namespace ?? ''}/${object.metadata.name}/${digest}.tar.gz`;
  return {
    revision,
    digest,
    path,
    url: `http://source-controller.sandbox.local/${path}`,
    lastUpdateTime: timestamp(clock.now()),
    metadata: annotationsOf(manifest),
  };
}

function annotationsOf(manifest: ManifestMetadata): Record<string, string> {
  const names = ['created', 'revision', 'source', 'version', 'title', 'description'] as const;
  const entries = names.flatMap((name) => {
    const value = manifest[name];
    return value === undefined ? [] : [[`org.opencontainers.image.${name}`, value] as const];
  });
  return Object.fromEntries(entries);
}

/** The digest of `tag@digest` or of a digest alone. */
export function digestOf(revision: string): string {
  return revision.slice(revision.indexOf('@') + 1);
}
