/** A version that the ImagePolicy does not admit is deployed by its digest, and automation goes on sensibly (B24). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExitCode } from '../../src/cli/errors.ts';
import { sharedWorld } from '../support/world.ts';
import { start, wordsOf } from './command.ts';
import { administratorConfig } from './people.ts';

const world = sharedWorld();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kuberik-by-digest-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a digest that only the registry knows is found by its tag', async () => {
  const space = await world().space('by-digest');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const digest = await space.push('hotfix');
  const kuberik = (line: string) =>
    start(['-n', space.namespace, '--kubeconfig', administratorConfig(world(), folder), ...wordsOf(line)]).ended;
  const nobody = await kuberik(`deploy app sha256:${'0'.repeat(64)}`);
  expect(nobody.code).toBe(ExitCode.NotFound);
  expect(nobody.err).toContain('no tag of its registry has the digest');
  const { code, out, err } = await kuberik(`deploy app ${digest} --wait -y`);
  expect([code, err]).toEqual([ExitCode.Ok, '']);
  expect(out).toContain('hotfix has this digest in the registry');
  expect(out).toContain('Deploys hotfix to by-digest/app');
  expect(await space.history()).toEqual(['hotfix Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
  expect((await space.entries())[0]?.version.digest).toBe(digest);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'hotfix Succeeded Manual', 'v1.0.0 Succeeded Automatic']);
});
