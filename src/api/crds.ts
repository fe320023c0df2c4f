/** The CustomResourceDefinitions of the system as objects, for installing them without files. */
import { type CustomResourceDefinition, crdObject } from './generate/crd.ts';
import { resources } from './resources.ts';

export function crdObjects(): readonly CustomResourceDefinition[] {
  return resources.map((resource) => crdObject(resource.options));
}
