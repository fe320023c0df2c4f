/** Every YAML block that was ever promised is read, means something, and passes the rules of its CRD. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import * as annotations from '../../src/api/annotations.ts';
import { HealthCheck } from '../../src/api/health-check.ts';
import { resources } from '../../src/api/resources.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { resolveRolloutSpec } from '../../src/api/rollout-spec.ts';
import { RolloutTest, resolveJobTemplate } from '../../src/api/rollout-test.ts';
import { admit } from '../../src/api/testing/admission.ts';
import { seedBlocks } from './blocks.ts';

interface Identified {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');

function objectsOf(file: string): Identified[] {
  return parseAllDocuments(read(file)).map((document) => document.toJS() as Identified);
}

function only(file: string): Identified {
  const [object] = objectsOf(file);
  if (object === undefined) throw new Error(`${file} is empty`);
  return object;
}

const definitionOf = ({ apiVersion, kind }: Identified) =>
  resources.find((resource) => resource.apiVersion === apiVersion && resource.kind === kind);

const files = seedBlocks.map(({ file }) => file);
const ours = files.flatMap((file) =>
  objectsOf(file)
    .filter(definitionOf)
    .map((object) => ({ file, object })),
);

describe('the fixtures', () => {
  test.each(seedBlocks)('$file says what was printed', ({ file, sha256 }) => {
    const printed = read(file)
      .split('\n')
      .slice(1)
      .filter((line) => !line.endsWith(' # added'))
      .join('\n');
    expect(createHash('sha256').update(printed).digest('hex')).toBe(sha256);
  });

  test('are all of them, and no others', () => {
    const present = ['deck', 'readme'].flatMap((folder) =>
      readdirSync(join(import.meta.dirname, folder)).map((name) => `${folder}/${name}`),
    );
    expect(present.sort()).toEqual([...files].sort());
    expect(files).toHaveLength(16);
  });

  test.each(files)('%s holds whole objects', (file) => {
    for (const { apiVersion, kind, metadata } of objectsOf(file)) {
      expect([apiVersion, kind, metadata.name]).not.toContain(undefined);
    }
  });

  test('hold six objects of ours', () => {
    expect(ours.map(({ file, object }) => `${object.kind} ${file}`).sort()).toEqual([
      'HealthCheck deck/kustomization-health.yaml',
      'HealthCheck deck/prometheus-health.yaml',
      'Rollout deck/pinned-rollout.yaml',
      'Rollout deck/rollout.yaml',
      'Rollout readme/rollout.yaml',
      'RolloutTest deck/smoke-test.yaml',
    ]);
  });
});

describe('every object of ours', () => {
  test.each(ours)('$object.kind of $file is read as it is', ({ object }) => {
    expect(definitionOf(object)?.parse(object)).toBe(object);
  });

  test.each(ours)('$object.kind of $file is admitted, and no field is dropped', ({ object }) => {
    const definition = definitionOf(object);
    expect(definition && admit(definition.options, object)).toEqual({ violations: [], unknownFields: [] });
  });

  test.each(ours.filter(({ object }) => object.kind === 'Rollout'))('Rollout of $file has no fault', ({ object }) => {
    expect(resolveRolloutSpec(Rollout.parse(object)).faults).toEqual([]);
  });
});

describe('what they mean', () => {
  test('the deck pins a version beside the image policy', () => {
    expect(resolveRolloutSpec(Rollout.parse(only('deck/pinned-rollout.yaml')))).toMatchObject({
      imagePolicy: 'my-app',
      pin: 'v1.2.3',
    });
  });

  test('the README selects health checks in the short form and sets an interval', () => {
    const spec = resolveRolloutSpec(Rollout.parse(only('readme/rollout.yaml')));
    expect(spec.healthChecks?.matches({ app: 'myapp' })).toBe(true);
    expect(spec.healthChecks?.matches({ app: 'other' })).toBe(false);
    expect(spec.releaseUpdateInterval?.total('minutes')).toBe(5);
    expect(spec.bakeTime?.total('minutes')).toBe(10);
  });

  test('the annotations of the deck, continued with a backslash, are the values below it', () => {
    const check = HealthCheck.parse(only('deck/prometheus-health.yaml'));
    const value = (key: string) => annotations.annotationValue(check.metadata.annotations?.[key] ?? '');
    expect(value(annotations.HEALTH_CHECK_PROMETHEUS_URL)).toBe('http://prometheus.monitoring:9090');
    expect(value(annotations.HEALTH_CHECK_PROMETHEUS_ALERT_LABELS)).toBe('app=my-app,severity=critical');
  });

  test('the smoke test of the deck, written as in a CronJob, becomes a Job that Kubernetes accepts', () => {
    const { spec } = RolloutTest.parse(only('deck/smoke-test.yaml'));
    expect(resolveJobTemplate(spec.jobTemplate)).toEqual({
      metadata: {},
      spec: {
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [
              {
                name: 'smoke',
                image: 'curlimages/curl',
                command: ['curl', '--fail', 'http://my-app-canary/health'],
              },
            ],
          },
        },
      },
    });
  });

  test.each([
    ['deck/kustomization.yaml', { VERSION: 'my-app' }],
    [
      'readme/kustomization-of-three.yaml',
      {
        frontend_version: 'frontend-rollout',
        backend_version: 'backend-rollout',
        api_version: 'api-rollout',
      },
    ],
    ['readme/annotated-kustomization.yaml', { IMAGE_TAG: 'my-app-rollout' }],
  ])('%s hands variables to Rollouts', (file, expected) => {
    const { metadata } = only(file) as { metadata: { annotations?: Record<string, string> } };
    const handed = Object.entries(metadata.annotations ?? {}).map(([key, rollout]) => [
      annotations.substituteVariable(key),
      rollout,
    ]);
    expect(Object.fromEntries(handed)).toEqual(expected);
  });

  test('the step annotation of the deck is the one that the step gate reads', () => {
    const { metadata } = only('deck/openkruise-rollout.yaml') as { metadata: { annotations?: object } };
    expect(metadata.annotations).toEqual({ [annotations.stepBakeTime(1)]: '5m' });
  });
});
