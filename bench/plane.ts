/**
 * A fresh control plane for one run: etcd, API server with an audit log, Flux' kinds without Flux, Kuberik installed
 * as users do, and a registry.
 */
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../src/api/meta.ts';
import type { KubeClient } from '../src/kube/client.ts';
import { define } from '../test/cluster/control-plane/cluster.ts';
import { type ControlPlane, startControlPlane } from '../test/cluster/control-plane/control-plane.ts';
import { fluxControllers } from '../test/cluster/control-plane/flux.ts';
import { startRegistry } from '../test/cluster/control-plane/registries.ts';
import { Run } from '../test/cluster/control-plane/run.ts';
import { AuditLog, auditFlags } from '../test/cluster/support/audit.ts';
import { serviceAccountToken, shipped } from '../test/cluster/support/controller.ts';
import { type CountingRegistry, countRequests } from './registry.ts';

export interface Plane extends AsyncDisposable {
  /** Of the administrator. */
  readonly client: KubeClient;
  readonly server: string;
  readonly caFile: string;
  /** Of the controller's ServiceAccount. */
  readonly token: string;
  readonly audit: AuditLog;
  readonly registry: CountingRegistry;
  /** With a folder for what is kept until the next run, and one for what is not. */
  readonly run: Run;
}

/** @param registryDelay milliseconds added to each answer of the registry */
export async function startPlane(registryDelay: number): Promise<Plane> {
  await using parts = new AsyncDisposableStack();
  const run = parts.use(await Run.create('bench'));
  const auditPath = join(run.logs, 'audit.log');
  const plane = parts.use(
    await startControlPlane({
      name: 'bench-plane',
      flux: false,
      workloads: false,
      apiServerFlags: auditFlags(auditPath, join(run.directory, 'audit-policy.json')),
    }),
  );
  const files = await Promise.all(fluxControllers.map((name) => plane.obtained.files(name)));
  const definitions = files.flat().map((text) => parse(text) as KubeObject);
  await define(plane.admin, definitions);
  await aggregate(plane);
  const upstream = await startRegistry(run, plane.obtained, 'docker-registry');
  const registry = parts.use(await countRequests(upstream.host, registryDelay));
  const { server, caFile, kubeconfig } = plane;
  const connection = {
    server,
    caFile,
    kubeconfig,
    registry: registry.host,
    kubectl: plane.obtained.program('kubectl'),
    directory: run.directory,
  };
  const token = await serviceAccountToken(connection, shipped().serviceAccount);
  const owned = parts.move();
  return {
    client: plane.admin.client,
    server,
    caFile,
    token,
    audit: new AuditLog(auditPath),
    registry,
    run,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Puts the rules of the role for inventories together, as a controller of Kubernetes does where there is one. */
async function aggregate({ admin }: ControlPlane): Promise<void> {
  const type = await admin.types('rbac.authorization.k8s.io/v1', 'ClusterRole', new AbortController().signal);
  if (type === undefined) throw new Error('an API server without ClusterRoles');
  const { items } = await admin.client.list(type, { labelSelector: 'rbac.kuberik.com/aggregate-to-inventory=true' });
  const rules = items.flatMap((item) => (item as { readonly rules: readonly unknown[] }).rules);
  const key = { namespace: '', name: 'kuberik-inventory' };
  await admin.client.patch(type, key, { type: 'merge', body: { rules } });
}
