/** Kinds that people and Flux write in a world, and that Kuberik has no type of its own for. */
import type { KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';

const anyOf = (apiVersion: string, kind: string, plural: string, namespaced = true): ResourceType => {
  return { apiVersion, kind, plural, namespaced, parse: (object) => object as KubeObject };
};

export const namespaceType = anyOf('v1', 'Namespace', 'namespaces', false);
export const deploymentType = anyOf('apps/v1', 'Deployment', 'deployments');
export const jobType = anyOf('batch/v1', 'Job', 'jobs');
export const monitorType = anyOf('datadoghq.com/v1alpha1', 'DatadogMonitor', 'datadogmonitors');
export const repositoryType = anyOf('image.toolkit.fluxcd.io/v1', 'ImageRepository', 'imagerepositories');
export const policyType = anyOf('image.toolkit.fluxcd.io/v1', 'ImagePolicy', 'imagepolicies');
export const sourceType = anyOf('source.toolkit.fluxcd.io/v1', 'OCIRepository', 'ocirepositories');
export const kustomizationType = anyOf('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'kustomizations');

export const KUSTOMIZATIONS = 'kustomize.toolkit.fluxcd.io/kustomizations';
export const REPOSITORIES = 'source.toolkit.fluxcd.io/ocirepositories';
export const IMAGES: readonly string[] = [
  'image.toolkit.fluxcd.io/imagerepositories',
  'image.toolkit.fluxcd.io/imagepolicies',
];
