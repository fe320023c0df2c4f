/** What `observeReleases` is given, and what of it becomes a question to the registry. */
import type { Rollout } from '../../api/rollout.ts';
import type { Digest, Tag } from '../../api/tag.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Reader } from '../../kube/reader.ts';
import type { Registry } from '../../oci/registry.ts';
import type { ImageApiVersion } from './image-policy.ts';
import type { ReleaseMemory } from './release-memory.ts';

export interface ReleaseRequest {
  /** ImagePolicies and ImageRepositories. */
  readonly reader: Reader;
  /** Secrets and Namespaces, live and by name. */
  readonly live: Reader;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly memory: ReleaseMemory;
  readonly rollout: Rollout;
  /** Tags that a person asks for: whether they exist is looked up unless they are recorded. */
  readonly wanted?: readonly Tag[];
  /** Tags that targets carry; looked up while the Rollout has no history, to adopt what runs already. */
  readonly carried?: readonly Tag[];
  /** Which version of the image kinds the cluster serves. Default `v1`. */
  readonly imageVersion?: ImageApiVersion;
}

/** `status.latestRef` of an ImagePolicy. */
export interface LatestRef {
  readonly tag: Tag;
  readonly digest: Digest | undefined;
}

/** What is asked of the registry; nothing when all of it is empty. */
export interface RegistryQuestion {
  readonly latest: LatestRef | undefined;
  /** Metadata of the newest release is to be read. */
  readonly readLatest: boolean;
  /** Tags whose existence, and then metadata, is asked for. */
  readonly verify: readonly Tag[];
  /** Releases recorded while the registry failed: their metadata is still to be read. */
  readonly repair: readonly Tag[];
  /** Releases after this one and up to the newest are news. Absent: nothing was deployed yet. */
  readonly deployed: Tag | undefined;
}
