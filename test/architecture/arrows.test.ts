/** The arrows between the rooms (`.dependency-cruiser.mjs`) hold, and each of them can fail. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import { afterEach, describe, expect, it } from 'vitest';

const rulesFile = '../../.dependency-cruiser.mjs';
const configuration = ((await import(rulesFile)) as { default: IConfiguration }).default;
const repository = join(import.meta.dirname, '../..');

interface Broken {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

async function violations(baseDir: string, folders: readonly string[]): Promise<readonly Broken[]> {
  const { output } = await cruise([...folders], {
    ...configuration.options,
    ruleSet: { forbidden: configuration.forbidden ?? [] },
    validate: true,
    baseDir,
  });
  if (typeof output === 'string') throw new Error(`a result was expected, not a text: ${output}`);
  return (output satisfies ICruiseResult).summary.violations.map(({ rule, from, to }) => ({
    rule: rule.name,
    from,
    to,
  }));
}

const trees: string[] = [];

/** A tree with just these files; an import that goes nowhere would be a finding of its own. */
function treeOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'kuberik-arrows-'));
  trees.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true });
});

/** `from` imports `to`; both as files. */
function importing(from: string, to: string): Readonly<Record<string, string>> {
  const up = '../'.repeat(from.split('/').length - 1);
  return {
    [from]: `import { thing } from '${up}${to}';\nexport const other = thing;\n`,
    [to]: 'export const thing = 1;\n',
  };
}

describe('arrows between the rooms', () => {
  it('hold in the sources', async () => {
    expect(await violations(repository, ['src'])).toEqual([]);
  });

  it.each([
    ['api-arrows', 'src/api/rollout.ts', 'src/kube/client.ts'],
    ['core-arrows', 'src/core/decide.ts', 'src/kube/client.ts'],
    ['core-arrows', 'src/core/decide.ts', 'src/integrations/flux/image-policy.ts'],
    ['kube-arrows', 'src/kube/client.ts', 'src/core/decide.ts'],
    ['kube-arrows', 'src/kube/client.ts', 'src/oci/registry.ts'],
    ['oci-arrows', 'src/oci/registry.ts', 'src/kube/client.ts'],
    ['oci-arrows', 'src/oci/registry.ts', 'src/kube/clock-skew.ts'],
    ['integrations-arrows', 'src/integrations/flux/target.ts', 'src/core/decide.ts'],
    ['integrations-stand-apart', 'src/integrations/flux/target.ts', 'src/integrations/kruise/rollout.ts'],
    ['controllers-arrows', 'src/controllers/rollout/reconciler.ts', 'src/sandbox/sandbox.ts'],
    ['controllers-arrows', 'src/controllers/rollout/reconciler.ts', 'src/cli/main.ts'],
    ['controllers-stand-apart', 'src/controllers/rollout/reconciler.ts', 'src/controllers/health-check/reconciler.ts'],
    ['release-arrows', 'src/release/publish.ts', 'src/controllers/rollout/reconciler.ts'],
    ['server-arrows', 'src/server/http-server.ts', 'src/cli/main.ts'],
    ['sandbox-arrows', 'src/sandbox/sandbox.ts', 'src/cli/main.ts'],
    ['production-without-tests', 'src/kube/client.ts', 'src/kube/client.test.ts'],
    ['production-without-tests', 'src/cli/main.ts', 'src/kube/testing/fake-clock.ts'],
  ])('%s refuses %s -> %s', async (rule, from, to) => {
    expect(await violations(treeOf(importing(from, to)), ['src'])).toEqual([{ rule, from, to }]);
  });

  it('refuses a type import as it refuses any other', async () => {
    const tree = treeOf({
      'src/core/plan.ts': "import type { Client } from '../kube/client.ts';\nexport type Plan = Client;\n",
      'src/kube/client.ts': 'export interface Client { name: string }\n',
    });
    expect(await violations(tree, ['src'])).toMatchObject([{ rule: 'core-arrows' }]);
  });

  it('keeps Node and packages out of core', async () => {
    const tree = treeOf({
      'src/core/decide.ts': "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n",
    });
    expect(await violations(tree, ['src'])).toMatchObject([{ rule: 'core-is-pure' }]);
  });

  it.each([
    ['kubeconfig-in-one-place', 'dependencies', '@kubernetes/client-node'],
    ['production-without-dev-packages', 'devDependencies', 'fast-check'],
  ])('%s refuses a package of %s', async (rule, field, name) => {
    const tree = treeOf({
      'package.json': JSON.stringify({ name: 'tree', version: '1.0.0', type: 'module', [field]: { [name]: '1.0.0' } }),
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', exports: './index.js' }),
      [`node_modules/${name}/index.js`]: 'module.exports = 1;\n',
      'src/kube/client.ts': `import thing from '${name}';\nexport const other = thing;\n`,
    });
    expect(await violations(tree, ['src'])).toMatchObject([{ rule }]);
  });

  it('refuses a circle', async () => {
    const tree = treeOf({
      'src/core/gates.ts': "import { decide } from './decide.ts';\nexport const gates = () => decide;\n",
      'src/core/decide.ts': "import { gates } from './gates.ts';\nexport const decide = () => gates;\n",
    });
    const found = await violations(tree, ['src']);
    expect(new Set(found.map(({ rule }) => rule))).toEqual(new Set(['no-circles']));
  });

  it('lets a test reach into any room', async () => {
    const tree = treeOf(importing('src/core/decide.test.ts', 'src/sandbox/sandbox.ts'));
    expect(await violations(tree, ['src'])).toEqual([]);
  });

  it('allows what the picture allows', async () => {
    const tree = treeOf({
      ...importing('src/cli/main.ts', 'src/sandbox/sandbox.ts'),
      ...importing('src/controllers/rollout/reconciler.ts', 'src/core/decide.ts'),
      ...importing('src/integrations/flux/target.ts', 'src/kube/client.ts'),
      ...importing('src/oci/registry.ts', 'src/api/tag.ts'),
      ...importing('src/oci/transport.ts', 'src/kube/clock.ts'),
      ...importing('src/integrations/flux/releases.ts', 'src/core/observation.ts'),
    });
    expect(await violations(tree, ['src'])).toEqual([]);
  });

  it('gives a reason with every rule', () => {
    for (const rule of configuration.forbidden ?? []) expect(rule.comment, rule.name).toMatch(/\w+.*\.$/);
  });
});
