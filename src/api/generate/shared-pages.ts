/** The reference pages that are not about one resource: the index, the annotations, the conditions on foreign objects. */
import { keySections } from '../annotation-table.ts';
import { kruiseConditions } from '../canary-conditions.ts';
import type { ResourceOptions } from '../define-resource.ts';
import { GENERATED_NOTE, type GeneratedFile } from './generated-file.ts';
import { cell, code, document, table } from './markdown.ts';
import { conditionSections, referencePath } from './reference.ts';

export function annotationsFile(): GeneratedFile {
  const sections = keySections.flatMap(({ title, description, keys }) => [
    `## ${title}`,
    description,
    table(
      ['Key', 'On', 'Value', 'Meaning'],
      keys.map((key) => [
        code(key.key),
        `${key.on}${key.as === 'label' ? ' (label)' : ''}`,
        cell(key.value),
        cell(key.description),
      ]),
    ),
  ]);
  const text = document([`<!-- ${GENERATED_NOTE} -->`, '# Annotations and labels', ...sections]);
  return { path: 'docs/reference/annotations.md', text };
}

export function kruiseFile(): GeneratedFile {
  const text = document([
    `<!-- ${GENERATED_NOTE} -->`,
    '# Conditions on a Kruise Rollout',
    `What Kuberik writes to the status of a canary (${code('rollouts.kruise.io')}).`,
    ...conditionSections(kruiseConditions),
  ]);
  return { path: 'docs/reference/kruise-conditions.md', text };
}

export function indexFile(resources: readonly ResourceOptions[]): GeneratedFile {
  const rows = resources.map((options) => [
    `[${options.kind}](${options.singular}.md)`,
    code(`${options.group}/${options.version}`),
    cell(options.description),
  ]);
  const text = document([
    `<!-- ${GENERATED_NOTE} -->`,
    '# Reference',
    table(['Resource', 'API', 'What it does'], rows),
    '- [Annotations and labels](annotations.md)\n- [Conditions on a Kruise Rollout](kruise-conditions.md)\n- [Metrics](metrics.md)',
  ]);
  return { path: referencePath({ singular: 'README' }), text };
}
