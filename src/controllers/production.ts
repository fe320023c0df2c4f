/**
 * `controllers` brings objects to where they should be: one folder per resource, each observe, decide, apply. This file
 * puts all of them into a manager; the production process and the sandbox run the same ones.
 */
import { HealthCheck, HealthClass } from '../api/health-check.ts';
import { type FailurePolicy, Rollout } from '../api/rollout.ts';
import type { ImageApiVersion } from '../integrations/flux/image-policy.ts';
import { createReleaseMemory } from '../integrations/flux/release-memory.ts';
import { allowHostList, allowHosts, type HostList, type HostPattern } from '../integrations/http/allowed-hosts.ts';
import { createHttpAsker, type HttpAsker, type HttpAskerOptions } from '../integrations/http/ask.ts';
import type { KubeClient } from '../kube/client.ts';
import { createLiveReader } from '../kube/live-reader.ts';
import type { Manager } from '../kube/manager.ts';
import type { Registry } from '../oci/registry.ts';
import { countedSampler } from './counted-sampler.ts';
import { datadogMonitorController } from './datadog/controller.ts';
import { httpGateController } from './gate/controller.ts';
import { healthCheckController } from './health-check/controller.ts';
import { datadogClass } from './health-check/datadog/datadog-class.ts';
import type { HealthClassJudge } from './health-check/health-class.ts';
import { httpSampler } from './health-check/http/http-sampler.ts';
import { jobClass } from './health-check/job/job-class.ts';
import { createCachedInventory } from './health-check/kustomization/cached-inventory.ts';
import { createPluralOf } from './health-check/kustomization/kinds.ts';
import { kustomizationClass } from './health-check/kustomization/kustomization-class.ts';
import { prometheusAlertSampler } from './health-check/prometheus/alert-sampler.ts';
import { prometheusQuerySampler } from './health-check/prometheus/query-sampler.ts';
import { sampledClass } from './health-check/sampled/sampled-class.ts';
import type { Sampler } from './health-check/sampled/sampler.ts';
import { DeliveryMetrics } from './metrics/delivery-metrics.ts';
import { SampleMetrics } from './metrics/sample-metrics.ts';
import { exposeState } from './metrics/state-metrics.ts';
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
  /** What health checks may call. Default: every host but this machine and its link. */
  readonly healthCheckHosts?: HostList;
  /** How gates and health checks ask. Default: over the network. */
  readonly createAsker?: (options: HttpAskerOptions) => HttpAsker;
}

/** Before `manager.run`. */
export function addControllers(manager: Manager, options: ProductionOptions): void {
  const { registry, defaultFailurePolicy = 'Rollback', imageVersion, createAsker = createHttpAsker } = options;
  const live = createLiveReader(options.client);
  const { informers, metrics } = manager;
  exposeState(metrics.registry, {
    isLeading: () => manager.state.leading,
    rollouts: () => informers.find(Rollout)?.list() ?? [],
    checks: () => informers.find(HealthCheck)?.list() ?? [],
  });
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
      recorder: new DeliveryMetrics(metrics.registry, clock),
      ...(imageVersion && { imageVersion }),
    }),
  );
  manager.add(({ client, reader, informers, events, clock }) => {
    const inventory = createCachedInventory({ informers, pluralOf: createPluralOf(live, clock) });
    const hosts = allowHostList(options.healthCheckHosts ?? { listed: [], others: true });
    const asker = createAsker({ clock, hosts, atOnce: 256 });
    const samples = new SampleMetrics(metrics.registry);
    const sampled = (sampler: Sampler) =>
      sampledClass(countedSampler(sampler, samples, clock), { reader, live, hosts, asker, clock });
    const classes = new Map<string, HealthClassJudge>([
      [HealthClass.Kustomization, kustomizationClass({ reader, inventory, clock })],
      [HealthClass.PrometheusAlert, sampled(prometheusAlertSampler(asker))],
      [HealthClass.PrometheusQuery, sampled(prometheusQuerySampler(asker))],
      [HealthClass.Http, sampled(httpSampler(asker))],
      [HealthClass.Datadog, datadogClass({ reader, clock })],
      [HealthClass.Job, jobClass({ client, reader, live, clock })],
    ]);
    return healthCheckController({ client, reader, classes, events, clock });
  });
  manager.add(({ client, reader, events, clock }) => {
    const hosts = allowHosts(options.httpGateHosts ?? []);
    return httpGateController({ client, reader, live, hosts, asker: createAsker({ clock, hosts }), clock, events });
  });
  manager.add(({ client, reader, events }) => datadogMonitorController({ client, reader, live, events }));
  manager.add(rolloutScheduleController);
  manager.add(clusterRolloutScheduleController);
}
