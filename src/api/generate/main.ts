/**
 * `npm run generate` writes the CRDs, the admission policies, the roles and the reference pages. With `--check` it writes nothing, names every file that
 * differs, is missing or has no definition any more, and then exits with 1.
 */
import { join } from 'node:path';
import { differences, writeFiles } from './disk.ts';
import { generatedFiles } from './files.ts';

const root = join(import.meta.dirname, '../../..');
const files = generatedFiles();

if (process.argv.includes('--check')) {
  const stale = await differences(root, files);
  for (const line of stale) process.stderr.write(`${line}\n`);
  if (stale.length > 0) {
    process.stderr.write('Generated files are out of date: run `npm run generate` and commit the result.\n');
    process.exitCode = 1;
  }
} else {
  await writeFiles(root, files);
  process.stdout.write(`${files.length} files written\n`);
}
