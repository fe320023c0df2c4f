/** How the world around a Rollout answers a plan, in a forecast. */
import { describe, expect, it } from 'vitest';
import { parseTag } from '../../api/tag.ts';
import { decide } from '../decide.ts';
import { at, Scenario, type ScenarioOptions, T0 } from '../testing/scenario.ts';
import { carriedOut, stillStanding } from './world.ts';

const good = { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' } as const;

function running(spec: ScenarioOptions['spec'] = { bakeTime: '10m' }): Scenario {
  return new Scenario({ spec, available: ['1.0.0'], history: [good], policy: 'Rollback' }).target('1.0.0');
}

describe('how the world answers a plan', () => {
  const looked = (world: Scenario) => {
    const observed = world.observe();
    return { observed, after: carriedOut(observed, decide(observed, T0)) };
  };

  it('takes off what was used, and nothing that somebody has changed meanwhile', () => {
    const force = 'rollout.kuberik.com/force-deploy';
    const world = running({})
      .registry('1.0.0', '1.1.0')
      .annotate({ [force]: '1.1.0', note: 'mine' });
    expect(looked(world).after.rollout.metadata).toMatchObject({ name: 'app', annotations: { note: 'mine' } });
    expect(looked(world).after.rollout.metadata.annotations).not.toHaveProperty([force]);
    const observed = world.observe();
    const plan = decide(observed, T0);
    world.annotate({ [force]: '1.0.0' });
    expect(carriedOut(world.observe(), plan).rollout.metadata.annotations).toEqual({
      [force]: '1.0.0',
      note: 'mine',
    });
    const { annotations, ...bare } = observed.rollout.metadata;
    const without = carriedOut({ ...observed, rollout: { ...observed.rollout, metadata: bare } }, plan);
    expect(without.rollout.metadata.annotations).toEqual({});
  });

  it('lets every sound target take the version, one that is there already included', () => {
    const world = running({}).registry('1.0.0', '1.1.0');
    const [target] = world.target('1.0.0', { claimed: false, applying: 'v0' }).targets;
    const fault = { reason: 'TargetFailed', message: 'no such field' } as const;
    world.targets = [
      target!,
      { ...target!, name: 'there', carries: parseTag('1.1.0') },
      { ...target!, name: 'bad', fault },
    ];
    const observed = world.annotate({ 'rollout.kuberik.com/force-deploy': '1.1.0' }).observe();
    const { targets } = carriedOut(observed, decide(observed, T0));
    expect(targets.map(({ name, carries, claimed, applying }) => [name, carries, claimed, applying])).toEqual([
      ['app', '1.1.0', true, undefined],
      ['there', '1.1.0', true, undefined],
      ['bad', '1.0.0', false, 'v0'],
    ]);
  });

  it('lets checks judge what is new, and only that', () => {
    const bad = { status: 'Unhealthy', lastChangeTime: at('-1h'), lastErrorTime: at('-2h') };
    const world = running().registry('1.0.0', '1.1.0').check('errors', bad).check('new', {});
    expect(looked(world).after.healthChecks).toEqual(world.checks);
    const { after } = looked(world.annotate({ 'rollout.kuberik.com/force-deploy': '1.1.0' }));
    expect(after.healthChecks.map(({ status }) => status)).toEqual([
      { status: 'Unhealthy', lastChangeTime: at('+0m'), lastErrorTime: at('+0m') },
      { status: 'Healthy', lastChangeTime: at('+0m') },
    ]);
  });

  it('answers for a Rollout that has no status, and for one that deploys nothing', () => {
    const world = new Scenario({}).check('errors', { status: 'Pending' });
    const { status, ...fresh } = world.rollout;
    const observed = { ...world.observe(), rollout: fresh };
    expect(stillStanding(observed).healthChecks).toEqual(world.checks);
    expect(carriedOut(observed, decide(observed, T0)).healthChecks).toEqual(world.checks);
  });

  it('leaves checks alone when nothing is under way, and counts a verdict for the last retry', () => {
    const world = running().check('errors', { status: 'Pending' });
    expect(stillStanding(world.observe()).healthChecks).toEqual(world.checks);
    const baking = { tag: '1.0.0', id: 1, bakeStatus: 'Deploying', timestamp: at('-2h') };
    const first = new Scenario({ history: [baking] }).check('errors', { status: 'Pending' });
    expect(stillStanding(first.observe()).healthChecks[0]?.status).toEqual({
      status: 'Healthy',
      lastChangeTime: at('-2h'),
    });
    const again = new Scenario({ history: [{ ...baking, lastRetryTimestamp: at('-1h') }] }).check('errors', {});
    expect(stillStanding(again.observe()).healthChecks[0]?.status).toEqual({
      status: 'Healthy',
      lastChangeTime: at('-1h'),
    });
    const bad = { status: 'Unhealthy', lastChangeTime: at('-3h') };
    expect(stillStanding(first.check('errors', bad).observe()).healthChecks[0]?.status).toEqual(bad);
  });
});
