/**
 * `sandbox` is a whole control plane in one process: an API server that real kubectl talks to, a registry that real
 * clients push to, stand-ins for Flux and for workloads, and then the production controllers, unchanged.
 */
import { randomUUID } from 'node:crypto';
import { crdObjects } from '../api/crds.ts';
import { policyObjects } from '../api/policies/objects.ts';
import { roleObjects } from '../api/policies/roles.ts';
import type { FailurePolicy } from '../api/rollout.ts';
import { addControllers } from '../controllers/production.ts';
import type { HostList, HostPattern } from '../integrations/http/allowed-hosts.ts';
import type { Clock } from '../kube/clock.ts';
import { openCluster } from '../kube/cluster.ts';
import { createKubeClient, type HttpKubeClient } from '../kube/http-client.ts';
import { computeStatus } from '../kube/kstatus/compute-status.ts';
import type { Logger } from '../kube/logger.ts';
import { Manager } from '../kube/manager.ts';
import { Metrics } from '../kube/metrics.ts';
import { pullArtifact } from '../oci/pull.ts';
import { createRegistry, type RegistryClient } from '../oci/registry-client.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from './apiserver/start.ts';
import { datadogMonitorDefinition } from './crds/datadog.ts';
import { fluxDefinitions } from './crds/flux-definitions.ts';
import { fluxControllers } from './flux/controllers.ts';
import { type PushSource, startReceiver } from './flux/receiver.ts';
import { createResourceTypes } from './flux/resource-types.ts';
import { readImageAnnotations } from './image-annotations.ts';
import { type RunningRegistry, type StartRegistryOptions, startRegistry } from './registry/start-registry.ts';
import { workloadControllers } from './workloads/controllers.ts';
import { imageOutcomes } from './workloads/outcome.ts';

export interface SandboxOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: any free one. */
  readonly apiPort?: number;
  /** Default: any free one. */
  readonly registryPort?: number;
  /** Objects and images are kept here between runs. Default: in memory. */
  readonly dataDir?: string;
  /** People beside the administrator, with a kubeconfig each: they may do what roles allow them. Default: nobody. */
  readonly users?: readonly string[];
  /** Default `Rollback`. */
  readonly defaultFailurePolicy?: FailurePolicy;
  /** What gates of class `http` may call. Default: this machine. */
  readonly httpGateHosts?: readonly HostPattern[];
  /** What health checks may call. Default: every host but link-local addresses. */
  readonly healthCheckHosts?: HostList;
  /** Whether the production controllers run in it. Default true; a test may run its own. */
  readonly controllers?: boolean;
  /** Between two looks of the Flux stand-in at the health of what it applied. Default 5 s, as in Flux. */
  readonly healthPoll?: Temporal.Duration;
  /** Flux's feature gate `CancelHealthCheckOnNewRevision`. Default false, as in Flux. */
  readonly cancelHealthCheckOnNewRevision?: boolean;
  /** Called after each request to the API server. The user agent tells the controllers from the stand-ins. */
  readonly requestLog?: NonNullable<ApiServerOptions['requestLog']>;
  /** Asked before each request to the registry; what it answers takes the place of the registry's answer. */
  readonly registryFaults?: NonNullable<StartRegistryOptions['faults']>;
}

/** User agent of the production controllers, at the API server and at the registry. */
export const CONTROLLER_AGENT = 'kuberik-controller';

/** A sandbox is for trying things out, services that gates ask among them. */
const thisMachine: readonly HostPattern[] = [
  { host: '127.0.0.1', isWildcard: false },
  { host: 'localhost', isWildcard: false },
];

export interface Sandbox extends AsyncDisposable {
  readonly api: ApiServer;
  readonly registry: RunningRegistry;
  /** For looking at the sandbox from this process. */
  readonly client: HttpKubeClient;
  /** Of the production controllers. */
  readonly metrics: Metrics;
  /** A kubeconfig (YAML) of one of `users`. */
  kubeconfigOf(user: string): string;
  /** Resolves when a part has failed for good. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { clock, dataDir } = options;
  await using parts = new AsyncDisposableStack();
  const tokens = new Map((options.users ?? []).map((user) => [user, randomUUID()]));
  const api = await startApiServer({
    clock,
    crds: [...crdObjects(), ...fluxDefinitions, datadogMonitorDefinition],
    objects: [...policyObjects(), ...roleObjects()],
    tokens: Object.fromEntries([...tokens].map(([username, token]) => [token, { username, groups: [] }])),
    open: true,
    ...(options.apiPort === undefined ? {} : { port: options.apiPort }),
    ...(dataDir === undefined ? {} : { dataDir: `${dataDir}/objects` }),
    ...(options.requestLog && { requestLog: options.requestLog }),
  });
  parts.defer(() => api.close());
  const pushes = createPushSource();
  const registry = await startRegistry({
    clock,
    onPush: pushes.publish,
    ...(options.registryPort === undefined ? {} : { port: options.registryPort }),
    ...(dataDir === undefined ? {} : { dataDir: `${dataDir}/images` }),
    ...(options.registryFaults && { faults: options.registryFaults }),
  });
  parts.defer(() => registry.close());

  const connect = (userAgent: string): HttpKubeClient => {
    const client = createKubeClient({ cluster: openCluster(api.url), clock, userAgent });
    parts.defer(() => client.close());
    return client;
  };
  const images = createRegistry({ clock, userAgent: 'sandbox-stand-ins' });
  parts.use(images);
  const failures = Promise.withResolvers<Error>();
  const run = (manager: Manager): void => {
    const stop = new AbortController();
    const ended = manager.run(stop.signal).catch((error: unknown) => {
      failures.resolve(error instanceof Error ? error : new Error(String(error)));
    });
    parts.defer(async () => {
      stop.abort(new Error('the sandbox is closing'));
      await ended;
    });
  };
  parts.use(startStandIns(options, connect('sandbox-stand-ins'), images, registry, pushes.source, run));
  const metrics = new Metrics();
  if (options.controllers !== false) {
    const client = connect(CONTROLLER_AGENT);
    const releases = createRegistry({ clock, userAgent: CONTROLLER_AGENT });
    parts.use(releases);
    const manager = new Manager({ client, clock, logger: options.logger, metrics });
    const { defaultFailurePolicy, httpGateHosts = thisMachine } = options;
    const { healthCheckHosts = { listed: thisMachine, others: true } } = options;
    addControllers(manager, {
      client,
      registry: releases,
      httpGateHosts,
      healthCheckHosts,
      ...(defaultFailurePolicy && { defaultFailurePolicy }),
    });
    run(manager);
  }
  const client = connect('kuberik-sandbox');
  const owned = parts.move();
  const close = (): Promise<void> => owned.disposeAsync();
  const kubeconfigOf = (user: string): string => api.kubeconfig(tokens.get(user));
  return {
    api,
    registry,
    client,
    metrics,
    kubeconfigOf,
    failed: failures.promise,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What stands in for Flux, the scheduler, the kubelet and the workload controllers. */
function startStandIns(
  options: SandboxOptions,
  client: HttpKubeClient,
  images: RegistryClient,
  registry: RunningRegistry,
  pushes: PushSource,
  run: (manager: Manager) => void,
): AsyncDisposable {
  const { clock, logger } = options;
  const manager = new Manager({ client, clock, logger });
  const { reader } = manager;
  const flux = fluxControllers({
    client: manager.client,
    reader,
    clock,
    registry: images,
    puller: {
      pull: async (reference, access, signal) =>
        (await pullArtifact(images.transport, reference, access, signal)).files,
    },
    statusOf: computeStatus,
    resourceTypes: createResourceTypes(client),
    ...(options.healthPoll && { healthPoll: options.healthPoll }),
    ...(options.cancelHealthCheckOnNewRevision && { cancelHealthCheckOnNewRevision: true }),
  });
  const outcomeOf = imageOutcomes(
    (image, signal) => readImageAnnotations(images.transport, image, signal),
    (image) => image.startsWith(`${registry.host}/`),
  );
  const workloads = workloadControllers({ client: manager.client, reader, clock, outcomeOf });
  for (const controller of [...flux, ...workloads]) manager.add(() => controller);
  run(manager);
  const receiver = startReceiver({
    client: manager.client,
    reader,
    clock,
    pushes,
    onError: (error) => {
      logger.warn({ err: error }, 'a push could not be passed on; the intervals of Flux go on');
    },
  });
  return receiver;
}

function createPushSource(): { readonly source: PushSource; readonly publish: (repository: string) => void } {
  const listeners = new Set<(repository: string) => void>();
  return {
    publish: (repository) => {
      for (const listener of listeners) listener(repository);
    },
    source: (listener) => {
      listeners.add(listener);
      return {
        [Symbol.dispose]: () => {
          listeners.delete(listener);
        },
      };
    },
  };
}
