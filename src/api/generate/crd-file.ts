/** A CRD as the text of its file, and the list of those files that `kubectl apply -k` reads. */
import type { ResourceOptions } from '../define-resource.ts';
import { crdObject } from './crd.ts';
import type { GeneratedFile } from './generated-file.ts';
import { yamlFile } from './yaml-file.ts';

const folder = 'deploy/crds';

export function crdFile(options: ResourceOptions): GeneratedFile {
  return yamlFile(`${folder}/${nameOf(options)}`, crdObject(options));
}

export function crdListFile(options: readonly ResourceOptions[]): GeneratedFile {
  return yamlFile(`${folder}/kustomization.yaml`, {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: options.map(nameOf).sort(),
  });
}

function nameOf({ group, plural }: ResourceOptions): string {
  return `${group}_${plural}.yaml`;
}
