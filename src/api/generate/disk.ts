/** Generated files against what is on disk. Other files of their folders are left alone. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GENERATED_NOTE, type GeneratedFile } from './generated-file.ts';

/** One line for each file that is not as generated; empty when all is well. */
export async function differences(root: string, files: readonly GeneratedFile[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { path, text } of files) {
    const present = await readIfPresent(join(root, path));
    if (present === undefined) lines.push(`${path}: is missing`);
    else if (present !== text) lines.push(`${path}: differs from what src/api says`);
  }
  for (const path of await leftovers(root, files)) lines.push(`${path}: is no longer generated`);
  return lines;
}

export async function writeFiles(root: string, files: readonly GeneratedFile[]): Promise<void> {
  for (const path of await leftovers(root, files)) await rm(join(root, path));
  for (const { path, text } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

/** Files that were generated once, as their note says, and are not any more. */
async function leftovers(root: string, files: readonly GeneratedFile[]): Promise<readonly string[]> {
  const expected = new Set(files.map(({ path }) => path));
  const found: string[] = [];
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
    const names = (await readdir(join(root, folder)).catch(ifAbsent)) ?? [];
    for (const path of names.map((name) => `${folder}/${name}`)) {
      if (expected.has(path) || !/\.(ya?ml|md)$/.test(path)) continue;
      const text = await readIfPresent(join(root, path));
      if (text?.includes(GENERATED_NOTE) === true) found.push(path);
    }
  }
  return found.sort();
}

async function readIfPresent(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(ifAbsent);
}

function ifAbsent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
