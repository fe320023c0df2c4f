/** Objects that no longer fit their schema, as an older CRD or a restored backup may leave them. */
import { expect, test } from 'vitest';
import { crdObjects } from '../../src/api/crds.ts';
import { HealthCheck } from '../../src/api/health-check.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { eventually } from '../support/eventually.ts';
import { object } from '../support/objects.ts';
import { Meter } from '../support/traffic.ts';
import { sharedWorld, type World } from '../support/world.ts';

const world = sharedWorld();

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly versions: readonly object[] };
}

/** Replaces a CRD by one that takes everything. */
async function loosen({ sandbox, types }: World, name: string): Promise<void> {
  const type = await types('apiextensions.k8s.io/v1', 'CustomResourceDefinition', new AbortController().signal);
  if (type === undefined) throw new Error('CustomResourceDefinitions are not served');
  const [crd] = (crdObjects() as unknown as Definition[]).filter(({ metadata }) => metadata.name === name);
  const anything = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const versions = crd?.spec.versions.map((version) => ({ ...version, schema: anything }));
  const key = { namespace: '', name };
  const live = await sandbox.client.get(type, key);
  const spec = { ...(live as KubeObject & { spec: object }).spec, versions };
  await sandbox.client.replace(type, { ...live, spec });
}

test('a Rollout that cannot be read says so itself; others go on, and so does it once it is corrected', async () => {
  const broken = await world().space('broken');
  const sound = await world().space('sound');
  await broken.application();
  await sound.application();
  await broken.reaches(['v1.0.0 Succeeded Automatic']);
  await sound.reaches(['v1.0.0 Succeeded Automatic']);
  await loosen(world(), 'rollouts.kuberik.com');
  // Not through our own type: it cannot read what is written here.
  const { apiVersion, kind } = Rollout;
  const raw = await broken.typeOf(object(apiVersion, kind, 'app', {}));
  await eventually(async () => {
    await broken.patch(raw, 'app', { spec: { bakeTime: 5 } });
    const spec = ((await broken.get(raw)) as KubeObject & { spec: object }).spec;
    expect(spec).toMatchObject({ bakeTime: 5 });
  });
  interface Told {
    readonly status: {
      readonly conditions: readonly { type: string; reason: string; message: string }[];
      history: unknown[];
    };
  }
  const told = await eventually(async () => {
    const { status } = (await broken.get(raw)) as KubeObject & Told;
    const ready = status.conditions.find(({ type }) => type === 'Ready');
    expect(ready?.reason).toBe('InvalidSpec');
    return { message: ready?.message ?? '', history: status.history };
  });
  expect(told.message).toContain('broken/app');
  expect(told.message).toContain('bakeTime');
  expect(told.history).toHaveLength(1);

  await broken.push('v1.1.0');
  await sound.push('v1.1.0');
  await sound.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(await broken.carried()).toEqual(['v1.0.0']);
  const meter = new Meter(world(), 'broken');
  await world().clock.sleep(1_000, new AbortController().signal);
  expect(meter.traffic.writes).toEqual({});

  await broken.patch(raw, 'app', { spec: { bakeTime: '1s' } });
  await broken.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test('a HealthCheck that cannot be read does not stop the Rollouts of others', async () => {
  const space = await world().space('unread-check');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await loosen(world(), 'healthchecks.kuberik.com');
  const sick = await world().space('sick-check');
  await eventually(async () => {
    await sick.put(object(HealthCheck.apiVersion, HealthCheck.kind, 'odd', { class: 7 }, { labels: { app: 'app' } }));
  });
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});
