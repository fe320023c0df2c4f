/** The objects that the tests write, list and watch: ConfigMaps above all. */
import Type, { type Static } from 'typebox';
import { parserFor } from '../../../../src/api/define-resource.ts';
import { type KubeObject, ObjectMeta } from '../../../../src/api/meta.ts';
import type { ResourceType } from '../../../../src/api/resource-type.ts';
import type { KubeClient } from '../../../../src/kube/client.ts';

const ConfigMapSchema = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  metadata: ObjectMeta,
  data: Type.Optional(Type.Record(Type.String(), Type.String())),
});
export type ConfigMap = Static<typeof ConfigMapSchema> & { readonly [field: string]: unknown };

export const ConfigMap: ResourceType<ConfigMap> = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  parse: parserFor('ConfigMap', ConfigMapSchema),
};

/** A kind of the whole cluster of which only the metadata matters. */
export function clusterScoped(apiVersion: string, kind: string, plural: string): ResourceType {
  const schema = Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: ObjectMeta });
  return { apiVersion, kind, plural, namespaced: false, parse: parserFor(kind, schema) };
}

export const ClusterRole = clusterScoped('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles');

export function setting(name: string, namespace: string, value = 'first'): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { value } };
}

export function numbered(count: number, prefix = 'setting'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index.toString().padStart(5, '0')}`);
}

/** Writes another value. */
export function change(client: KubeClient, namespace: string, name: string, value: string): Promise<ConfigMap> {
  return client.patch(ConfigMap, { namespace, name }, { type: 'merge', body: { data: { value } } });
}

/** Runs `task` for every item, so many at once. */
export async function each<T>(items: readonly T[], atOnce: number, task: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  const work = async (): Promise<void> => {
    for (const item of rest) await task(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
