/** Freezes: nothing automatic moves, people still may, and history says that it was during one. */
import { describe, expect, it } from 'vitest';
import { Freeze, type FreezeSpec } from '../api/freeze.ts';
import { isEverywhere, selectsNamespace, selectsRollout } from './freezes.ts';
import { at, Scenario } from './testing/scenario.ts';

const annotation = (name: string): string => `rollout.kuberik.com/${name}`;
const baking = { bakeTime: '5m', healthCheckSelector: { matchLabels: { app: 'test-app' } } };

function frozen(): Scenario {
  const history = [
    { tag: '1.0.0', id: 2, bakeStatus: 'Succeeded' },
    { tag: '0.9.0', id: 1, bakeStatus: 'Succeeded' },
  ];
  return new Scenario({ available: ['0.9.0', '1.0.0', '1.1.0'], history }).freeze('incident-42', {
    reason: 'database',
  });
}

describe('a Freeze', () => {
  it('holds an automatic deployment and says which, why, since when and who can end it', () => {
    const world = frozen();
    const plan = world.look();
    expect(world.tags[0]).toBe('1.0.0');
    expect(plan.reasons[0]).toMatchObject({ code: 'Frozen', message: 'Freeze incident-42 is on: database' });
    expect(plan.reasons[0]?.since?.toString()).toBe(at('+0s'));
    expect(plan.reasons[0]?.remedy).toContain('whoever may delete Freeze incident-42');
    expect(world.condition('DeploymentBlocked')).toMatchObject({
      status: 'True',
      reason: 'Frozen',
      message: 'Freeze incident-42 is on: database',
    });
    expect(plan.events).toMatchObject([{ type: 'Warning', reason: 'Frozen' }]);
    expect(world.advance('+1h').look().events).toEqual([]);
    world.unfreeze().look();
    expect(world.tags[0]).toBe('1.1.0');
    expect(world.newest.freezes).toBeUndefined();
  });

  it('over bad health is the one event for what a person asked for: the condition tells of the freeze alone', () => {
    const world = frozen().check('errors', { status: 'Unhealthy' });
    const { events } = world.annotate({ [annotation('deploy')]: '0.9.0' }).look();
    expect(events).toEqual([{ type: 'Warning', reason: 'Frozen', message: 'Freeze incident-42 is on: database' }]);
  });

  it('ends by itself, and the Rollout wakes for it', () => {
    const world = frozen().freeze('incident-42', { until: at('+1h') });
    expect(world.look().requeueAt?.toString()).toBe(at('+1h'));
    world.advance('+1h').look();
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('asks for nothing while there is nothing to deploy', () => {
    const world = new Scenario({ available: ['1.0.0'], history: [{ tag: '1.0.0', bakeStatus: 'Succeeded' }] });
    expect(world.freeze('one', { until: at('+1h') }).look().requeueAt).toBeUndefined();
  });

  it('holds a first deployment', () => {
    const world = new Scenario({ available: ['1.0.0'] }).freeze('one');
    world.look();
    expect(world.tags).toEqual([]);
  });

  it.each([
    ['force-deploy', '1.1.0', '1.1.0'],
    ['rollback', '0.9.0', '0.9.0'],
  ])('%s by a person works, and is recorded as made during it', (request, value, tag) => {
    const world = frozen().annotate({ [annotation(request)]: value, [annotation('deploy-user')]: 'alice' });
    world.look();
    expect(world.newest).toMatchObject({
      version: { tag },
      freezes: ['incident-42'],
      triggeredBy: { kind: 'User', name: 'alice' },
    });
  });

  it('a pin works too', () => {
    const world = frozen().spec({ wantedVersion: '0.9.0' });
    world.look();
    expect(world.newest).toMatchObject({ version: { tag: '0.9.0' }, freezes: ['incident-42'] });
  });

  it.each(['deploy', 'bypass-gates'])('%s waits for its end: it skips no freeze', (request) => {
    const world = frozen().annotate({ [annotation(request)]: '1.1.0' });
    expect(world.look().reasons).toMatchObject([{ code: 'Frozen' }]);
    expect(world.tags[0]).toBe('1.0.0');
    expect(world.annotation(annotation(request))).toBe('1.1.0');
    world.unfreeze().look();
    expect(world.tags[0]).toBe('1.1.0');
  });

  it('what fails during it is not rolled back automatically, and says so; a person may roll back', () => {
    const world = new Scenario({
      spec: baking,
      policy: 'Rollback',
      available: ['1.0.0', '1.1.0'],
      history: [
        { tag: '1.1.0', id: 2, bakeStatus: 'InProgress', bakeStartTime: at('-1m'), trigger: 'Automatic' },
        { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded' },
      ],
    });
    world.freeze('incident-42').check('hc', { status: 'Unhealthy', lastErrorTime: at('+0s') });
    const plan = world.look();
    expect(world.tags[0]).toBe('1.1.0');
    expect(world.newest.bakeStatus).toBe('Failed');
    expect(plan.events.map(({ reason }) => reason)).toContain('Frozen');
    expect(plan.reasons[0]).toMatchObject({ code: 'Halted' });
    expect(plan.reasons.map(({ code }) => code)).toContain('Frozen');
    world.annotate({ [annotation('rollback')]: '' }).look();
    expect(world.newest).toMatchObject({ version: { tag: '1.0.0' }, rollbackOf: 2, freezes: ['incident-42'] });
  });
});

describe('what a Freeze selects', () => {
  const freeze = (spec: Partial<FreezeSpec>): Freeze => ({
    apiVersion: Freeze.apiVersion,
    kind: 'Freeze',
    metadata: { name: 'one' },
    spec: { reason: 'incident', ...spec },
  });
  const shop = { matchLabels: { team: 'shop' } };
  const strange = { matchExpressions: [{ key: 'team', operator: 'Near' as never, values: [] }] };

  it.each([
    ['no selector', undefined, [true, true, true]],
    ['a selector', shop, [true, false, false]],
    ['a selector that nobody understands', strange, [true, true, true]],
  ])('Rollouts, and namespaces, by their labels: %s', (_, selector, expected) => {
    const labels = [{ team: 'shop' }, { team: 'pay' }, undefined];
    expect(labels.map((one) => selectsRollout(freeze({ rolloutSelector: selector }), one))).toEqual(expected);
    expect(labels.map((one) => selectsNamespace(freeze({ namespaceSelector: selector }), one))).toEqual(expected);
  });

  it('a namespace whose labels are not known, and each by its own selector', () => {
    expect(selectsNamespace(freeze({ namespaceSelector: shop }), 'unknown')).toBe(true);
    expect(selectsRollout(freeze({ namespaceSelector: shop }), { team: 'pay' })).toBe(true);
    expect(selectsNamespace(freeze({ rolloutSelector: shop }), { team: 'pay' })).toBe(true);
  });

  it('is everywhere when it asks nothing of a namespace', () => {
    expect(
      [{}, { namespaceSelector: {} }, { namespaceSelector: shop }].map((spec) => isEverywhere(freeze(spec))),
    ).toEqual([true, true, false]);
  });
});
