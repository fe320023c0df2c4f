/** Where the registry keeps bytes: in memory, or below a directory that survives the process. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

/** Paths are relative, with `/`; whoever calls has checked their parts. */
export interface ContentFiles {
  /** All or nothing, also when the machine stops in the middle. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Rejects when there is no such path. */
  read(path: string): Promise<Buffer>;
  remove(path: string): Promise<void>;
  paths(): Promise<readonly string[]>;
}

export function createMemoryFiles(): ContentFiles {
  const files = new Map<string, Buffer>();
  return {
    async write(path, bytes) {
      files.set(path, Buffer.from(bytes));
    },
    async read(path) {
      const bytes = files.get(path);
      if (!bytes) throw new Error(`${path} is not there`);
      return bytes;
    },
    async remove(path) {
      files.delete(path);
    },
    async paths() {
      return [...files.keys()];
    },
  };
}

const unfinished = 'unfinished';

/** Every file is written beside its place, flushed and renamed; what a crash left unfinished is removed at the start. */
export async function openDirectory(root: string): Promise<ContentFiles> {
  const drafts = join(root, unfinished);
  await rm(drafts, { recursive: true, force: true });
  await mkdir(drafts, { recursive: true });
  return {
    async write(path, bytes) {
      const place = join(root, path);
      const draft = join(drafts, randomUUID());
      await mkdir(dirname(place), { recursive: true });
      await writeFlushed(draft, bytes);
      await rename(draft, place);
      await flushDirectory(dirname(place));
    },
    read: (path) => readFile(join(root, path)),
    remove: (path) => rm(join(root, path), { force: true }),
    async paths() {
      const entries = await readdir(root, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
        .map((path) => path.split(sep).join('/'));
    },
  };
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'wx');
  await file.writeFile(bytes);
  await file.sync();
}

// A rename is safe only when the directory that records it is.
async function flushDirectory(path: string): Promise<void> {
  await using directory = await open(path, 'r');
  await directory.sync();
}
