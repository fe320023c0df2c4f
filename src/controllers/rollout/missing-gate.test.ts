/** A schedule that selects a Rollout and has not made its gate yet: nobody knows whether it would be open. */
import { expect, it } from 'vitest';
import {
  DEPLOY,
  FORCE_DEPLOY,
  GATE_SCHEDULE_KIND,
  GATE_SCHEDULE_NAME,
  GATE_SCHEDULE_NAMESPACE,
} from '../../api/annotations.ts';
import type { KubeObject } from '../../api/meta.ts';
import { RolloutSchedule } from '../../api/rollout-schedule.ts';
import { RolloutWorld } from './testing/world.ts';

const labels = { team: 'shop' };
const schedule = (selected: Record<string, string>) => ({
  spec: { rolloutSelector: { matchLabels: selected }, rules: [{ name: 'always' }], action: 'Deny' },
});

const gateLabels = {
  [GATE_SCHEDULE_NAME]: 'window',
  [GATE_SCHEDULE_KIND]: 'RolloutSchedule',
  [GATE_SCHEDULE_NAMESPACE]: 'apps',
};

async function annotate(world: RolloutWorld, annotations: Record<string, string>): Promise<void> {
  const rollout = await world.rollout();
  world.cluster.put({ ...rollout, metadata: { ...rollout.metadata, annotations } });
}

function labelled(): RolloutWorld {
  const world = new RolloutWorld();
  world.put('Rollout', 'app', { metadata: { labels }, spec: { releasesImagePolicy: { name: 'app' } } });
  return world;
}

async function said(world: RolloutWorld): Promise<string | undefined> {
  return (await world.status()).conditions?.find(({ type }) => type === 'Progressing')?.message;
}

it('holds what is new beside a running application, which is adopted', async () => {
  const world = labelled().release('1.0.0', '1.1.0').target('app', '1.0.0');
  world.put('RolloutSchedule', 'window', schedule(labels));
  await world.settle();
  expect(await world.carries('app')).toBe('1.0.0');
  expect(await said(world)).toBe('RolloutSchedule window selects this Rollout and has not made its gate yet');
  world.put('RolloutGate', 'window-app', {
    metadata: { labels: gateLabels },
    spec: { rolloutRef: { name: 'app' }, passing: true },
  });
  await world.settle();
  expect(await world.carries('app')).toBe('1.1.0');
});

it('does not hold where it selects others', async () => {
  const world = labelled().release('1.0.0', '1.1.0').target('app', '1.0.0');
  world.put('RolloutSchedule', 'window', schedule({ team: 'other' }));
  await world.settle();
  expect(await world.carries('app')).toBe('1.1.0');
});

it('holds a version that a person asked for, and not one that is forced', async () => {
  const world = labelled().release('1.0.0').target('app', '1.0.0');
  await world.settle();
  world.put('RolloutSchedule', 'window', schedule(labels));
  world.release('1.0.0', '1.1.0');
  await annotate(world, { [DEPLOY]: '1.1.0' });
  await world.settle();
  expect(await world.carries('app')).toBe('1.0.0');
  await annotate(world, { [FORCE_DEPLOY]: '1.1.0' });
  await world.settle();
  expect(await world.carries('app')).toBe('1.1.0');
});

it('wakes the Rollout when it is gone or selects others, and not when it is evaluated', async () => {
  const world = labelled();
  const source = world.controller.watches.find(({ type }) => type.kind === 'RolloutSchedule');
  const as = (selected: Record<string, string>, more: object = {}): KubeObject =>
    RolloutSchedule.parse({
      apiVersion: RolloutSchedule.apiVersion,
      kind: 'RolloutSchedule',
      metadata: { name: 'window', namespace: 'apps' },
      ...schedule(selected),
      ...more,
    });
  const woken = async (current?: KubeObject, previous?: KubeObject) =>
    [...((await source?.wakes(current, previous)) ?? [])].map(({ name }) => name);
  expect(await woken(undefined, as(labels))).toEqual(['app']);
  expect(await woken(as({ team: 'other' }), as(labels))).toEqual(['app']);
  expect(await woken(as(labels, { status: { active: true } }), as(labels))).toEqual([]);
});
