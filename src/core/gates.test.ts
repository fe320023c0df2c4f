import { describe, expect, it } from 'vitest';
import { Scenario } from './testing/scenario.ts';

const available = ['0.1.0', '0.2.0', '0.3.0'];
const onFirst = { available: ['0.1.0', '0.2.0'], history: [{ tag: '0.1.0', bakeStatus: 'Succeeded' }] };

describe('gates', () => {
  it('R10 records candidates that a gate holds', () => {
    const world = new Scenario({ available: ['0.0.9'], history: [{ tag: '0.0.9' }] }).gate('gate', {
      allowedVersions: [],
    });
    world.latest('0.1.0').look();
    expect(world.candidates).toEqual(['0.1.0']);
    world.latest('0.2.0').look();
    expect(world.candidates).toEqual(['0.2.0', '0.1.0']);
    expect(world.tags).toEqual(['0.0.9']);
  });

  it('R14 deploys the newest allowed version', () => {
    const world = new Scenario({ available }).gate('gate', { allowedVersions: ['0.1.0', '0.2.0'] });
    world.look();
    expect(world.tags).toEqual(['0.2.0']);
    expect(world.rollout.status?.gates).toMatchObject([
      { name: 'gate', passing: true, allowedVersions: ['0.1.0', '0.2.0'] },
    ]);
  });

  it('R15 R20 one closed gate holds, whatever others say', () => {
    const world = new Scenario(onFirst).gate('one', { passing: true }).gate('two', { passing: false });
    world.look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(world.rollout.status?.gates?.map(({ passing }) => passing)).toEqual([true, false]);
    expect(world.condition('GatesPassing')).toMatchObject({ status: 'False', reason: 'SomeGatesBlocking' });
  });

  it('B20: a closed gate leaves no version over in gatedReleaseCandidates', () => {
    const world = new Scenario(onFirst).gate('two', { passing: false });
    world.look();
    expect(world.rollout.status?.gatedReleaseCandidates).toBeUndefined();
  });

  it('B20: a Rollout without a newer release is not blocked by its gates', () => {
    const world = new Scenario({ available: ['0.1.0'], history: [{ tag: '0.1.0', bakeStatus: 'Succeeded' }] });
    const plan = world.gate('gate', { allowedVersions: ['9.9.9'] }).look();
    expect(world.condition('GatesPassing')).toMatchObject({ status: 'True', reason: 'AllGatesPassing' });
    expect(plan.events).toEqual([]);
  });

  it('R16 takes the intersection of several lists', () => {
    const world = new Scenario({ available })
      .gate('one', { allowedVersions: ['0.2.0', '0.3.0'] })
      .gate('two', { allowedVersions: ['0.2.0'] });
    world.look();
    expect(world.tags).toEqual(['0.2.0']);
  });

  it('R17 holds when no candidate is allowed, and says which gate and what it would take', () => {
    const world = new Scenario(onFirst).gate('gate', { allowedVersions: ['0.9.9'] });
    const plan = world.look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(world.condition('GatesPassing')).toMatchObject({ status: 'False', reason: 'NoAllowedVersions' });
    expect(plan.reasons[0]).toMatchObject({
      code: 'WaitingForGates',
      message: 'RolloutGate gate does not allow 0.2.0 (spec.allowedVersions)',
    });
    expect(plan.reasons[0]?.remedy).toContain('adds 0.2.0');
  });

  it('R18 R57 a pinned version passes gates and health', () => {
    const world = new Scenario({ available, spec: { wantedVersion: '0.1.0' } })
      .gate('gate', { passing: false, allowedVersions: ['0.2.0', '0.3.0'] })
      .check('check', { status: 'Unhealthy' });
    world.look();
    expect(world.tags).toEqual(['0.1.0']);
  });

  it('R19 a gate without a list allows everything', () => {
    const world = new Scenario({ available: ['0.1.0', '0.2.0'] }).gate('gate', { passing: true });
    world.look();
    expect(world.tags).toEqual(['0.2.0']);
  });

  it.each([{ passing: false }, { allowedVersions: ['0.9.9'] }])(
    'R21 R22 a first deployment is held by no gate: %o',
    (gate) => {
      const world = new Scenario().latest('0.1.0').gate('gate', gate);
      world.look();
      expect(world.tags).toEqual(['0.1.0']);
    },
  );

  it('R23 V13 a first deployment is not stopped by health, and the condition says how it is', () => {
    const world = new Scenario({ spec: { healthCheckSelector: { matchLabels: { app: 'test-app' } } } });
    world.latest('0.1.0').check('check', { status: 'Unhealthy', message: 'simulated incident' }).look();
    expect(world.tags).toEqual(['0.1.0']);
    const blocked = world.condition('DeploymentBlocked');
    expect(blocked).toMatchObject({ status: 'True', reason: 'UnhealthyHealthChecks' });
    expect(blocked?.message).toContain('simulated incident');
  });

  it('C7: tells once that a gate closed, not at each look', () => {
    const world = new Scenario(onFirst).gate('gate', { passing: false });
    expect(world.look().events.map(({ reason }) => reason)).toEqual(['SomeGatesBlocking']);
    const before = world.rollout.status;
    const again = world.advance('+10m').look();
    expect(again.events).toEqual([]);
    expect(again.status).toBe(before);
  });
});

describe('bypass-gates', () => {
  const bypass = { 'rollout.kuberik.com/bypass-gates': '0.2.0' };

  it('R61 lets one version through closed gates', () => {
    const world = new Scenario({ ...onFirst, annotations: bypass }).gate('gate', { passing: false });
    world.look();
    expect(world.tags).toEqual(['0.2.0', '0.1.0']);
    expect(world.rollout.status?.gates?.[0]).toMatchObject({ bypassGates: true });
    expect(world.rollout.status?.gates?.[0]?.message).toContain('Gate bypassed for version');
    expect(world.condition('GatesPassing')).toMatchObject({ status: 'True', reason: 'GatesBypassed' });
    expect(world.condition('GatesPassing')?.message).toContain('0.2.0');
    expect(world.condition('Ready')).toMatchObject({ status: 'True', reason: 'RolloutSucceeded' });
    expect(world.condition('Ready')?.message).toContain('with gate bypass');
    expect(world.newest.message).toBe('Automatic deployment, with gate bypass');
    expect(world.annotation('rollout.kuberik.com/bypass-gates')).toBeUndefined();
  });

  it('R62 waits for a version that is not known yet', () => {
    const world = new Scenario({ available: ['0.1.0', '0.3.0'], history: [{ tag: '0.1.0' }], annotations: bypass });
    world.gate('gate', { passing: false }).look();
    expect(world.tags).toEqual(['0.1.0']);
    expect(world.condition('GatesPassing')).toMatchObject({ status: 'False', reason: 'SomeGatesBlocking' });
    expect(world.annotation('rollout.kuberik.com/bypass-gates')).toBe('0.2.0');
  });

  it('B13: is not used up, nor named, by the deployment of another version', () => {
    const world = new Scenario({ available: ['0.1.0'], history: [{ tag: '0.1.0' }], annotations: bypass });
    world.latest('0.1.5').look();
    expect(world.newest.message).toBe('Automatic deployment');
    expect(world.annotation('rollout.kuberik.com/bypass-gates')).toBe('0.2.0');
  });

  it('is removed after a crash between the record and the removal, and labels nothing', () => {
    const world = new Scenario({ ...onFirst, annotations: bypass }).gate('gate', { passing: false });
    world.look({ crashBeforeConsuming: true });
    world.look();
    expect(world.annotation('rollout.kuberik.com/bypass-gates')).toBeUndefined();
    world.gate('gate', { passing: true }).latest('0.3.0').look();
    expect(world.newest.message).toBe('Automatic deployment');
  });

  it('does not pass an unhealthy check', () => {
    const world = new Scenario({ ...onFirst, annotations: bypass }).check('check', { status: 'Unhealthy' });
    world.look();
    expect(world.tags).toEqual(['0.1.0']);
  });
});
