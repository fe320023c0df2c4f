/** The shared control plane as a test sees it: the administrator's client, the registry, a namespace of its own. */
import { afterAll, beforeAll, inject } from 'vitest';
import { systemClock } from '../../../src/kube/clock.ts';
import { createRegistry } from '../../../src/oci/registry-client.ts';
import { Carried } from '../../support/carried.ts';
import type { Surroundings } from '../../support/space.ts';
import { administrator, clusterAt } from '../control-plane/cluster.ts';
import type { Connection } from '../control-plane/control-plane.ts';
import { ClusterSpace } from './space.ts';

export interface Cluster extends Surroundings, AsyncDisposable {
  readonly connection: Connection;
  /** A namespace whose name begins so. */
  space(name: string): Promise<ClusterSpace>;
}

export function openClusterAt(connection: Connection): Cluster {
  const parts = new AsyncDisposableStack();
  const at = clusterAt(connection.server, connection.caFile);
  const admin = parts.use(administrator(at));
  const registry = parts.use(createRegistry({ clock: systemClock, userAgent: 'tests' }));
  const cluster: Cluster = {
    connection,
    client: admin.client,
    cluster: at,
    registryHost: connection.registry,
    clock: systemClock,
    transport: registry.transport,
    types: admin.types,
    carried: parts.use(new Carried(admin.client)),
    async space(name) {
      const space = new ClusterSpace(cluster, `${name}-${Math.random().toString(36).slice(2, 7)}`);
      await space.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: space.namespace } });
      return space;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
  return cluster;
}

/** For all tests of a file. Call it at the top; the function that it returns is for inside of tests. */
export function sharedCluster(): () => Cluster {
  let cluster: Cluster | undefined;
  beforeAll(() => {
    const connection = inject('controlPlane');
    if (connection === undefined) throw new Error('this test needs the control plane: run it with make test-cluster');
    cluster = openClusterAt(connection);
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });
  return () => {
    if (cluster === undefined) throw new Error('the cluster is there only inside of tests');
    return cluster;
  };
}
