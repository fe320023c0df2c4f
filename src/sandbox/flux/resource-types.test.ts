import { expect, test, vi } from 'vitest';
import { fluxDefinitions } from '../crds/flux-definitions.ts';
import { createResourceTypes } from './resource-types.ts';

const { signal } = new AbortController();

test.each([
  ['v1', 'ConfigMap', 'configmaps', true],
  ['v1', 'Namespace', 'namespaces', false],
  ['v1', 'Endpoints', 'endpoints', true],
  ['networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', true],
  ['networking.k8s.io/v1', 'IngressClass', 'ingressclasses', false],
  ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'kustomizations', true],
])('%s %s is %s', async (apiVersion, kind, plural, namespaced) => {
  const list = async () => ({ items: fluxDefinitions, resourceVersion: '1', continue: undefined });
  expect(await createResourceTypes({ list })(apiVersion, kind, signal)).toMatchObject({ plural, namespaced });
});

test('an unknown kind is looked for each time, a known one is remembered', async () => {
  const items: unknown[] = [];
  const list = vi.fn(async () => ({ items, resourceVersion: '1', continue: undefined }));
  const typeOf = createResourceTypes({ list });
  expect(await typeOf('source.toolkit.fluxcd.io/v1', 'OCIRepository', signal)).toBeUndefined();
  items.push(...fluxDefinitions);
  expect(await typeOf('source.toolkit.fluxcd.io/v1', 'OCIRepository', signal)).toBeDefined();
  expect(await typeOf('source.toolkit.fluxcd.io/v1beta2', 'OCIRepository', signal)).toBeDefined();
  expect(list).toHaveBeenCalledTimes(2);
});
