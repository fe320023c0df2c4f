/** Admission policies and roles as the text of their files. */
import { bindingObject, type PolicyDefinition, policyObject } from '../policies/admission-policy.ts';
import { roleObjects } from '../policies/roles.ts';
import type { GeneratedFile } from './generated-file.ts';
import { expressionFile, yamlFile } from './yaml-file.ts';

const folder = 'deploy/policies';

export function policyFile(definition: PolicyDefinition): GeneratedFile {
  return expressionFile(`${folder}/${nameOf(definition)}`, policyObject(definition), bindingObject(definition));
}

export function policyListFile(definitions: readonly PolicyDefinition[]): GeneratedFile {
  return yamlFile(`${folder}/kustomization.yaml`, {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: definitions.map(nameOf).sort(),
  });
}

export function rolesFile(): GeneratedFile {
  return yamlFile('deploy/kustomize/user-cluster-roles.yaml', ...roleObjects());
}

function nameOf({ name }: PolicyDefinition): string {
  return `${name.replace(/^kuberik-/, '')}.yaml`;
}
