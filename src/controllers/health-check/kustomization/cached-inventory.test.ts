import { expect, it } from 'vitest';
import type { KubeObject } from '../../../api/meta.ts';
import type { ResourceType } from '../../../api/resource-type.ts';
import { ApiStatusError } from '../../../kube/errors.ts';
import type { Informers } from '../../../kube/informers.ts';
import { createCachedInventory } from './cached-inventory.ts';

const web: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    namespace: 'team',
    name: 'web',
    labels: { 'kustomize.toolkit.fluxcd.io/name': 'app', 'kustomize.toolkit.fluxcd.io/namespace': 'flux' },
    annotations: { big: 'x' },
  },
  spec: { replicas: 1, template: { spec: {} } },
};
const key = { namespace: 'team', name: 'web' };

/** One informer that holds `web`, and tells of changes when it is told to. */
function stub() {
  const acquired: string[] = [];
  let handler: ((change: { current?: KubeObject; previous?: KubeObject; isInitial: boolean }) => void) | undefined;
  let fault: Error | undefined;
  let parse: ResourceType['parse'] = () => web;
  const informers = {
    acquire(type: ResourceType, { labelSelector }: { labelSelector: string }) {
      acquired.push(`${type.apiVersion}/${type.plural} ${labelSelector}`);
      ({ parse } = type);
      const informer = {
        ready: async () => {
          if (fault !== undefined) throw fault;
        },
        get: () => parse(web),
        subscribe: (given: typeof handler) => (handler = given),
      };
      return { informer };
    },
  };
  const inventory = createCachedInventory({
    informers: informers as unknown as Informers,
    pluralOf: async (_apiVersion, kind) => `${kind.toLowerCase()}s`,
  });
  return {
    acquired,
    inventory,
    fail: (status?: number) => {
      const target = { verb: 'list', kind: 'Deployment', key };
      fault = status === undefined ? undefined : new ApiStatusError(status, 'X', 'no', target, { kind: 'retryable' });
    },
    change: (isInitial: boolean) => handler?.({ current: web, isInitial }),
  };
}

it('watches a kind once, of objects that Flux applied, and keeps what tells their health', async () => {
  const { inventory, acquired } = stub();
  const objects = await Promise.all([1, 2, 3].map(() => inventory.get('apps/v1', 'Deployment', key)));
  expect(acquired).toEqual(['apps/v1/deployments kustomize.toolkit.fluxcd.io/name']);
  expect(objects[0]).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'team', name: 'web', labels: web.metadata.labels },
    spec: { replicas: 1 },
  });
});

it('tells of changes, and of the first list only those who were refused before', async () => {
  const { inventory, change, fail } = stub();
  const told: string[] = [];
  inventory.onChange(({ namespace, name }) => told.push(`${namespace}/${name}`));
  await inventory.get('apps/v1', 'Deployment', key);
  change(true);
  expect(told).toEqual([]);
  change(false);
  expect(told).toEqual(['flux/app']);
  fail(403);
  await expect(inventory.get('apps/v1', 'Deployment', key)).rejects.toMatchObject({ status: 403 });
  change(true);
  expect(told).toEqual(['flux/app', 'flux/app']);
  fail(404);
  expect(await inventory.get('apps/v1', 'Deployment', key)).toBeUndefined();
});
