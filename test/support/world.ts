/** A whole control plane for tests: the sandbox over real HTTP on the real clock, with short waits. */
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../src/kube/clock.ts';
import { openCluster } from '../../src/kube/cluster.ts';
import { silentLogger } from '../../src/kube/logger.ts';
import { createRegistry } from '../../src/oci/registry-client.ts';
import type { RequestLogEntry } from '../../src/sandbox/apiserver/start.ts';
import { createResourceTypes } from '../../src/sandbox/flux/resource-types.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { Carried } from './carried.ts';
import { Space, type Surroundings } from './space.ts';

export interface RegistryRequest {
  readonly method: string;
  readonly path: string;
  readonly userAgent: string;
}

export interface World extends Surroundings, AsyncDisposable {
  readonly sandbox: Sandbox;
  /** What the API server was asked, oldest first. */
  readonly requests: RequestLogEntry[];
  /** What the registry was asked, oldest first. */
  readonly registryRequests: RegistryRequest[];
  /** A namespace of its own. */
  space(name: string): Promise<Space>;
}

export async function startWorld(options: Partial<SandboxOptions> = {}): Promise<World> {
  const { clock = systemClock, registryFaults } = options;
  await using parts = new AsyncDisposableStack();
  const requests: RequestLogEntry[] = [];
  const registryRequests: RegistryRequest[] = [];
  const sandbox = parts.use(
    await startSandbox({
      logger: silentLogger,
      healthPoll: Temporal.Duration.from({ milliseconds: 200 }),
      cancelHealthCheckOnNewRevision: true,
      ...options,
      clock,
      requestLog: (entry) => requests.push(entry),
      registryFaults: (request) => {
        registryRequests.push(request);
        return registryFaults?.(request);
      },
    }),
  );
  const registry = parts.use(createRegistry({ clock, userAgent: 'tests' }));
  const carried = parts.use(new Carried(sandbox.client));
  const owned = parts.move();
  const world: World = {
    sandbox,
    client: sandbox.client,
    cluster: openCluster(sandbox.api.url),
    registryHost: sandbox.registry.host,
    clock,
    transport: registry.transport,
    types: createResourceTypes(sandbox.client),
    carried,
    requests,
    registryRequests,
    async space(name) {
      const space = new Space(world, name);
      await space.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      return space;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  return world;
}

/** One for all tests of a file. Call it at the top; the function that it returns is for inside of tests. */
export function sharedWorld(options: Partial<SandboxOptions> = {}): () => World {
  let world: World | undefined;
  beforeAll(async () => {
    world = await startWorld(options);
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
  });
  return () => {
    if (world === undefined) throw new Error('the world is there only inside of tests');
    return world;
  };
}
