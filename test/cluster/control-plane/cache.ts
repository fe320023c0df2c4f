/**
 * Where built programs are kept, outside of the work tree: a folder for each thing, named by a hash of what it is made
 * from. A folder is there whole or not at all, since it is filled under another name and renamed at the end: builds that
 * race or are cut off leave nothing half done.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A work folder that nobody has touched for so long was left behind by a run that was cut off. */
const abandonedAfter = 6 * 3_600_000;

/** `KUBERIK_CACHE`, else `$XDG_CACHE_HOME/kuberik`, else `~/.cache/kuberik`; below it `control-plane`. */
export function cacheFolder(): string {
  const { KUBERIK_CACHE, XDG_CACHE_HOME } = process.env;
  return join(KUBERIK_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kuberik'), 'control-plane');
}

/** @returns the first 16 hex digits of a hash over all inputs, each kept apart from the next. */
export function hashOf(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(`${Buffer.byteLength(input)}\n`).update(input);
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param name of the folder, with the hash in it
 * @param fill puts everything into the empty folder that it is given
 * @returns the folder, filled now or earlier
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const root = cacheFolder();
  const folder = join(root, name);
  if (existsSync(folder)) return folder;
  await mkdir(root, { recursive: true });
  await sweep(root);
  const work = await mkdtemp(join(root, `work-${name}-`));
  try {
    await fill(work);
    await rename(work, folder);
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    // Another run was faster: a rename onto a folder that is not empty is refused.
    if (existsSync(folder)) return folder;
    throw error;
  }
  return folder;
}

async function sweep(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith('work-')) continue;
    const { mtimeMs } = await stat(join(root, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > abandonedAfter) await rm(join(root, name), { recursive: true, force: true });
  }
}
