/** Every YAML that was ever promised, on a running control plane: it is taken as it was printed, and it works. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../src/api/meta.ts';
import { resources } from '../../src/api/resources.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { seedBlocks } from '../seeds/blocks.ts';
import { eitherWorld } from '../support/either-world.ts';
import { eventually } from '../support/eventually.ts';
import {
  configManifests,
  fills,
  healthCheck,
  imagePolicy,
  imageRepository,
  kustomization,
  object,
  ociRepository,
} from '../support/objects.ts';

const world = eitherWorld();

const read = (file: string): KubeObject[] =>
  parseAllDocuments(readFileSync(join(import.meta.dirname, '../seeds', file), 'utf8')).map(
    (document) => document.toJS() as KubeObject,
  );
const only = (file: string): KubeObject => read(file)[0] as KubeObject;
const named = (file: string): string => file.replaceAll(/[^a-z]+/g, '-').replace(/-yaml$/, '');
const spec = (part: KubeObject): Record<string, unknown> => (part as { spec?: Record<string, unknown> }).spec ?? {};

const ours = seedBlocks
  .flatMap(({ file }) => read(file).map((part) => ({ file, part })))
  .filter(({ part }) => resources.some(({ apiVersion, kind }) => apiVersion === part.apiVersion && kind === part.kind));

describe('objects of ours are taken unchanged', () => {
  test.concurrent.each(ours)('$part.kind of $file', async ({ file, part }) => {
    const space = await world().space(`${named(file)}-taken`);
    await space.create(part);
    // What `kubectl apply --server-side` does with the same file, by somebody else.
    await space.put(part);
    const type = await space.typeOf(part);
    expect(spec(await space.get(type, part.metadata.name))).toMatchObject(spec(part));
  });
});

const unknownToFlux: ReadonlySet<string> = new Set(['reference', 'prereleases']);

describe('objects of Flux are taken with what was left out of the printed excerpt', () => {
  const required = {
    ImageRepository: { interval: '1m' },
    ImagePolicy: { imageRepositoryRef: { name: 'my-app' } },
    Kustomization: { interval: '10m', prune: true, sourceRef: { kind: 'OCIRepository', name: 'my-app' } },
    OCIRepository: { interval: '10m', url: 'oci://ghcr.io/me/my-app' },
  } as const;
  const flux = seedBlocks
    .flatMap(({ file }) => read(file).map((part) => ({ file, part })))
    .filter(({ part }) => part.apiVersion.includes('toolkit.fluxcd.io'));

  test.concurrent.each(flux)('$part.kind of $file', async ({ file, part }) => {
    const { kind } = part;
    const rest = required[kind as keyof typeof required];
    const whole = { ...part, spec: { ...rest, ...spec(part) } } as KubeObject;
    const space = await world().space(`${named(file)}-${kind.toLowerCase()}`);
    await space.create(whole);
    // Flux calls it `ref`, and knows no `prereleases`: a create drops what no schema knows, a server-side apply refuses it.
    const printed = JSON.parse(
      JSON.stringify(spec(whole), (field, value: unknown) => (unknownToFlux.has(field) ? undefined : value)),
    ) as Record<string, unknown>;
    await space.put({ ...whole, spec: printed });
    const type = await space.typeOf(part);
    expect(spec(await space.get(type, part.metadata.name))).toMatchObject(printed);
  });
});

describe('a Rollout of each seed deploys', () => {
  const rollouts = ours.filter(({ part }) => part.kind === Rollout.kind);
  const expected: Readonly<Record<string, string>> = {
    'deck/rollout.yaml': 'v1.10.0 InProgress Automatic',
    'deck/pinned-rollout.yaml': 'v1.2.3 Succeeded Manual',
    'readme/rollout.yaml': 'v1.10.0 InProgress Automatic',
  };

  test.concurrent.each(rollouts)('$file', async ({ file, part }) => {
    const { name } = part.metadata;
    const policy = (spec(part).releasesImagePolicy as { name: string }).name;
    const space = await world().space(`${named(file)}-deploys`);
    await space.pushManifests(configManifests());
    for (const tag of ['v1.2.3', 'v1.10.0']) await space.push(tag);
    const check = healthCheck('app');
    await space.put(
      imageRepository(policy, space.image(), 'image.toolkit.fluxcd.io/v1beta2'),
      imagePolicy(policy, {}, 'image.toolkit.fluxcd.io/v1beta2'),
      ociRepository('app', space.image('manifests')),
      kustomization('app', { targetNamespace: space.namespace }, fills(name)),
      { ...check, metadata: { ...check.metadata, labels: { app: 'myapp' } } },
      part,
    );
    await eventually(async () => {
      expect((await space.history(name))[0]).toBe(expected[file]);
      expect(await space.variables()).toEqual({ VERSION: expected[file]?.split(' ')[0] });
    });
  });
});

test.concurrent('the deck from beginning to end: its policy, its Rollout, its Kustomization and its check', async () => {
  const space = await world().space('deck');
  const [repository, policy] = read('deck/image-automation.yaml');
  const local = { image: space.image(), interval: '1m', insecure: true };
  await space.push('v0.9.0');
  await space.pushManifests({ 'deployments/prod/config.yaml': configManifests()['config.yaml'] ?? '' });
  await space.put(
    { ...repository, spec: local } as KubeObject,
    { ...policy, spec: { imageRepositoryRef: { name: 'my-app' }, ...spec(policy as KubeObject) } } as KubeObject,
    ociRepository('my-app', space.image('manifests')),
    only('deck/rollout.yaml'),
  );
  const excerpt = only('deck/kustomization.yaml');
  const rest = {
    interval: '10m',
    prune: true,
    targetNamespace: space.namespace,
    sourceRef: { kind: 'OCIRepository', name: 'my-app' },
  };
  await space.put({ ...excerpt, spec: { ...rest, ...spec(excerpt) } });
  await space.put(only('deck/kustomization-health.yaml'));
  const config = await space.typeOf(object('v1', 'ConfigMap', 'app', {}));
  await eventually(async () => {
    expect(await space.variables('my-app')).toEqual({ VERSION: 'v0.9.0' });
    expect(await space.get(config)).toMatchObject({ data: { VERSION: 'v0.9.0' } });
    const { status } = (await space.get(await space.typeOf(only('deck/kustomization-health.yaml')), 'my-app')) as {
      status?: { status?: string };
    };
    expect(status?.status).toBe('Healthy');
  });
});
