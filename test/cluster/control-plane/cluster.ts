/** What a test does as the administrator of a cluster: a client, and apply for any kind. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../../src/api/meta.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { systemClock } from '../../../src/kube/clock.ts';
import type { KubeCluster } from '../../../src/kube/cluster.ts';
import { createKubeClient, type HttpKubeClient } from '../../../src/kube/http-client.ts';
import { computeStatus } from '../../../src/kube/kstatus/compute-status.ts';
import { createResourceTypes } from '../../../src/sandbox/flux/resource-types.ts';
import { ADMIN_TOKEN } from './credentials.ts';

/** How to reach an API server by a token. */
export function clusterAt(server: string, caFile: string, token = ADMIN_TOKEN): KubeCluster {
  const headers = { authorization: `Bearer ${token}` };
  return { server, ca: readFileSync(caFile), namespace: 'default', headers: () => Promise.resolve(headers) };
}

export interface Administrator extends AsyncDisposable {
  readonly client: KubeClient;
  readonly types: ReturnType<typeof createResourceTypes>;
  /** Server-side apply as the field manager `person`. A definition's resource may be served a moment later. */
  readonly apply: (object: KubeObject) => Promise<void>;
}

export function administrator(cluster: KubeCluster): Administrator {
  const client: HttpKubeClient = createKubeClient({ cluster, clock: systemClock, userAgent: 'tests' });
  const types = createResourceTypes(client);
  return {
    client,
    types,
    apply: async (object) => {
      const type = await types(object.apiVersion, object.kind, new AbortController().signal);
      if (type === undefined) throw new Error(`the cluster does not serve ${object.apiVersion} ${object.kind}`);
      await client.apply(type, object, { fieldManager: 'person', force: true });
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Installs CRDs and resolves when each is established. */
export async function define(admin: Administrator, definitions: readonly KubeObject[]): Promise<void> {
  for (const definition of definitions) await admin.apply(definition);
  for (const { apiVersion, kind, metadata } of definitions) {
    const type = await admin.types(apiVersion, kind, new AbortController().signal);
    if (type === undefined) throw new Error('an API server without CustomResourceDefinitions');
    while (!isCurrent(await admin.client.get(type, { namespace: '', name: metadata.name }))) await sleep(50);
  }
}

const isCurrent = (object: KubeObject): boolean => computeStatus(object, systemClock.now()).status === 'Current';
