/** What is kept for the next run is whole or not there, whatever happens to those who make it. */
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cached, cacheFolder, hashOf } from './cache.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kuberik-cache-'));
  vi.stubEnv('KUBERIK_CACHE', root);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const fill = (text: string) => (folder: string) => writeFile(join(folder, 'program'), text);

test('what is there is not made again', async () => {
  const folder = await cached('thing', fill('one'));
  expect(await cached('thing', fill('two'))).toBe(folder);
  expect(await readFile(join(folder, 'program'), 'utf8')).toBe('one');
});

test('of builds that race one wins, and all get the same', async () => {
  const folders = await Promise.all(['a', 'b', 'c'].map((text) => cached('thing', fill(text))));
  expect(new Set(folders).size).toBe(1);
  expect(await readdir(cacheFolder())).toEqual(['thing']);
});

test('a build that fails leaves nothing, and the next one starts afresh', async () => {
  const cutOff = async (folder: string): Promise<void> => {
    await fill('half')(folder);
    throw new Error('cut off');
  };
  await expect(cached('thing', cutOff)).rejects.toThrow('cut off');
  expect(await readdir(cacheFolder())).toEqual([]);
  expect(await readFile(join(await cached('thing', fill('whole')), 'program'), 'utf8')).toBe('whole');
});

test('what a killed build left is cleared away, but not what another is just filling', async () => {
  for (const name of ['work-old', 'work-new']) await mkdir(join(cacheFolder(), name), { recursive: true });
  const yesterday = new Date(Date.now() - 24 * 3_600_000);
  await utimes(join(cacheFolder(), 'work-old'), yesterday, yesterday);
  await cached('thing', fill('one'));
  expect(await readdir(cacheFolder())).toEqual(['thing', 'work-new']);
});

test('the hash keeps its inputs apart', () => {
  expect(hashOf(['ab', 'c'])).not.toBe(hashOf(['a', 'bc']));
  expect(hashOf(['a'])).toMatch(/^[0-9a-f]{16}$/);
});
