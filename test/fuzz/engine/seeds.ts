/** The examples that a target begins with: one file each. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './target.ts';

const corpus = join(import.meta.dirname, '..', 'corpus');

/** In the order of their names. A target without examples has none to make others of. */
export function readSeeds({ name, form }: Target): readonly string[] {
  const folder = join(corpus, name);
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8').replace(/\n$/, '');
      return form === 'bytes' ? Buffer.from(text, 'base64').toString('latin1') : text;
    });
}
