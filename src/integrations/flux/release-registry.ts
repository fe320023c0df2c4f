/** Asks the registry of an ImagePolicy: the tag list, and manifests of releases that are news. */
import { keyOf, keyText } from '../../api/meta.ts';
import type { VersionInfo } from '../../api/rollout.ts';
import type { Digest, Tag } from '../../api/tag.ts';
import type { Fault, ReleaseObservation } from '../../core/observation.ts';
import { KubeError } from '../../kube/errors.ts';
import { OciError, type OciErrorCode } from '../../oci/errors.ts';
import type { Access, ManifestMetadata } from '../../oci/registry.ts';
import { AccessRefused, requireAccessFrom, resolveAccess } from './access.ts';
import { describeObject } from './foreign.ts';
import type { ImagePolicy } from './image-policy.ts';
import { type ImageRepository, imageRepositoryType } from './image-repository.ts';
import { admittedTags, withoutExcluded } from './policy-order.ts';
import { nextRest, type TagList, versionInfo } from './release-memory.ts';
import type { LatestRef, RegistryQuestion, ReleaseRequest } from './release-request.ts';

export interface RegistryAnswer {
  /** Tags that Flux's scan keeps. Absent: not read. */
  readonly tags?: readonly string[];
  /** Every tag of the registry. */
  readonly names?: ReadonlySet<string>;
  readonly metadata: ReadonlyMap<Tag, VersionInfo>;
  readonly artifact?: NonNullable<ReleaseObservation['artifact']>;
  readonly fault?: Fault;
  /** When to look again for a tag that is not there. */
  readonly verifyAgainAt?: Temporal.Instant;
}

/** Manifests read for one observation. */
const mostManifests = 20;
/** A tag that a person asks for may be pushed at any time. */
const verifySeconds = 60;

/** Never rejects because of the registry: a fault says what could not be read, and when it is tried again. */
export async function readRegistry(
  request: ReleaseRequest,
  policy: ImagePolicy,
  question: RegistryQuestion,
  known: ReadonlyMap<Tag, VersionInfo>,
  isRefresh: boolean,
  signal: AbortSignal,
): Promise<RegistryAnswer> {
  const { clock, memory } = request;
  const type = imageRepositoryType(request.imageVersion ?? 'v1');
  const namespace = policy.metadata.namespace ?? '';
  const reference = policy.spec.imageRepositoryRef;
  const key = { namespace: reference.namespace ?? namespace, name: reference.name };
  const repository = await request.reader.get(type, key);
  if (repository === undefined) {
    const message = `${describeObject(type, key.namespace, key.name)}, which the ImagePolicy names, not found: create it`;
    return { metadata: new Map(), fault: { reason: 'ImageRepositoryNotFound', message } };
  }

  const restKey = `${keyText(key)}#${repository.metadata.generation ?? 0}`;
  const rest = memory.rests.get(restKey);
  if (rest !== undefined && Temporal.Instant.compare(clock.now(), rest.retryAt) < 0) {
    return { metadata: new Map(), fault: rest.fault };
  }
  const failed = (error: unknown): Fault => {
    signal.throwIfAborted();
    const { fault, retryAt } = describeFailure(error);
    const next = nextRest(rest, fault, clock.now(), retryAt);
    memory.rests.set(restKey, next);
    return next.fault;
  };

  let list: TagList;
  let access: Access;
  try {
    await requireAccessFrom(request.live, repository, namespace);
    access = await resolveAccess(request.live, repository, signal);
    list = await readTags(request, repository, question, access, isRefresh, signal);
  } catch (error) {
    return { metadata: new Map(), fault: failed(error) };
  }
  const tags = withoutExcluded(list.tags, repository.spec.exclusionList);
  const isMissing = question.verify.some((tag) => !list.names.has(tag));
  const verifyAgainAt = list.readAt.add({ seconds: verifySeconds });
  const manifests = await readManifests(
    { request, image: repository.spec.image, access, list },
    news(policy, question, known, list, tags),
    question.latest,
    signal,
  );
  const fault = manifests.error === undefined ? undefined : failed(manifests.error);
  if (fault === undefined) memory.rests.delete(restKey);
  return {
    tags,
    names: list.names,
    metadata: manifests.metadata,
    ...(manifests.artifact !== undefined && { artifact: manifests.artifact }),
    ...(fault !== undefined && { fault }),
    ...(isMissing && { verifyAgainAt }),
  };
}

/** One list for each scan and newest tag, shared by every Rollout of the ImageRepository. */
async function readTags(
  { registry, memory, clock }: ReleaseRequest,
  repository: ImageRepository,
  { latest, verify }: RegistryQuestion,
  access: Access,
  isRefresh: boolean,
  signal: AbortSignal,
): Promise<TagList> {
  const { image } = repository.spec;
  const scan = repository.status?.lastScanResult;
  const scanned = scan?.revision ?? scan?.scanTime ?? '';
  const key = [keyText(keyOf(repository)), image, scanned, latest?.tag, latest?.digest].join(' ');
  const cached = memory.lists.get(key);
  if (cached !== undefined && !isRefresh) {
    const oldest = clock.now().subtract({ seconds: verifySeconds });
    const isFresh = Temporal.Instant.compare(cached.readAt, oldest) > 0;
    if (isFresh || verify.every((tag) => cached.names.has(tag))) return cached;
  }
  return memory.listFlights.join(key, signal, async (flightSignal) => {
    const tags = await registry.listTags(image, access, flightSignal);
    const list = { tags, names: new Set(tags), manifests: new Map(), readAt: clock.now() };
    memory.lists.set(key, list);
    return list;
  });
}

/** Whose manifests are worth reading, the most important first. */
function news(
  policy: ImagePolicy,
  { latest, readLatest, verify, repair, deployed }: RegistryQuestion,
  known: ReadonlyMap<Tag, VersionInfo>,
  list: TagList,
  tags: readonly string[],
): readonly Tag[] {
  const admitted = admittedTags(policy.spec, tags);
  const order = 'message' in admitted ? [] : admitted;
  const last = latest === undefined ? -1 : order.indexOf(latest.tag);
  const first = deployed === undefined ? last : order.indexOf(deployed) + 1;
  const between = last === -1 ? [] : order.slice(first, last + 1).reverse();
  const wanted = [
    ...(readLatest && latest !== undefined ? [latest.tag] : []),
    ...verify.filter((tag) => list.names.has(tag)),
    ...between.filter((tag) => !known.has(tag)),
    ...repair.toReversed(),
  ];
  return [...new Set(wanted)].slice(0, mostManifests + 1);
}

interface Manifests {
  readonly metadata: ReadonlyMap<Tag, VersionInfo>;
  readonly artifact?: NonNullable<ReleaseObservation['artifact']>;
  /** The first failure; the others would say the same. */
  readonly error?: unknown;
}

/** One image, reached and listed. */
interface Visit {
  readonly request: ReleaseRequest;
  readonly image: string;
  readonly access: Access;
  readonly list: TagList;
}

async function readManifests(
  visit: Visit,
  tags: readonly Tag[],
  latest: LatestRef | undefined,
  signal: AbortSignal,
): Promise<Manifests> {
  const readings = await Promise.allSettled(
    tags.map((tag) => {
      const digest = tag === latest?.tag ? latest.digest : undefined;
      return readManifest(visit, digest ?? tag, signal);
    }),
  );
  const metadata = new Map<Tag, VersionInfo>();
  let artifact: Manifests['artifact'];
  let error: unknown;
  for (const [index, reading] of readings.entries()) {
    const tag = tags[index];
    if (tag === undefined) continue;
    if (reading.status === 'rejected') {
      // A tag that was deleted since the list was read is no fault of the registry.
      const isGone = reading.reason instanceof OciError && reading.reason.code === 'KBK_OCI_NOT_FOUND';
      if (!isGone || tag === latest?.tag) error ??= reading.reason;
      continue;
    }
    metadata.set(tag, versionInfo(tag, reading.value));
    if (tag === latest?.tag) artifact = artifactOf(reading.value);
  }
  return { metadata, ...(artifact !== undefined && { artifact }), ...(error !== undefined && { error }) };
}

/** Once for each list that was read: a tag may name another manifest by the next scan. */
async function readManifest(
  { request, image, access, list }: Visit,
  reference: Tag | Digest,
  signal: AbortSignal,
): Promise<ManifestMetadata> {
  const known = list.manifests.get(reference);
  if (known !== undefined) return known;
  const manifest = await request.memory.manifestFlights.join(`${image} ${reference}`, signal, (flightSignal) =>
    request.registry.readManifest(image, reference, access, flightSignal),
  );
  list.manifests.set(reference, manifest);
  return manifest;
}

function artifactOf({ artifactType, source, title, description }: ManifestMetadata) {
  return { artifactType, source, title, description };
}

const reasons: Readonly<Partial<Record<OciErrorCode, Fault['reason']>>> = {
  KBK_OCI_UNAUTHORIZED: 'RegistryAccessDenied',
  KBK_OCI_INVALID_CREDENTIALS: 'RegistryAccessDenied',
  KBK_OCI_NOT_FOUND: 'RegistryAccessDenied', // what registries answer for what one may not see
  KBK_OCI_INVALID_RESPONSE: 'InvalidManifest',
  KBK_OCI_DIGEST_MISMATCH: 'InvalidManifest',
};

/** @throws the error itself when it is neither the registry's nor the API server's. */
function describeFailure(error: unknown): { fault: Omit<Fault, 'retryAt'>; retryAt: Temporal.Instant | undefined } {
  if (error instanceof AccessRefused) {
    return { fault: { reason: error.reason, message: error.message }, retryAt: undefined };
  }
  if (error instanceof OciError) {
    return {
      fault: { reason: reasons[error.code] ?? 'RegistryUnavailable', message: error.message },
      retryAt: error.retryAt,
    };
  }
  if (error instanceof KubeError) {
    return { fault: { reason: 'RegistryUnavailable', message: error.message }, retryAt: undefined };
  }
  throw error;
}
