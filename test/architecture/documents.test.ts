/** What the documents say about the house is so: links lead somewhere, every package has its reason. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPaint } from '../../src/cli/paint.ts';
import { runCli } from '../../src/cli/program.ts';
import { createFakeClock } from '../../src/kube/testing/fake-clock.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })];

/** What `kuberik … --help` prints. */
async function helpOf(...words: readonly string[]): Promise<string> {
  let text = '';
  const out = (part: string): void => {
    text += part;
  };
  await runCli([...words, '--help'], {
    clock: createFakeClock(),
    zone: 'UTC',
    paint: createPaint(false),
    width: 200,
    live: false,
    out,
    note: out,
    signal: AbortSignal.abort(),
  });
  return text;
}

const words = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, word]) => word ?? '');

describe('documents', () => {
  it('describe every command, with its flags and variables', async () => {
    const page = read('docs/cli.md');
    const commands = words(await helpOf(), /^ {2}([a-z]+) (?:\[options\]|<)/gm);
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands) {
      const help = await helpOf(command);
      const flags = words(help, /^ +(?:-\w, )?(--[a-z-]+)/gm).filter((flag) => flag !== '--help');
      const variables = words(help, /env: (KUBERIK_\w+)/g);
      expect(page).toContain(`## kuberik ${command}`);
      expect([...flags, ...variables].filter((word) => !page.includes(word))).toEqual([]);
    }
  });

  it.each(documents)('%s links to what is there', (document) => {
    const targets = [...read(document).matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)].map(([, target]) => target ?? '');
    expect(targets.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([]);
  });

  it('give a reason for every package, and for no other', () => {
    const manifest = JSON.parse(read('package.json')) as Record<'dependencies' | 'devDependencies', object>;
    const installed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    const rows = read('docs/dependencies.md').matchAll(/^\| (`[^|]+`) *\|/gm);
    const explained = [...rows].flatMap(([, names]) => (names ?? '').split(', ').map((name) => name.slice(1, -1)));
    expect(explained.toSorted()).toEqual(installed.toSorted());
  });

  it('name only files and folders of the house that exist', () => {
    const named = documents
      .filter((document) => !document.startsWith('docs/reference'))
      .flatMap((document) => [...read(document).matchAll(/`((?:src|test|docs|scripts|deploy)\/[\w./-]+)`/g)])
      .map(([, path]) => path ?? '');
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('mention make targets that exist', () => {
    const targets = new Set([...read('Makefile').matchAll(/^([a-z-]+):.*## /gm)].map(([, name]) => name));
    const mentioned = documents.flatMap((document) => [...read(document).matchAll(/(?:`|^)make ([a-z-]+)/gm)]);
    expect(mentioned.map(([, name]) => name).filter((name) => !targets.has(name))).toEqual([]);
  });
});
