/** The tag under which the registry of a Rollout has a digest, whether its ImagePolicy admits that tag or not. */
import type { Rollout, VersionInfo } from '../../api/rollout.ts';
import { resolveRolloutSpec } from '../../api/rollout-spec.ts';
import { type Digest, isTag } from '../../api/tag.ts';
import type { Reader } from '../../kube/reader.ts';
import type { Registry } from '../../oci/registry.ts';
import { requireAccessFrom, resolveAccess } from './access.ts';
import { type ImageApiVersion, imagePolicyType } from './image-policy.ts';
import { imageRepositoryType } from './image-repository.ts';

export interface TagSearch {
  readonly reader: Reader;
  /** Secrets by name. */
  readonly live: Reader;
  readonly registry: Registry;
  readonly rollout: Rollout;
  readonly imageVersion: ImageApiVersion;
}

/** A registry answers for tags, not for digests, so that each has to be asked for: of a long list the last ones. */
const mostTags = 200;
const atOnce = 8;

/**
 * Undefined when none of the tags has it.
 * @throws KubeError, OciError or AccessRefused when it cannot be asked
 */
export async function findTagOf(
  { reader, live, registry, rollout, imageVersion }: TagSearch,
  digest: Digest,
  signal: AbortSignal,
): Promise<VersionInfo | undefined> {
  const { namespace = '' } = rollout.metadata;
  const name = resolveRolloutSpec(rollout).imagePolicy;
  const policy = await reader.get(imagePolicyType(imageVersion), { namespace, name });
  if (policy === undefined) return undefined;
  const reference = policy.spec.imageRepositoryRef;
  const key = { namespace: reference.namespace ?? namespace, name: reference.name };
  const repository = await reader.get(imageRepositoryType(imageVersion), key);
  if (repository === undefined) return undefined;
  await requireAccessFrom(live, repository, namespace);
  const access = await resolveAccess(live, repository, signal);
  const { image } = repository.spec;
  const tags = (await registry.listTags(image, access, signal)).filter(isTag).slice(-mostTags).toReversed();
  for (let from = 0; from < tags.length; from += atOnce) {
    const asked = tags.slice(from, from + atOnce);
    const manifests = await Promise.all(
      asked.map(async (tag) => ({ tag, ...(await registry.readManifest(image, tag, access, signal)) })),
    );
    const found = manifests.find((manifest) => manifest.digest === digest);
    if (found !== undefined) return { tag: found.tag, digest };
  }
  return undefined;
}
