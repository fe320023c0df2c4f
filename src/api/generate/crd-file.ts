/** A CRD as the text of its file, and the list of those files that `kubectl apply -k` reads. */
import { stringify } from 'yaml';
import type { ResourceOptions } from '../define-resource.ts';
import { crdObject } from './crd.ts';
import { GENERATED_NOTE, type GeneratedFile } from './generated-file.ts';

const folder = 'deploy/crds';

export function crdFile(options: ResourceOptions): GeneratedFile {
  return yamlFile(nameOf(options), crdObject(options));
}

export function crdListFile(options: readonly ResourceOptions[]): GeneratedFile {
  return yamlFile('kustomization.yaml', {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: options.map(nameOf).sort(),
  });
}

function nameOf({ group, plural }: ResourceOptions): string {
  return `${group}_${plural}.yaml`;
}

function yamlFile(name: string, content: unknown): GeneratedFile {
  const yaml = stringify(content, { lineWidth: 120, aliasDuplicateObjects: false });
  return { path: `${folder}/${name}`, text: `# ${GENERATED_NOTE}\n${yaml}` };
}
