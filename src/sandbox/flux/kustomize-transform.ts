/** What a `kustomization.yaml` does to the manifests below it. Manifests here are freshly parsed and changed in place. */
import { isRecord } from '../../api/json.ts';
import type { ImageOverride, KustomizeFile } from './kustomize-file.ts';

/** A manifest of a file; `apiVersion`, `kind` and `metadata.name` have been checked. */
export type Manifest = Record<string, unknown>;

/** Kinds without a namespace, as kustomize's built-in list; every other kind is taken for a namespaced one. */
const clusterScoped = new Set([
  'APIService',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
]);

const withSelector = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet']);
const neverRenamed = new Set(['CustomResourceDefinition', 'Namespace', 'APIService']);

/** The mapping at `path`, made where it is missing. */
function mapping(parent: Manifest, ...path: readonly string[]): Manifest {
  let current = parent;
  for (const key of path) {
    const next = current[key];
    const child: Manifest = isRecord(next) ? next : {};
    current[key] = child;
    current = child;
  }
  return current;
}

function templateOf(manifest: Manifest): Manifest | undefined {
  const { spec } = manifest;
  if (!isRecord(spec)) return undefined;
  if (isRecord(spec.template)) return spec.template;
  return isRecord(spec.jobTemplate) ? templateOf(spec.jobTemplate) : undefined;
}

export function transform(manifests: readonly Manifest[], file: KustomizeFile): void {
  const { namespace, namePrefix = '', nameSuffix = '', commonLabels, commonAnnotations, labels = [], images } = file;
  if (namePrefix + nameSuffix !== '') rename(manifests, namePrefix, nameSuffix);
  for (const manifest of manifests) {
    if (namespace !== undefined && namespace !== '') setNamespace(manifest, namespace);
    if (commonLabels !== undefined) addLabels(manifest, commonLabels, { selectors: true, templates: true });
    for (const { pairs, includeSelectors = false, includeTemplates = false } of labels) {
      addLabels(manifest, pairs, { selectors: includeSelectors, templates: includeSelectors || includeTemplates });
    }
    if (commonAnnotations !== undefined) addAnnotations(manifest, commonAnnotations);
    if (images !== undefined) replaceImages(manifest, images);
  }
}

/** A manifest may hold anything where a text belongs. */
function isOneOf(kinds: ReadonlySet<string>, kind: unknown): boolean {
  return typeof kind === 'string' && kinds.has(kind);
}

function setNamespace(manifest: Manifest, namespace: string): void {
  if (isOneOf(clusterScoped, manifest.kind)) return;
  mapping(manifest, 'metadata').namespace = namespace;
}

function addLabels(
  manifest: Manifest,
  pairs: Readonly<Record<string, string>>,
  { selectors, templates }: { readonly selectors: boolean; readonly templates: boolean },
): void {
  Object.assign(mapping(manifest, 'metadata', 'labels'), pairs);
  const template = templateOf(manifest);
  if (templates && template !== undefined) Object.assign(mapping(template, 'metadata', 'labels'), pairs);
  if (!selectors) return;
  if (isOneOf(withSelector, manifest.kind)) Object.assign(mapping(manifest, 'spec', 'selector', 'matchLabels'), pairs);
  const spec = mapping(manifest, 'spec');
  if (manifest.kind === 'Service' && isRecord(spec.selector)) Object.assign(spec.selector, pairs);
}

function addAnnotations(manifest: Manifest, pairs: Readonly<Record<string, string>>): void {
  Object.assign(mapping(manifest, 'metadata', 'annotations'), pairs);
  const template = templateOf(manifest);
  if (template !== undefined) Object.assign(mapping(template, 'metadata', 'annotations'), pairs);
}

/** Calls `visit` for every mapping below `value`, itself included. */
function walk(value: unknown, visit: (node: Manifest) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  if (!isRecord(value)) return;
  visit(value);
  for (const child of Object.values(value)) walk(child, visit);
}

function replaceImages(manifest: Manifest, images: readonly ImageOverride[]): void {
  walk(manifest, (node) => {
    for (const list of [node.containers, node.initContainers]) {
      if (!Array.isArray(list)) continue;
      for (const container of list) {
        if (isRecord(container) && typeof container.image === 'string') {
          container.image = overridden(container.image, images);
        }
      }
    }
  });
}

/** The name is compared without tag and digest; a digest replaces the tag. */
function overridden(image: string, images: readonly ImageOverride[]): string {
  const match = /^(?<name>[^@]+?)(?<tag>:[^:/@]+)?(?<digest>@.+)?$/.exec(image);
  const { name = image, tag = '', digest = '' } = match?.groups ?? {};
  const override = images.find((candidate) => candidate.name === name);
  if (override === undefined) return image;
  const newName = override.newName ?? name;
  if (override.digest !== undefined) return `${newName}@${override.digest}`;
  return override.newTag === undefined ? `${newName}${tag}${digest}` : `${newName}:${override.newTag}`;
}

/** Field of a mapping that names an object of a kind, by the key under which the mapping stands. */
const references: readonly (readonly [parent: string, field: string, kind: string])[] = [
  ['configMapRef', 'name', 'ConfigMap'],
  ['configMapKeyRef', 'name', 'ConfigMap'],
  ['configMap', 'name', 'ConfigMap'],
  ['secretRef', 'name', 'Secret'],
  ['secretKeyRef', 'name', 'Secret'],
  ['secret', 'secretName', 'Secret'],
];

function rename(manifests: readonly Manifest[], prefix: string, suffix: string): void {
  const renamed = new Map<string, string>();
  for (const manifest of manifests) {
    if (isOneOf(neverRenamed, manifest.kind)) continue;
    const metadata = mapping(manifest, 'metadata');
    if (typeof metadata.name !== 'string') continue;
    const name = `${prefix}${metadata.name}${suffix}`;
    if (typeof manifest.kind === 'string') renamed.set(`${manifest.kind}/${metadata.name}`, name);
    metadata.name = name;
  }
  const follow = (node: Manifest, field: string, kind: string): void => {
    const present = node[field];
    const name = typeof present === 'string' ? renamed.get(`${kind}/${present}`) : undefined;
    if (name !== undefined) node[field] = name;
  };
  for (const manifest of manifests) {
    walk(manifest.spec, (node) => {
      follow(node, 'serviceAccountName', 'ServiceAccount');
      for (const [parent, field, kind] of references) {
        const child = node[parent];
        if (isRecord(child)) follow(child, field, kind);
      }
    });
  }
}
