/** Objects as older versions of Kuberik left them in clusters are read without loss. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { HealthCheck } from '../../src/api/health-check.ts';
import { resources } from '../../src/api/resources.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { resolveRolloutSpec } from '../../src/api/rollout-spec.ts';
import { RolloutTest, resolveJobTemplate } from '../../src/api/rollout-test.ts';
import { admit } from '../../src/api/testing/admission.ts';

const folder = join(import.meta.dirname, 'older');
const files = readdirSync(folder).sort();

function read(file: string): { kind: string; spec?: unknown; status?: Record<string, unknown> } {
  return parse(readFileSync(join(folder, file), 'utf8')) as ReturnType<typeof read>;
}

function definitionOf({ kind }: { kind: string }) {
  const definition = resources.find((resource) => resource.kind === kind);
  if (definition === undefined) throw new Error(`no definition of ${kind}`);
  return definition;
}

/** What fields that no version reads any more are called, by fixture. */
const forgotten: Record<string, readonly string[]> = {
  'rollout-v0.3.yaml': ['/spec/minBakeTime', '/spec/maxBakeTime'],
  'rollout-v0.5.yaml': ['/status/history/0/deployTime'],
  'rollout-v0.8.yaml': ['/status/history/0/lastRetryMode'],
};

test.each(files)('%s may be written back: our schema takes what was read', (file) => {
  const object = read(file);
  const definition = definitionOf(object);
  expect(admit(definition.options, definition.parse(object))).toEqual({
    violations: [],
    unknownFields: forgotten[file] ?? [],
  });
});

test.each(files.filter((file) => !['rollout-v0.3.yaml', 'health-check.yaml'].includes(file)))(
  '%s is read as it is',
  (file) => {
    const object = read(file);
    expect(definitionOf(object).parse(object)).toBe(object);
  },
);

describe('a Rollout of v0.3', () => {
  const object = read('rollout-v0.3.yaml');
  const rollout = Rollout.parse(object);

  test('has its plain versions made into objects, and nothing else changed', () => {
    const tags = (...list: string[]) => list.map((tag) => ({ tag }));
    expect(rollout).toEqual({
      ...object,
      status: {
        availableReleases: tags('1.0.0', '1.1.0', '1.2.0'),
        releaseCandidates: tags('1.2.0'),
        gatedReleaseCandidates: tags('1.2.0'),
        history: [
          { version: { tag: '1.1.0' }, timestamp: '2025-06-02T10:00:00Z', bakeStatus: 'InProgress' },
          { version: { tag: '1.0.0' }, timestamp: '2025-06-01T10:00:00Z', bakeStatus: 'Succeeded' },
        ],
      },
    });
  });

  test('is not changed itself, since the store that holds it may share it', () => {
    expect(object).toEqual(read('rollout-v0.3.yaml'));
  });

  test('means its pin, and no bake', () => {
    expect(resolveRolloutSpec(rollout)).toMatchObject({ pin: '1.1.0', bakes: false, faults: [] });
  });
});

test('an empty pin is no pin', () => {
  expect(resolveRolloutSpec(Rollout.parse(read('rollout-v0.8.yaml')))).toMatchObject({ pin: undefined, faults: [] });
});

test('an absent list of allowed versions and an empty one stay different', () => {
  const { status } = Rollout.parse(read('rollout-v0.8.yaml'));
  expect(status?.gates?.map(({ allowedVersions }) => allowedVersions)).toEqual([['1.1.0'], []]);
});

test('a check without a spec has an empty one', () => {
  const object = read('health-check.yaml');
  expect(HealthCheck.parse(object)).toEqual({ ...object, spec: {} });
});

test('the Job of a RolloutTest keeps what it says', () => {
  const test = RolloutTest.parse(read('rollout-test.yaml'));
  expect(resolveJobTemplate(test.spec.jobTemplate)).toEqual({ metadata: {}, spec: test.spec.jobTemplate });
});
