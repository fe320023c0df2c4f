/** All Flux stand-ins, as the sandbox runs them. */
import type { ControllerDefinition } from '../../kube/reconciler.ts';
import type { Registry } from '../../oci/registry.ts';
import { type ArtifactPuller, createArtifactStore } from './artifact-store.ts';
import { imagePolicyController } from './image-policy.ts';
import { imageRepositoryController } from './image-repository.ts';
import { type KustomizationOptions, kustomizationController } from './kustomization.ts';
import { ociRepositoryController } from './source.ts';
import { createTagDatabase } from './tag-database.ts';

export interface FluxOptions extends Omit<KustomizationOptions, 'artifacts'> {
  readonly registry: Registry;
  readonly puller: ArtifactPuller;
}

/** They share a tag database and an artifact store, both in memory: after a restart they scan and fetch again. */
export function fluxControllers(options: FluxOptions): readonly ControllerDefinition[] {
  const shared = { ...options, tags: createTagDatabase(), artifacts: createArtifactStore() };
  return [
    imageRepositoryController(shared),
    imagePolicyController(shared),
    ociRepositoryController(shared),
    kustomizationController(shared),
  ];
}
