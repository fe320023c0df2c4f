import { describe, expect, it } from 'vitest';
import { UnansweredError } from '../../../integrations/http/unanswered.ts';
import type { TakenSample } from './sampler.ts';
import { SampledWorld, START } from './testing/world.ts';

const healthy: TakenSample = { result: 'Healthy', message: 'it is well' };
const unhealthy: TakenSample = { result: 'Unhealthy', message: 'it is ill' };
const at = (seconds: number): string => START.add({ seconds }).toString();
const ready = (status: 'True' | 'False', reason: string) => [{ type: 'Ready', status, reason }];

async function start(spec: Record<string, unknown> = {}, annotations: Record<string, string> = {}) {
  return new SampledWorld().check(spec, annotations);
}

describe('whose version', () => {
  it('nobody is asked before Flux has applied what was deployed', async () => {
    const world = await start();
    world.deploy('2.0.0', 0).flux('1.0.0', true);
    expect(await world.look()).toMatchObject({ status: 'Pending', message: 'Waiting for Flux to apply 2.0.0' });
    world.flux('2.0.0', false);
    await world.look();
    expect(world.asked).toEqual([]);
    world.flux('2.0.0', true);
    await world.look();
    expect(world.asked).toMatchObject([{ deployedAt: START, cutoff: START, timeout: 10_000 }]);
    await world.asked[0]?.answer(healthy);
    expect(await world.look()).toMatchObject({
      status: 'Healthy',
      message: 'it is well',
      observedRevision: '2.0.0',
      lastSample: { time: at(0), result: 'Healthy', count: 1 },
      conditions: ready('True', 'Judging'),
    });
  });

  it('what is known of the version before does not stand in for the wait', async () => {
    const world = await start();
    await world.deploy('1.0.0', 0).flux('1.0.0', true).look();
    await world.asked[0]?.answer(healthy);
    expect(await world.look()).toMatchObject({ status: 'Healthy' });
    await world.clock.advance(61_000);
    world.deploy('2.0.0', 60);
    expect(await world.look()).toMatchObject({ status: 'Pending', message: 'Waiting for Flux to apply 2.0.0' });
    expect(world.asked).toHaveLength(1);
  });

  it('what was applied once stays applied, whatever Flux is busy with', async () => {
    const world = await start();
    world.always = () => healthy;
    await world.deploy('2.0.0', 0).flux('2.0.0', true).look();
    world.flux('2.0.0', false);
    expect(await world.look()).toMatchObject({ status: 'Healthy' });
    world.always = () => unhealthy;
    expect(await world.next()).toMatchObject({ status: 'Unhealthy', observedRevision: '2.0.0' });
  });

  it.each([
    ['a deployment', (world: SampledWorld) => world.deploy('2.0.0', 60)],
    ['a retry', (world: SampledWorld) => world.deploy('1.0.0', 0, 60)],
  ])('what is on its way when %s comes is dropped', async (_what, event) => {
    const world = await start();
    await world.deploy('1.0.0', 0).look();
    await world.clock.advance(61_000);
    event(world);
    expect(await world.look()).toMatchObject({ status: 'Pending', lastChangeTime: at(61) });
    const [old, fresh] = world.asked;
    expect([old?.signal.aborted, fresh?.signal.aborted]).toEqual([true, false]);
    await old?.answer(unhealthy);
    expect(await world.look()).toMatchObject({ status: 'Pending' });
    await fresh?.answer(healthy);
    expect(await world.look()).toMatchObject({ status: 'Healthy', lastSample: { count: 1 } });
    expect(world.asked).toHaveLength(2);
  });

  it('counts begin anew with a deployment, and with another spec', async () => {
    const world = await start({ failureThreshold: 2 });
    world.always = () => unhealthy;
    expect(await world.deploy('1.0.0', 0).look()).toMatchObject({ status: 'Pending', lastSample: { count: 1 } });
    await world.clock.advance(20_000);
    expect(await world.deploy('2.0.0', 20).look()).toMatchObject({ status: 'Pending', lastSample: { count: 1 } });
    await world.check({ failureThreshold: 2, interval: '20s' });
    expect(await world.look()).toMatchObject({ status: 'Pending', observedGeneration: 2, lastSample: { count: 1 } });
    expect(await world.next()).toMatchObject({ status: 'Unhealthy', lastSample: { count: 2 } });
  });

  it('a check that no Rollout selects is asked all the same', async () => {
    const world = await start();
    world.always = () => healthy;
    expect(await world.look()).toMatchObject({ status: 'Healthy', lastChangeTime: at(0) });
    world.always = () => unhealthy;
    expect(await world.next()).toMatchObject({ status: 'Unhealthy' });
  });
});

describe('when', () => {
  it('at once, then an interval apart', async () => {
    const world = await start({ interval: '20s' });
    const looks: number[] = [];
    world.always = () => {
      looks.push(world.clock.now().since(START).total('milliseconds'));
      return healthy;
    };
    await world.look();
    for (let turn = 0; turn < 4; turn++) await world.next();
    const [first = -1, second = 0, ...later] = looks;
    expect(first).toBe(0);
    expect(second).toBeGreaterThanOrEqual(10_000);
    expect(second).toBeLessThanOrEqual(30_000);
    expect(later).toEqual([second + 20_000, second + 40_000, second + 60_000]);
    expect((await world.status()).nextSampleTime).toBe(START.add({ seconds: Math.floor(second / 1000) }).toString());
  });

  it('a restart asks when it would have been asked anyway, and keeps the count', async () => {
    const world = await start({ failureThreshold: 3, interval: '10m' });
    world.always = () => unhealthy;
    await world.deploy('1.0.0', 0).look();
    const { requeueAt } = world;
    await world.clock.advance(10_000);
    await world.restart().look();
    expect(world.requeueAt).toEqual(requeueAt);
    expect(await world.next()).toMatchObject({ status: 'Pending', lastSample: { count: 2 } });
    await world.restart().look();
    expect(await world.next()).toMatchObject({ status: 'Unhealthy', lastSample: { count: 3 } });
  });

  it('one look at a time, however often the check is woken', async () => {
    const world = await start({ interval: '1s' });
    await world.look();
    for (let turn = 0; turn < 5; turn++) {
      await world.clock.advance(10_000);
      await world.deploy('1.0.0', 0).look();
    }
    // The deployment is another subject: one look each.
    expect(world.asked).toHaveLength(2);
  });

  it('a look that could not be written is neither lost nor counted twice', async () => {
    const world = await start({ failureThreshold: 2, interval: '10s' });
    world.always = () => unhealthy;
    world.cluster.failures.set('replace HealthCheck team/check', 409);
    await expect(world.look()).rejects.toMatchObject({ status: 409 });
    await expect(world.deploy('1.0.0', 0).look()).rejects.toMatchObject({ status: 409 });
    world.cluster.failures.clear();
    expect(await world.deploy('1.0.0', 0).look()).toMatchObject({ status: 'Pending', lastSample: { count: 1 } });
    expect(await world.next()).toMatchObject({ status: 'Unhealthy', lastSample: { count: 2 } });
  });
});

describe('what is written', () => {
  it('I7: a heartbeat every five minutes, while the same is seen with other numbers', async () => {
    const world = await start({ interval: '10s' });
    let value = 0;
    world.always = () => ({ ...healthy, message: `${++value} ms is below 300`, value: String(value) });
    await world.deploy('1.0.0', 0).look();
    const before = world.writes;
    while (world.clock.now().since(START).total('minutes') < 61) await world.next();
    expect(value).toBeGreaterThan(350);
    expect(world.writes - before).toBe(12);
    expect((await world.status()).lastChangeTime).toBe(at(0));
  });

  it('I7: one write when it cannot judge, and one event', async () => {
    const world = await start({}, { url: 'wrong' });
    await world.look();
    for (let turn = 0; turn < 3; turn++) await world.deploy('1.0.0', 0).look();
    const message = 'url is wrong: write another one';
    expect(await world.status()).toMatchObject({
      status: 'Pending',
      message,
      conditions: ready('False', 'InvalidSpec'),
    });
    expect(world.writes).toBe(1);
    expect(world.events).toMatchObject([{ type: 'Warning', reason: 'InvalidSpec', message }]);
  });

  it('the time of a failure is what the witness says, and else when it was first seen', async () => {
    const world = await start();
    world.always = () => unhealthy;
    expect(await world.look()).toMatchObject({ lastErrorTime: at(0) });
    expect(await world.next()).toMatchObject({ lastErrorTime: at(0) });
    const other = await start();
    await other.clock.advance(60_000);
    other.always = () => ({ ...unhealthy, failedAt: START.add({ seconds: 30 }) });
    expect(await other.look()).toMatchObject({ lastErrorTime: at(30), lastChangeTime: at(60) });
  });

  it('nothing is of before the deployment, whose time is rounded up', async () => {
    const world = await start();
    world.always = () => unhealthy;
    await world.clock.advance(500);
    const time = at(1);
    const status = await world.deploy('1.0.0', 1).look();
    expect(status).toMatchObject({ status: 'Unhealthy', lastErrorTime: time, lastSample: { time, count: 1 } });
  });

  it('no data holds, says what came instead, and goes', async () => {
    const world = await start();
    await world.look();
    await world.asked[0]?.answer(new UnansweredError('connection', 'connect ECONNREFUSED'));
    const fault = 'http://app.example.com/health: connect ECONNREFUSED';
    expect(await world.look()).toMatchObject({
      status: 'Pending',
      message: `No data: ${fault}`,
      lastSample: { result: 'NoData', message: fault },
      conditions: [{ type: 'Ready', status: 'False', reason: 'NoData', message: fault }],
    });
    const written = world.writes;
    world.always = () => {
      throw new UnansweredError('connection', 'connect ECONNREFUSED');
    };
    await world.next();
    expect(world.writes).toBe(written);
    world.always = () => healthy;
    expect(await world.next()).toMatchObject({ status: 'Healthy', conditions: ready('True', 'Judging') });
    expect(world.events).toMatchObject([
      { type: 'Warning', reason: 'NoData' },
      { type: 'Normal', reason: 'Judging' },
    ]);
  });

  it('no data may count as failure', async () => {
    const world = await start({ noDataPolicy: 'Unhealthy' });
    world.always = () => ({ result: 'NoData', message: 'the query has no value' });
    const message = 'No data counts as unhealthy: http://app.example.com/health: the query has no value';
    const lastSample = { result: 'NoData', count: 1 };
    expect(await world.look()).toMatchObject({
      status: 'Unhealthy',
      message,
      lastSample,
      conditions: ready('True', 'Judging'),
    });
  });
});

describe('what it cannot judge by', () => {
  it('a Secret that is not there is waited for', async () => {
    const world = await start({}, { secret: 'token' });
    expect(await world.look()).toMatchObject({
      status: 'Pending',
      message: 'Secret team/token is not there: create it',
      conditions: ready('False', 'SecretNotFound'),
    });
    world.secret('token', { bearerToken: 'hunter2' });
    await world.next();
    expect(world.asked).toMatchObject([{ access: { headers: { authorization: 'Bearer hunter2' } } }]);
    await world.asked[0]?.answer({ ...healthy, message: 'welcome, Bearer hunter2\u0007' });
    expect(await world.look()).toMatchObject({ status: 'Healthy', message: 'welcome, ***' });
  });

  it('an API server that does not say is no verdict, even where no data counts as failure', async () => {
    const world = await start({ noDataPolicy: 'Unhealthy' }, { secret: 'token' });
    world.cluster.failures.set('get Secret team/token', 500);
    expect(await world.look()).toMatchObject({ status: 'Pending', conditions: ready('False', 'SecretNotFound') });
  });

  it.each([
    ['a host that is written', { url: 'http://169.254.169.254/latest' }],
    ['credentials in the URL', { url: 'http://me:hunter2@app.example.com/' }],
  ])('%s is never asked', async (_what, annotations) => {
    const world = await start({ noDataPolicy: 'Unhealthy' }, annotations);
    const { status, conditions } = await world.look();
    expect([status, conditions?.[0]?.status]).toEqual(['Pending', 'False']);
    expect(JSON.stringify(conditions)).not.toContain('hunter2');
    expect(world.asked).toEqual([]);
  });

  it('a name that leads to where nobody may go is no failure either', async () => {
    const world = await start({ noDataPolicy: 'Unhealthy' });
    await world.look();
    await world.asked[0]?.answer(new UnansweredError('policy', 'app.example.com leads to 127.0.0.1'));
    const status = await world.look();
    expect(status).toMatchObject({ status: 'Pending', conditions: ready('False', 'HostNotAllowed') });
    expect(status.message).toContain('--health-check-hosts');
  });

  it('a check that is gone, or of another class, asks no more', async () => {
    const world = await start();
    await world.look();
    await world.check({ class: 'other' });
    await world.look();
    expect(world.asked[0]?.signal.aborted).toBe(true);
  });
});
