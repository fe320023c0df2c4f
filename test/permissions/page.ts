/**
 * `permissions` keeps the page about what the controllers may do in step with the roles. `node test/permissions/page.ts`
 * writes `docs/reference/permissions.md` from the rules of `deploy/kustomize`; the comment above a rule says what it is for.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isSeq, parseAllDocuments } from 'yaml';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const root = join(import.meta.dirname, '../..');
export const pagePath = join(root, 'docs/reference/permissions.md');
const roles = [
  { file: 'cluster-role.yaml', name: 'ClusterRole `kuberik-controller`' },
  { file: 'leader-election-role.yaml', name: 'Role `kuberik-leader-election`, in its own namespace' },
  { file: 'inventory-cluster-role.yaml', name: 'ClusterRole `kuberik-inventory`' },
];

function rulesOf(file: string): readonly (Rule & { readonly why: string })[] {
  const documents = parseAllDocuments(readFileSync(join(root, 'deploy/kustomize', file), 'utf8'));
  return documents.flatMap((document) => {
    const rules = document.get('rules');
    if (!isSeq(rules)) return [];
    let why = (rules.commentBefore ?? '').trim();
    return rules.items.flatMap((item) => {
      if (!isMap(item)) return [];
      why = (item.commentBefore ?? '').trim() || why;
      return [{ ...(item.toJS(document) as Rule), why: why.replaceAll(/\s*\n\s*/g, ' ') }];
    });
  });
}

/** A line for each resource. */
function rowsOf(file: string): readonly (readonly string[])[] {
  return rulesOf(file).flatMap(({ apiGroups, resources, verbs, why }) =>
    apiGroups.flatMap((group) =>
      resources.map((resource) => [`\`${resource}\``, group === '' ? '' : `\`${group}\``, verbs.join(', '), why]),
    ),
  );
}

function table(rows: readonly (readonly string[])[]): string {
  const all = [['resource', 'API group', 'verbs', 'what for'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** The whole page. */
export function permissionsPage(): string {
  const parts = roles.map(({ file, name }) => `## ${name}\n\n${table(rowsOf(file))}\n`);
  return `<!-- Generated from deploy/kustomize by test/permissions/page.ts, do not edit. -->

# What the controllers may do

Every right of the ServiceAccount \`kuberik-controller\`, and what it is for. None is there that the controllers do not use: at
the end of a whole run of \`make test-cluster\` the audit logs of all its API servers are compared with these roles. A request
that was refused, one that another role allowed, a right that nothing needed, and a Secret that was read without an object of
its own namespace naming it fail that run.

${parts.join('\n')}`;
}

/** Every rule with nothing to say for itself. */
export function unexplained(): readonly string[] {
  return roles.flatMap(({ file }) =>
    rulesOf(file)
      .filter(({ why }) => why === '')
      .map(({ resources }) => resources.join()),
  );
}

if (process.argv[1] === import.meta.filename) writeFileSync(pagePath, permissionsPage());
