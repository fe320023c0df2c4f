/** Every generated file of the repository. */
import { policies } from '../policies/objects.ts';
import { resources } from '../resources.ts';
import { alertFiles } from './alert-files.ts';
import { crdFile, crdListFile } from './crd-file.ts';
import type { GeneratedFile } from './generated-file.ts';
import { metricsFile } from './metrics-page.ts';
import { policyFile, policyListFile, rolesFile } from './policy-file.ts';
import { referenceFile } from './reference.ts';
import { annotationsFile, indexFile, kruiseFile } from './shared-pages.ts';

export function generatedFiles(): readonly GeneratedFile[] {
  const options = resources.map((resource) => resource.options);
  return [
    ...options.map(crdFile),
    crdListFile(options),
    ...policies.map(policyFile),
    policyListFile(policies),
    rolesFile(),
    ...options.map(referenceFile),
    annotationsFile(),
    kruiseFile(),
    metricsFile(),
    ...alertFiles(),
    indexFile(options),
  ];
}
