/** What the sandbox applies at its start, so that Flux's objects are served. */
import type { KubeObject } from '../../api/meta.ts';
import { imagePolicyDefinition, imageRepositoryDefinition } from './image.ts';
import { kustomizationDefinition } from './kustomize.ts';
import { ociRepositoryDefinition } from './source.ts';

export const fluxDefinitions: readonly KubeObject[] = [
  imageRepositoryDefinition,
  imagePolicyDefinition,
  ociRepositoryDefinition,
  kustomizationDefinition,
];
