/**
 * `controllers` brings objects to where they should be: one folder per resource, each observe, decide, apply. This file
 * puts all of them into a manager; the production process and the sandbox run the same ones.
 */
import { HealthClass } from '../api/health-check.ts';
import type { FailurePolicy } from '../api/rollout.ts';
import type { ImageApiVersion } from '../integrations/flux/image-policy.ts';
import { createReleaseMemory } from '../integrations/flux/release-memory.ts';
import { allowHosts, type HostPattern } from '../integrations/http/allowed-hosts.ts';
import { createHttpAsker } from '../integrations/http/ask.ts';
import type { KubeClient } from '../kube/client.ts';
import { createLiveReader } from '../kube/live-reader.ts';
import type { Manager } from '../kube/manager.ts';
import type { Registry } from '../oci/registry.ts';
import { httpGateController } from './gate/controller.ts';
import { healthCheckController } from './health-check/controller.ts';
import type { HealthClassJudge } from './health-check/health-class.ts';
import { createCachedInventory } from './health-check/kustomization/cached-inventory.ts';
import { createPluralOf } from './health-check/kustomization/kinds.ts';
import { kustomizationClass } from './health-check/kustomization/kustomization-class.ts';
import { rolloutController } from './rollout/controller.ts';
import { clusterRolloutScheduleController, rolloutScheduleController } from './schedule/controller.ts';

export interface ProductionOptions {
  /** Reads live what is never cached, Secrets above all. */
  readonly client: KubeClient;
  readonly registry: Registry;
  /** For Rollouts without `spec.failurePolicy`. Default `Rollback`. */
  readonly defaultFailurePolicy?: FailurePolicy;
  /** Which version of Flux' image kinds the cluster serves. Default `v1`. */
  readonly imageVersion?: ImageApiVersion;
  /** What gates of class `http` may call. Default: nothing. */
  readonly httpGateHosts?: readonly HostPattern[];
}

/** Before `manager.run`. */
export function addControllers(manager: Manager, options: ProductionOptions): void {
  const { registry, defaultFailurePolicy = 'Rollback', imageVersion } = options;
  const live = createLiveReader(options.client);
  manager.add(({ client, reader, events, clock }) =>
    rolloutController({
      client,
      reader,
      live,
      registry,
      memory: createReleaseMemory(),
      clock,
      events,
      defaultFailurePolicy,
      ...(imageVersion && { imageVersion }),
    }),
  );
  manager.add(({ client, reader, informers, events, clock }) => {
    const inventory = createCachedInventory({ informers, pluralOf: createPluralOf(live, clock) });
    const classes = new Map<string, HealthClassJudge>([
      [HealthClass.Kustomization, kustomizationClass({ reader, inventory, clock })],
    ]);
    return healthCheckController({ client, reader, classes, events, clock });
  });
  manager.add(({ client, reader, events, clock }) => {
    const hosts = allowHosts(options.httpGateHosts ?? []);
    return httpGateController({ client, reader, live, hosts, asker: createHttpAsker({ clock, hosts }), clock, events });
  });
  manager.add(rolloutScheduleController);
  manager.add(clusterRolloutScheduleController);
}
