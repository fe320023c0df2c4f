/** Finds out how a kind is addressed: the built-in ones by a table, the others from their CustomResourceDefinition. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { parserFor } from '../../api/define-resource.ts';
import { ObjectMeta } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { ResourceTypes } from './kustomization-apply.ts';

/** Kinds of a group version; `-` in front of those without a namespace. */
const builtIn: Readonly<Record<string, string>> = {
  v1: 'ConfigMap Endpoints LimitRange -Namespace -Node -PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount',
  'apps/v1': 'DaemonSet Deployment ReplicaSet StatefulSet',
  'batch/v1': 'CronJob Job',
  'autoscaling/v2': 'HorizontalPodAutoscaler',
  'networking.k8s.io/v1': 'Ingress -IngressClass NetworkPolicy',
  'policy/v1': 'PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1': '-ClusterRole -ClusterRoleBinding Role RoleBinding',
  'scheduling.k8s.io/v1': '-PriorityClass',
  'storage.k8s.io/v1': '-StorageClass',
  'coordination.k8s.io/v1': 'Lease',
  'apiextensions.k8s.io/v1': '-CustomResourceDefinition',
  'admissionregistration.k8s.io/v1':
    '-MutatingWebhookConfiguration -ValidatingAdmissionPolicy -ValidatingAdmissionPolicyBinding -ValidatingWebhookConfiguration',
};

const parseAny = (kind: string) =>
  parserFor(kind, Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: ObjectMeta }));

function typeOf(apiVersion: string, kind: string, plural: string, namespaced: boolean): ResourceType {
  return { apiVersion, kind, plural, namespaced, parse: parseAny(kind) };
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') return lower;
  if (lower.endsWith('y')) return `${lower.slice(0, -1)}ies`;
  return lower.endsWith('s') ? `${lower}es` : `${lower}s`;
}

const id = (apiVersion: string, kind: string): string => `${apiVersion}/${kind}`;

function builtInTypes(): Map<string, ResourceType> {
  const types = new Map<string, ResourceType>();
  for (const [apiVersion, kinds] of Object.entries(builtIn)) {
    for (const entry of kinds.split(' ')) {
      const kind = entry.replace('-', '');
      types.set(id(apiVersion, kind), typeOf(apiVersion, kind, pluralOf(kind), kind === entry));
    }
  }
  return types;
}

const Definition = Type.Object({
  spec: Type.Object({
    group: Type.String(),
    scope: Type.String(),
    names: Type.Object({ kind: Type.String(), plural: Type.String() }),
    versions: Type.Array(Type.Object({ name: Type.String(), served: Type.Boolean() })),
  }),
});
const validator = Compile(Definition);
const isDefinition = (value: unknown): value is Static<typeof Definition> => validator.Check(value);

const DefinitionType: ResourceType = typeOf(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  false,
);

/** Remembers what it found; an unknown kind lists the definitions again, so a new one is seen at once. */
export function createResourceTypes(client: Pick<KubeClient, 'list'>): ResourceTypes {
  const known = builtInTypes();
  return async (apiVersion, kind, signal) => {
    const found = known.get(id(apiVersion, kind));
    if (found !== undefined) return found;
    const page = await client.list(DefinitionType, { signal });
    for (const definition of page.items.filter(isDefinition)) {
      const { group, scope, names, versions } = definition.spec;
      for (const { name } of versions.filter(({ served }) => served)) {
        const version = `${group}/${name}`;
        known.set(id(version, names.kind), typeOf(version, names.kind, names.plural, scope === 'Namespaced'));
      }
    }
    return known.get(id(apiVersion, kind));
  };
}
