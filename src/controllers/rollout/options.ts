/** What the Rollout controller is given: readers, writers, the registry and the clock. */
import type { ObjectKey } from '../../api/meta.ts';
import type { FailurePolicy, Rollout } from '../../api/rollout.ts';
import type { ImageApiVersion } from '../../integrations/flux/image-policy.ts';
import type { ReleaseMemory } from '../../integrations/flux/release-memory.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { Reader } from '../../kube/reader.ts';
import type { Registry } from '../../oci/registry.ts';

/** Who counts what happens to Rollouts; never throws. */
export interface DeliveryRecorder {
  /** @param after what this process wrote; `before` itself when there was nothing to write */
  looked(before: Rollout, after: Rollout): void;
  /** There is no such Rollout any more. */
  forget(key: ObjectKey): void;
}

export interface RolloutControllerOptions {
  readonly client: KubeClient;
  /** The informers' stores inside a manager; live reads in tests and tools. */
  readonly reader: Reader;
  /** Live and by name: Secrets are never cached. */
  readonly live: Reader;
  readonly registry: Registry;
  readonly memory: ReleaseMemory;
  readonly clock: Clock;
  readonly events: EventRecorder;
  /** For Rollouts without `spec.failurePolicy`. */
  readonly defaultFailurePolicy: FailurePolicy;
  /** Which version of the image kinds the cluster serves. Default `v1`. */
  readonly imageVersion?: ImageApiVersion;
  /** Default: nobody counts. */
  readonly recorder?: DeliveryRecorder;
}
