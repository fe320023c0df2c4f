import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCredentialHelper } from './credential-helper.ts';

const { signal } = new AbortController();
const path = process.env.PATH;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kuberik-helper-'));
  const helpers = {
    good: 'read server; printf \'{"ServerURL":"%s","Username":"me","Secret":"pw-%s"}\' "$server" "$1"',
    unknown: 'echo "credentials not found in native keychain"; exit 1',
    broken: 'echo hunter2; echo hunter2 >&2; exit 3',
    empty: 'echo "{}"',
  };
  for (const [name, script] of Object.entries(helpers)) {
    const file = join(folder, `docker-credential-${name}`);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
  }
  process.env.PATH = `${folder}${delimiter}${path}`;
});

afterAll(async () => {
  process.env.PATH = path;
  await rm(folder, { recursive: true });
});

test('gets the secret of a server', async () => {
  expect(await runCredentialHelper('good', 'ghcr.io', signal)).toEqual({ username: 'me', secret: 'pw-get' });
});

test('knows that there is none', async () => {
  expect(await runCredentialHelper('unknown', 'ghcr.io', signal)).toBeUndefined();
});

test.each(['broken', 'empty', 'absent'])('%s says what failed without what was printed', async (helper) => {
  const error: unknown = await runCredentialHelper(helper, 'ghcr.io', signal).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'KBK_OCI_INVALID_CREDENTIALS' });
  expect(String(error)).toContain(`docker-credential-${helper}`);
  expect(String(error)).not.toContain('hunter2');
});
