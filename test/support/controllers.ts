/** The production controllers as a process of their own would run them: fresh memory, and a way to stop them. */
import { addControllers } from '../../src/controllers/production.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import type { Clock } from '../../src/kube/clock.ts';
import { openCluster } from '../../src/kube/cluster.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import { silentLogger } from '../../src/kube/logger.ts';
import { Manager, type ManagerOptions } from '../../src/kube/manager.ts';
import { createRegistry } from '../../src/oci/registry-client.ts';
import { CONTROLLER_AGENT } from '../../src/sandbox/sandbox.ts';
import type { World } from './world.ts';

interface ControllersOptions extends Pick<ManagerOptions, 'namespaces' | 'stopTimeout'> {
  /** At the API server and at the registry. */
  readonly userAgent?: string;
  /** Default: the world's. */
  readonly clock?: Clock;
  /** Put between the controllers and the API server. */
  readonly wrap?: (client: KubeClient) => KubeClient;
}

export interface RunningControllers extends AsyncDisposable {
  readonly manager: Manager;
  /** Rejects when the manager fails by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export function startControllers(world: World, options: ControllersOptions = {}): RunningControllers {
  const { clock = world.clock, userAgent = CONTROLLER_AGENT, wrap = (client) => client, ...managerOptions } = options;
  const http = createKubeClient({ cluster: openCluster(world.sandbox.api.url), clock, userAgent });
  const client = wrap(http);
  const registry = createRegistry({ clock, userAgent });
  const manager = new Manager({ client, clock, logger: silentLogger, ...managerOptions });
  // As the sandbox does it.
  const httpGateHosts = [{ host: '127.0.0.1', isWildcard: false }];
  const healthCheckHosts = { listed: httpGateHosts, others: true };
  addControllers(manager, { client, registry, httpGateHosts, healthCheckHosts });
  const running = new AbortController();
  const ended = manager.run(running.signal);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    running.abort(new Error('the test stops the controllers'));
    await ended;
    await registry[Symbol.asyncDispose]();
    await http.close();
  };
  return {
    manager,
    ended,
    stop: () => (stopping ??= stop()),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}
