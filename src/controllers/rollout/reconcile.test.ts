import { describe, expect, it } from 'vitest';
import { ApiStatusError } from '../../kube/errors.ts';
import { KEY, RolloutWorld } from './testing/world.ts';

const FORCE = 'rollout.kuberik.com/force-deploy';
const STATUS = 'status Rollout apps/app';
const ANNOTATIONS = 'patch Rollout apps/app';
const APPLY = 'apply Kustomization apps/app';

/** 1.0.0 runs, everything is quiet. */
async function running(spec = {}): Promise<RolloutWorld> {
  const world = new RolloutWorld(spec).release('0.9.0', '1.0.0').target('app', '1.0.0');
  await world.settle();
  return world;
}

describe('one look', () => {
  it('R24 writes the record first, then the targets, then removes the annotations', async () => {
    const world = await running();
    const rollout = await world.rollout();
    world.cluster.put({ ...rollout, metadata: { ...rollout.metadata, annotations: { [FORCE]: '0.9.0' } } });
    world.sent.length = 0;
    await world.look();
    const requests = world.sent.filter((line) => !line.startsWith('event'));
    expect(requests).toEqual([STATUS, APPLY, ANNOTATIONS]);
    expect(await world.carries('app')).toBe('0.9.0');
    expect((await world.rollout()).metadata.annotations ?? {}).toEqual({});
  });

  it('a new release costs one status write, one apply for each target and one event', async () => {
    const world = (await running()).target('web', '1.0.0');
    await world.settle();
    world.release('1.0.0', '1.1.0');
    expect(await world.settle()).toEqual([STATUS, 'event DeploymentSucceeded', APPLY, 'apply Kustomization apps/web']);
    expect(await world.carries('web')).toBe('1.1.0');
  });

  it('C10: two variables of one Kustomization are written together, by one apply', async () => {
    const world = (await running()).target('web', '1.0.0', 'VERSION', 'IMAGE_TAG');
    await world.settle();
    world.release('1.0.0', '1.1.0');
    expect(await world.settle()).toEqual([STATUS, 'event DeploymentSucceeded', APPLY, 'apply Kustomization apps/web']);
    expect(await world.carries('web', 'VERSION')).toBe('1.1.0');
    expect(await world.carries('web', 'IMAGE_TAG')).toBe('1.1.0');
  });

  it('with nothing to do makes no request at all, of the API server nor of the registry', async () => {
    const world = await running();
    world.sent.length = world.registry.requests.length = 0;
    await world.clock.advance(3_600_000);
    expect(await world.look()).toEqual({});
    expect([...world.sent, ...world.registry.requests]).toEqual([]);
  });

  it('after a restart makes none either', async () => {
    const world = await running({ bakeTime: '1m' });
    await world.clock.advance(120_000);
    await world.settle();
    world.sent.length = world.registry.requests.length = 0;
    await world.clock.advance(3_600_000);
    await world.restart().look();
    expect([...world.sent, ...world.registry.requests]).toEqual([]);
  });

  it('says when to look again', async () => {
    const world = await running({ bakeTime: '5m' });
    world.release('1.0.0', '1.1.0');
    await world.settle();
    const { requeueAt } = await world.look();
    // Right behind the adoption: a second later.
    expect(requeueAt?.toString()).toBe('2026-01-05T12:05:01Z');
  });
});

describe('a lost race', () => {
  it('for the record writes nothing else', async () => {
    const world = (await running()).release('1.0.0', '1.1.0');
    world.sent.length = 0;
    world.before = (line) => {
      if (line === STATUS) world.put('Rollout', 'app', { spec: { releasesImagePolicy: { name: 'app' } } });
    };
    await expect(world.look()).rejects.toMatchObject({ status: 409 });
    expect(world.sent).toEqual([STATUS]);
    expect(await world.carries('app')).toBe('1.0.0');
  });

  it('for an annotation leaves the newer one alone', async () => {
    const world = (await running()).release('1.0.0', '1.1.0');
    const annotate = async (value: string) => {
      const rollout = await world.rollout();
      world.cluster.put({ ...rollout, metadata: { ...rollout.metadata, annotations: { [FORCE]: value } } });
    };
    await annotate('1.1.0');
    const newer = await world.rollout();
    world.before = (line) => {
      if (line !== ANNOTATIONS) return;
      world.before = () => undefined;
      world.cluster.put({ ...newer, metadata: { ...newer.metadata, annotations: { [FORCE]: '1.0.0' } } });
    };
    await world.look();
    expect((await world.rollout()).metadata.annotations).toEqual({ [FORCE]: '1.0.0' });
  });
});

describe('a kind that the controller may not read', () => {
  it.each([
    ['RolloutGate', 'GateListFailed'],
    ['HealthCheck', 'HealthCheckListFailed'],
    ['Kustomization', 'RolloutFailed'],
  ])('%s: it is said once, nothing is deployed, and it is over with the right', async (kind, reason) => {
    const world = await running({ healthCheckSelector: { matchLabels: { app: 'app' } } });
    world.release('1.0.0', '1.1.0');
    const { reader } = world.options;
    const denied = new ApiStatusError(
      403,
      'Forbidden',
      `list ${kind}: not allowed`,
      { verb: 'list', kind, key: { namespace: '', name: '' } },
      { kind: 'retryable' },
    );
    const refuse = (type: { kind: string }): void => {
      if (type.kind === kind) throw denied;
    };
    Object.assign(world.options, {
      reader: {
        get: reader.get,
        list: async (...[type, options]: Parameters<typeof reader.list>) => {
          refuse(type);
          return reader.list(type, options);
        },
        find: async (...[type, lookup]: Parameters<typeof reader.find>) => {
          refuse(type);
          return reader.find(type, lookup);
        },
      },
    });
    world.sent.length = 0;
    await expect(world.look()).rejects.toBe(denied);
    await expect(world.look()).rejects.toBe(denied);
    expect(world.sent).toEqual([STATUS]);
    const told = { status: 'False', reason, message: expect.stringContaining(`list ${kind}: not allowed`) as string };
    const { conditions } = (await world.rollout()).status ?? {};
    expect(conditions).toContainEqual(expect.objectContaining({ type: 'Ready', ...told }));
    expect(conditions).toContainEqual(expect.objectContaining({ type: 'Progressing', ...told }));
    Object.assign(world.options, { reader });
    await world.settle();
    expect(await world.carries('app')).toBe('1.1.0');
    expect(JSON.stringify((await world.rollout()).status?.conditions)).not.toContain('not allowed');
  });
});

describe('a Rollout that was read from a cache which lags behind', () => {
  it('does not turn a target back', async () => {
    const world = await running();
    const stale = await world.rollout();
    world.release('1.0.0', '1.1.0');
    await world.settle();
    // Another process, whose informer of Rollouts is behind that of Kustomizations; a closed gate leaves nothing to write.
    world.release('1.0.0');
    world.restart();
    const { reader } = world.options;
    Object.assign(world.options, {
      reader: {
        list: reader.list,
        find: reader.find,
        get: (...[type, key]: Parameters<typeof reader.get>) =>
          type.kind === 'Rollout' ? stale : reader.get(type, key),
      },
    });
    world.sent.length = 0;
    await world.look();
    expect(await world.carries('app')).toBe('1.1.0');
    expect(world.sent).toEqual(['get Rollout apps/app']);
  });
});

describe('a target that cannot be written', () => {
  it('becomes a condition, without churn, and the condition goes with the fault', async () => {
    const world = (await running()).release('1.0.0', '1.1.0');
    world.refuse(APPLY, 403, 'forbidden: no patch on kustomizations');
    await world.look();
    await expect(world.look()).rejects.toMatchObject({ status: 403 });
    const { conditions = [] } = await world.status();
    const updated = conditions.find(({ type }) => type === 'TargetsUpdated');
    expect(updated).toMatchObject({ status: 'False', reason: 'TargetFailed' });
    expect(updated?.message).toContain('Kustomization apps/app cannot take spec.postBuild.substitute.VERSION=1.1.0');
    world.sent.length = 0;
    for (let retry = 0; retry < 3; retry++) await expect(world.look()).rejects.toMatchObject({ status: 403 });
    expect(new Set(world.sent)).toEqual(new Set(['get Rollout apps/app', APPLY]));

    world.refusals.clear();
    await world.settle();
    expect((await world.status()).conditions?.find(({ type }) => type === 'TargetsUpdated')?.status).toBe('True');
    expect(await world.carries('app')).toBe('1.1.0');
  });

  it('keeps neither the other targets from the version nor a request from its end', async () => {
    const world = (await running()).target('web', '1.0.0').refuse(APPLY, 403);
    const rollout = await world.rollout();
    world.cluster.put({ ...rollout, metadata: { ...rollout.metadata, annotations: { [FORCE]: '0.9.0' } } });
    world.refuse(ANNOTATIONS, 500);
    await expect(world.look()).rejects.toMatchObject({ status: 500 });
    world.target('web', 'drifted').refusals.delete(ANNOTATIONS);
    await expect(world.look()).rejects.toMatchObject({ status: 403 });
    expect(await world.carries('web')).toBe('0.9.0');
    expect((await world.rollout()).metadata.annotations ?? {}).toEqual({});
  });

  it('does not ask again at once for ever when the refusal is worded differently each time', async () => {
    const world = (await running()).release('1.0.0', '1.1.0');
    let count = 0;
    world.before = () => world.refuse(APPLY, 500, `refused, request ${count++}`);
    await world.look();
    for (let retry = 0; retry < 3; retry++) await expect(world.look()).rejects.toMatchObject({ status: 500 });
  });
});

describe('crashes', () => {
  it('A5: between record and targets: the next process writes them, and nothing is recorded twice', async () => {
    const world = (await running()).release('1.0.0', '1.1.0');
    world.refuse(APPLY, 500);
    await world.look();
    world.refusals.clear();
    world.sent.length = 0;
    await world.restart().settle();
    expect(world.sent).toEqual(['get Rollout apps/app', APPLY]);
    expect(await world.carries('app')).toBe('1.1.0');
    expect((await world.status()).history).toHaveLength(2);
  });

  it('drift of a target is repaired without a new record', async () => {
    const world = (await running()).target('app', 'something-else');
    expect(await world.settle()).toEqual(['get Rollout apps/app', APPLY]);
    expect(await world.carries('app')).toBe('1.0.0');
  });
});

describe('a Rollout that does not fit its schema', () => {
  it('is told so once, and is woken although it cannot be read', async () => {
    const world = await running();
    world.put('Rollout', 'app', { spec: { releasesImagePolicy: 'app' } });
    world.sent.length = 0;
    await world.look();
    expect(world.sent).toEqual([STATUS]);
    await world.look();
    expect(world.sent).toEqual([STATUS]);
    const { items } = await world.cluster.list({ apiVersion: 'kuberik.com/v1alpha1', kind: 'Rollout' } as never);
    expect(JSON.stringify(items)).toContain('"reason":"InvalidSpec"');
    const own = world.controller.watches.find(({ type }) => type.kind === 'Rollout');
    expect([...(await own!.invalid!(KEY))]).toEqual([KEY]);
  });

  it('B31: so is one whose selector cannot be understood', async () => {
    const selector = { matchExpressions: [{ key: 'app', operator: 'Is', values: ['x'] }] };
    const world = await running({ healthCheckSelector: selector as never });
    const ready = (await world.status()).conditions?.find(({ type }) => type === 'Ready');
    expect(ready?.status).toBe('False');
    expect(ready?.reason).toBe('InvalidSpec');
    expect(await world.look()).toEqual({});
  });

  it('one that is gone or going is left alone', async () => {
    const world = await running();
    world.put('Rollout', 'app', {
      metadata: { deletionTimestamp: '2026-01-05T12:00:00Z' },
      spec: { releasesImagePolicy: { name: 'app' } },
    });
    world.sent.length = 0;
    await world.look();
    world.cluster.delete('kuberik.com/v1alpha1', 'Rollout', KEY);
    expect(await world.look()).toEqual({});
    expect(world.sent).toEqual([]);
  });
});
