/**
 * What the ImagePolicy of a Rollout and its registry say about releases. The policy's `status.latestRef` is the news;
 * the registry is asked only about what is not recorded in `status.availableReleases` yet, so that an idle or
 * restarted controller asks nothing.
 */
import { InvalidObjectError } from '../../api/errors.ts';
import { earliest } from '../../api/instant.ts';
import { keyOf, keyText } from '../../api/meta.ts';
import type { Rollout, VersionInfo } from '../../api/rollout.ts';
import { resolveRolloutSpec } from '../../api/rollout-spec.ts';
import { isDigest, isTag, type Tag } from '../../api/tag.ts';
import type { Fault, ReleaseObservation } from '../../core/observation.ts';
import { describeObject, findCondition } from './foreign.ts';
import { ImagePolicy, imagePolicyType } from './image-policy.ts';
import { admittedTags, type InvalidPolicy, rankedTags } from './policy-order.ts';
import { type RegistryAnswer, readRegistry } from './release-registry.ts';
import type { LatestRef, RegistryQuestion, ReleaseRequest } from './release-request.ts';

/** Faults that were recorded while part of the registry was unread, so that it must be asked again. */
const registryReasons: ReadonlySet<string> = new Set<Fault['reason']>([
  'ImageRepositoryNotFound',
  'RegistryUnavailable',
  'RegistryAccessDenied',
  'InvalidManifest',
]);

const nothing: RegistryAnswer = { metadata: new Map() };

/** Never rejects because of the registry or the policy: what could not be read is a fault in the observation. */
export async function observeReleases(request: ReleaseRequest, signal: AbortSignal): Promise<ReleaseObservation> {
  const { rollout, clock, memory } = request;
  const found = await readPolicy(request);
  if (!('policy' in found)) return { metadata: new Map(), unknownTags: new Set(), policyFault: found.policyFault };
  const { policy, complaint } = found;

  const known = new Map((rollout.status?.availableReleases ?? []).map((release) => [release.tag, release]));
  const latest = latestRef(policy);
  const refreshAt = refreshInstant(request);
  const question = ask(request, policy, known, latest);
  const isRefresh = refreshAt !== undefined && Temporal.Instant.compare(clock.now(), refreshAt) >= 0;
  if (isRefresh) memory.refreshed.set(keyText(keyOf(rollout)), clock.now());

  const answer =
    question === undefined && !isRefresh
      ? nothing
      : await readRegistry(request, policy, question ?? { ...quiet(rollout), latest }, known, isRefresh, signal);
  const admitted = admittedTags(policy.spec, answer.tags ?? recorded(known, latest));
  const fault = answer.fault ?? faultOf(policy, complaint, admitted);
  const names = answer.names;
  const again = earliest(answer.verifyAgainAt, refreshInstant(request));
  return {
    ...(latest !== undefined && { latest: describeLatest(latest, known, answer.metadata) }),
    ...(!('message' in admitted) && { admitted, ranked: rank(policy, admitted, known) }),
    metadata: answer.metadata,
    ...(answer.artifact !== undefined && { artifact: answer.artifact }),
    unknownTags: new Set(names === undefined ? [] : (question?.verify ?? []).filter((tag) => !names.has(tag))),
    ...(names !== undefined && { hasTag: (tag: Tag) => names.has(tag) }),
    ...(fault !== undefined && { fault }),
    ...(again !== undefined && { refreshAt: again }),
  };
}

/** `complaint`: Flux is not content with the policy, but chose a release before. */
async function readPolicy(
  request: ReleaseRequest,
): Promise<{ policy: ImagePolicy; complaint?: string } | { policyFault: Fault }> {
  const type = imagePolicyType(request.imageVersion ?? 'v1');
  const namespace = request.rollout.metadata.namespace ?? '';
  const name = resolveRolloutSpec(request.rollout).imagePolicy;
  const described = describeObject(type, namespace, name);
  const missing: Fault = {
    reason: 'ImagePolicyNotFound',
    message: `${described} not found: create it, or correct spec.releasesImagePolicy.name`,
  };
  if (name === '') return { policyFault: { ...missing, message: 'spec.releasesImagePolicy.name is empty' } };
  try {
    const policy = await request.reader.get(type, { namespace, name });
    if (policy === undefined) return { policyFault: missing };
    const ready = findCondition(policy.status?.conditions, 'Ready');
    if (ready?.status !== 'False') return { policy };
    const message = `${described} is not ready: ${ready.message ?? ready.reason ?? 'no message'}`;
    if (latestRef(policy) !== undefined) return { policy, complaint: message };
    return { policyFault: { reason: 'ImagePolicyNotReady', message } };
  } catch (error) {
    if (!(error instanceof InvalidObjectError)) throw error;
    return { policyFault: { reason: 'ImagePolicyNotReady', message: error.message } };
  }
}

function latestRef({ status }: ImagePolicy): LatestRef | undefined {
  const image = status?.latestImage ?? '';
  const tag = status?.latestRef?.tag ?? image.slice(image.lastIndexOf(':') + 1);
  if (!isTag(tag)) return undefined;
  const digest = status?.latestRef?.digest ?? '';
  return { tag, digest: isDigest(digest) ? digest : undefined };
}

/** Undefined when everything that matters is recorded. */
function ask(
  { rollout, wanted = [], carried = [] }: ReleaseRequest,
  policy: ImagePolicy,
  known: ReadonlyMap<Tag, VersionInfo>,
  latest: LatestRef | undefined,
): RegistryQuestion | undefined {
  const status = rollout.status ?? {};
  const isPending = (status.conditions ?? []).some(
    ({ type, status: value, reason }) => type === 'ReleasesUpdated' && value === 'False' && registryReasons.has(reason),
  );
  const isFirst = (status.history ?? []).length === 0;
  const verify = [...new Set([...wanted, ...(isFirst ? carried : [])])].filter((tag) => !known.has(tag));
  const lacks = (release: VersionInfo): boolean => release.digest === undefined;
  const repair = isPending ? [...known.values()].filter(lacks).map((release) => release.tag) : [];
  const entry = latest === undefined ? undefined : known.get(latest.tag);
  const isNew = latest !== undefined && entry === undefined;
  const isMoved = latest?.digest !== undefined && entry?.digest !== undefined && latest.digest !== entry.digest;
  const isBack = latest !== undefined && wentBack(policy, known, latest);
  if (!isNew && !isMoved && !isPending && !isBack && verify.length === 0) return undefined;
  return { ...quiet(rollout), latest, readLatest: isNew || isMoved, verify, repair };
}

/** The policy chose something older than what is recorded: a release may be gone from the registry. */
function wentBack(policy: ImagePolicy, known: ReadonlyMap<Tag, VersionInfo>, latest: LatestRef): boolean {
  const admitted = admittedTags(policy.spec, recorded(known, latest));
  return !('message' in admitted) && admitted.at(-1) !== latest.tag;
}

function quiet(rollout: Rollout): RegistryQuestion {
  const deployed = rollout.status?.history?.[0]?.version.tag;
  return { latest: undefined, readLatest: false, verify: [], repair: [], deployed };
}

function recorded(known: ReadonlyMap<Tag, VersionInfo>, latest: LatestRef | undefined): readonly Tag[] {
  return latest === undefined || known.has(latest.tag) ? [...known.keys()] : [...known.keys(), latest.tag];
}

/** Recorded releases keep their place among the admitted ones, though the policy or the registry has dropped them. */
function rank(policy: ImagePolicy, admitted: readonly Tag[], known: ReadonlyMap<Tag, VersionInfo>): readonly Tag[] {
  const admits = new Set(admitted);
  const dropped = [...known.keys()].filter((tag) => !admits.has(tag));
  return dropped.length === 0 ? admitted : rankedTags(policy.spec, [...admitted, ...dropped]);
}

function describeLatest(
  { tag, digest }: LatestRef,
  known: ReadonlyMap<Tag, VersionInfo>,
  metadata: ReadonlyMap<Tag, VersionInfo>,
): VersionInfo {
  const read = metadata.get(tag);
  if (read !== undefined) return digest === undefined ? read : { ...read, digest };
  const entry = known.get(tag);
  if (entry !== undefined && (digest === undefined || entry.digest === digest)) return entry;
  // Metadata of another digest would be a lie about this one.
  if (entry !== undefined && entry.digest === undefined && digest !== undefined) return { ...entry, digest };
  return { tag, ...(digest !== undefined && { digest }) };
}

function faultOf(
  policy: ImagePolicy,
  complaint: string | undefined,
  admitted: readonly Tag[] | InvalidPolicy,
): Fault | undefined {
  if (complaint !== undefined) return { reason: 'ImagePolicyNotReady', message: complaint };
  if (!('message' in admitted)) return undefined;
  const described = describeObject(ImagePolicy, policy.metadata.namespace ?? '', policy.metadata.name);
  return { reason: 'ImagePolicyNotReady', message: `${described}: ${admitted.message}` };
}

/** When `spec.releaseUpdateInterval` wants the list read again; counted from the first look, so that a restart reads nothing. */
function refreshInstant({ rollout, clock, memory }: ReleaseRequest): Temporal.Instant | undefined {
  const interval = resolveRolloutSpec(rollout).releaseUpdateInterval;
  if (interval === undefined) return undefined;
  const key = keyText(keyOf(rollout));
  const last = memory.refreshed.get(key) ?? clock.now();
  memory.refreshed.set(key, last);
  const seconds = Math.max(interval.total('seconds'), 10);
  return last.add({ milliseconds: Math.round(seconds * 1000) });
}
