/** Which objects a Rollout is judged by. */
import { describe, expect, it } from 'vitest';
import type { RolloutSpec } from '../../api/rollout.ts';
import { resolveRolloutSpec } from '../../api/rollout-spec.ts';
import { selectedChecks } from '../selection.ts';
import { observeRollout } from './observe.ts';
import { TargetFaults } from './target-faults.ts';
import { KEY, RolloutWorld, VARIABLE } from './testing/world.ts';

type Selector = NonNullable<RolloutSpec['healthCheckSelector']>;

function world(healthCheckSelector?: Selector): RolloutWorld {
  const made = new RolloutWorld(healthCheckSelector && { healthCheckSelector }).release('1.0.0');
  const checks = [
    { namespace: 'apps', name: 'mine', labels: { app: 'my-app', environment: 'production', critical: 'yes' } },
    { namespace: 'apps', name: 'staging', labels: { app: 'my-app', environment: 'staging', critical: 'yes' } },
    { namespace: 'apps', name: 'other', labels: { app: 'other-app' } },
    { namespace: 'team', name: 'far', labels: { app: 'my-app' } },
    { namespace: 'else', name: 'away', labels: { app: 'my-app' } },
  ];
  for (const { name, ...metadata } of checks) made.put('HealthCheck', name, { metadata: { ...metadata }, spec: {} });
  const namespaces = { apps: {}, team: { team: 'platform', environment: 'production' }, else: { team: 'x' } };
  for (const [name, labels] of Object.entries(namespaces)) {
    made.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  }
  return made;
}

async function selected(selector?: Selector): Promise<string[]> {
  const made = world(selector);
  const checks = await selectedChecks(made.reader, await made.rollout());
  return checks.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
}

const app = { matchLabels: { app: 'my-app' } };

describe('health checks', () => {
  it.each<{ name: string; selector: Selector | undefined; expected: string[] }>([
    {
      name: 'R113 every label',
      selector: { selector: { matchLabels: { app: 'my-app', environment: 'production' } } },
      expected: ['apps/mine'],
    },
    {
      name: 'R114 expressions',
      selector: {
        selector: {
          matchExpressions: [
            { key: 'app', operator: 'In', values: ['my-app'] },
            { key: 'environment', operator: 'NotIn', values: ['staging'] },
            { key: 'critical', operator: 'Exists' },
          ],
        },
      },
      expected: ['apps/mine'],
    },
    {
      name: 'R115 the namespaces that match',
      selector: { selector: app, namespaceSelector: { matchLabels: { team: 'platform' } } },
      expected: ['team/far'],
    },
    { name: 'R116 its own namespace by default', selector: { selector: app }, expected: ['apps/mine', 'apps/staging'] },
    {
      name: 'R117 expressions on namespaces',
      selector: {
        selector: app,
        namespaceSelector: {
          matchExpressions: [
            { key: 'environment', operator: 'In', values: ['production', 'staging'] },
            { key: 'team', operator: 'Exists' },
          ],
        },
      },
      expected: ['team/far'],
    },
    { name: 'R118 no selector, none', selector: undefined, expected: [] },
    { name: 'R118 a namespaceSelector alone, none', selector: { namespaceSelector: {} }, expected: [] },
    {
      name: 'R119 an empty selector, all of the namespace',
      selector: { selector: {} },
      expected: ['apps/mine', 'apps/other', 'apps/staging'],
    },
    {
      name: 'R119 both empty, all of the cluster',
      selector: { selector: {}, namespaceSelector: {} },
      expected: ['apps/mine', 'apps/other', 'apps/staging', 'else/away', 'team/far'],
    },
    { name: 'the short form', selector: app, expected: ['apps/mine', 'apps/staging'] },
  ])('$name', async ({ selector, expected }) => {
    expect(await selected(selector)).toEqual(expected);
    const made = world(selector);
    expect(resolveRolloutSpec(await made.rollout()).faults).toEqual([]);
  });

  it('B10: a list that fails fails the look, which is tried again; it is not taken for no checks', async () => {
    const made = world({ selector: app });
    made.cluster.failures.set('list HealthCheck apps', 500);
    await expect(made.look()).rejects.toMatchObject({ status: 500 });
    made.cluster.failures.clear();
    made.cluster.failures.set('list RolloutGate apps', 500);
    await expect(made.look()).rejects.toMatchObject({ status: 500 });
    expect(made.sent).toEqual([]);
  });
});

describe('an observation', () => {
  const observe = async (made: RolloutWorld, faults = new TargetFaults()) =>
    observeRollout(made.options, faults, await made.rollout(), new AbortController().signal);

  it('has the gates of this Rollout, by name (C8), without those under deletion', async () => {
    const made = world();
    const refersTo = (name: string) => ({ spec: { rolloutRef: { name } } });
    made.put('RolloutGate', 'b', refersTo('app')).put('RolloutGate', 'a', refersTo('app'));
    made.put('RolloutGate', 'foreign', refersTo('other'));
    made.put('RolloutGate', 'going', { ...refersTo('app'), metadata: { deletionTimestamp: '2026-01-05T12:00:00Z' } });
    const { gates } = await observe(made);
    expect(gates.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  });

  it('R26 has the targets that name this Rollout, with what was wrong with them at the last look', async () => {
    const made = world().target('app', 'old-version');
    const faults = new TargetFaults();
    const fault = { reason: 'TargetFailed', message: 'refused' } as const;
    const [target] = (await observe(made)).targets;
    expect(target).toMatchObject({ kind: 'Kustomization', name: 'app', field: VARIABLE, carries: 'old-version' });
    faults.set(await made.rollout(), target!, fault);
    expect((await observe(made, faults)).targets[0]?.fault).toEqual(fault);
  });

  it('of a Rollout that was made again does not have the faults of the one before', async () => {
    const made = world().target('app', '1.0.0');
    const faults = new TargetFaults();
    const [target] = (await observe(made)).targets;
    faults.set(await made.rollout(), target!, { reason: 'TargetFailed', message: 'refused' });
    made.put('Rollout', KEY.name, { metadata: { uid: 'another' }, spec: { releasesImagePolicy: { name: 'app' } } });
    expect((await observe(made, faults)).targets[0]?.fault).toBeUndefined();
  });

  it('a tag that a person asks for and the registry lacks is unknown', async () => {
    const made = new RolloutWorld({ wantedVersion: '9.9.9' }).release('1.0.0');
    const { releases } = await observe(made);
    expect([...releases.unknownTags]).toEqual(['9.9.9']);
    expect(releases.refreshAt?.toString()).toBe('2026-01-05T12:01:00Z');
  });
});
