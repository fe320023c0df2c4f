/**
 * `runtime` holds `src/kube` against a real API server that is slow, silent, full, killed or does not let us in. This file
 * gives each test file a control plane of its own, so that what it breaks is nobody else's.
 */
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../../../src/kube/clock.ts';
import { createKubeClient, type HttpKubeClient, type KubeClientOptions } from '../../../../src/kube/http-client.ts';
import { clusterAt } from '../../control-plane/cluster.ts';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '../../control-plane/control-plane.ts';

/** etcd and an API server alone, unless the options say more. Call it at the top; the result is for inside of tests. */
export function ownPlane(name: string, options: Partial<ControlPlaneOptions> = {}): () => ControlPlane {
  let plane: ControlPlane | undefined;
  beforeAll(async () => {
    plane = await startControlPlane({ flux: false, workloads: false, install: false, ...options, name });
  });
  afterAll(async () => {
    await plane?.[Symbol.asyncDispose]();
  });
  return () => {
    if (plane === undefined) throw new Error('the control plane is there only inside of tests');
    return plane;
  };
}

/** The runtime's own client, as the administrator of the plane. */
export function runtimeClient(
  plane: ControlPlane,
  options: Partial<KubeClientOptions> = {},
): HttpKubeClient & AsyncDisposable {
  const cluster = clusterAt(plane.server, plane.caFile);
  const client = createKubeClient({ cluster, clock: systemClock, userAgent: 'runtime', ...options });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}
