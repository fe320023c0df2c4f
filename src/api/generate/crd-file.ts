/** A CRD as the text of its file. */
import { stringify } from 'yaml';
import type { ResourceOptions } from '../define-resource.ts';
import { crdObject } from './crd.ts';
import { GENERATED_NOTE, type GeneratedFile } from './generated-file.ts';

export function crdFile(options: ResourceOptions): GeneratedFile {
  const yaml = stringify(crdObject(options), { lineWidth: 120, aliasDuplicateObjects: false });
  return { path: `deploy/crds/${options.group}_${options.plural}.yaml`, text: `# ${GENERATED_NOTE}\n${yaml}` };
}
