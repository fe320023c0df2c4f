/** The verb of each operation. */
import { expect, test } from 'vitest';
import { applyPatch, editing, Room, rollout, type Site } from './site.ts';

/** Everything that takes a verb, and a value that asks for it. */
export const operations = [
  { verb: 'deploy', annotation: 'rollout.kuberik.com/deploy', value: 'v1.1.0' },
  { verb: 'force-deploy', annotation: 'rollout.kuberik.com/force-deploy', value: 'v1.1.0' },
  { verb: 'bypass-gates', annotation: 'rollout.kuberik.com/bypass-gates', value: 'v1.1.0' },
  { verb: 'rollback', annotation: 'rollout.kuberik.com/rollback', value: '' },
  { verb: 'unblock', annotation: 'rollout.kuberik.com/unblock-failed', value: 'true' },
  { verb: 'retry', annotation: 'rollout.kuberik.com/retry', value: '' },
  { verb: 'retry', annotation: 'rollouttest.kuberik.com/retry-mode', value: 'skip' },
  { verb: 'revoke', annotation: 'rollout.kuberik.com/revoke', value: 'v1.1.0' },
  { verb: 'pin', field: 'spec.wantedVersion' },
  { verb: 'pin', field: 'spec.releasesImagePolicy.wantedVersion' },
] as const;
export type Operation = (typeof operations)[number];

const verbs = [...new Set(operations.map(({ verb }) => verb))];

/** The merge patch that asks for it. */
export function asking(operation: Operation): object {
  if ('annotation' in operation) return { metadata: { annotations: { [operation.annotation]: operation.value } } };
  return operation.field === 'spec.wantedVersion'
    ? { spec: { wantedVersion: 'v1.1.0' } }
    : { spec: { releasesImagePolicy: { wantedVersion: 'v1.1.0' } } };
}

export function nameOf(operation: Operation): string {
  return `${operation.verb} by ${'annotation' in operation ? operation.annotation : operation.field}`;
}

export function describeOperations(site: () => Site): void {
  test.concurrent.each(operations.map((operation) => ({ operation, name: nameOf(operation) })))(
    '$name takes its verb, and no other',
    async ({ operation }) => {
      const { verb } = operation;
      const room = await Room.open(site(), verb);
      await room.deliver();
      await room.allow('alice', editing(...verbs.filter((other) => other !== verb)));
      await room.allow('bob', editing(verb));
      const refused = await room.patch('alice', asking(operation));
      expect(refused).toMatch(/^403 rollouts\.kuberik\.com "app" is forbidden: .* denied request: you may not /);
      expect(refused).toContain(`it takes the verb "${verb}" on rollouts.kuberik.com (`);
      expect(refused).toContain('annotation' in operation ? operation.annotation : operation.field);
      expect(refused).toContain(
        `which alice does not have in the namespace ${room.namespace}; the ClusterRole kuberik-`,
      );
      expect(await room.patch('bob', asking(operation))).toBe('');
      // What is there already is nobody's request.
      expect(await room.patch('alice', { metadata: { labels: { tier: 'web' } } })).toBe('');
    },
  );

  test.concurrent('a verb can be given for one Rollout', async () => {
    const room = await Room.open(site(), 'named');
    await room.deliver();
    const other = { ...rollout(), metadata: { name: 'other' } };
    expect(await room.create('administrator', 'rollouts', other)).toBe('');
    const one = { ...editing(), verbs: ['force-deploy'], resourceNames: ['app'] };
    await room.allow('alice', editing(), one);
    const patch = asking(operations[1]);
    expect(await room.patch('alice', patch)).toBe('');
    expect(await room.patch('alice', patch, room.path('rollouts/other'))).toContain('force-deploy');
  });

  test.concurrent('without a verb everything else can be edited', async () => {
    const room = await Room.open(site(), 'plain');
    await room.allow('alice', editing());
    expect(await room.create('alice', 'rollouts', rollout({ bakeTime: '5m' }, { 'deploy-message': 'hello' }))).toBe('');
    expect(await room.patch('alice', { spec: { bakeTime: '6m', failurePolicy: 'Halt' } })).toBe('');
    expect(await room.annotate('alice', { 'deploy-message': 'why' })).toBe('');
    expect(await room.said('alice', 'DELETE', room.rollout)).toBe('');
  });

  test.concurrent.each(['force-deploy', 'bypass-gates', 'deploy'])('an empty %s asks for nothing', async (key) => {
    const room = await Room.open(site(), 'empty');
    await room.deliver();
    await room.allow('alice', editing());
    expect(await room.annotate('alice', { [key]: '' })).toBe('');
    expect(await room.annotate('alice', { [key]: 'v1.1.0' })).toContain(`"${key}"`);
  });

  test.concurrent('a request can be taken back by everybody who edits, and not be changed', async () => {
    const room = await Room.open(site(), 'taken-back');
    await room.deliver({}, { 'force-deploy': 'v1.1.0', rollback: '' });
    await room.allow('alice', editing());
    expect(await room.annotate('alice', { 'deploy-message': 'beside it' })).toBe('');
    expect(await room.annotate('alice', { 'force-deploy': 'v1.2.0' })).toContain('"force-deploy"');
    expect(await room.annotate('alice', { rollback: 'v1.0.0' })).toContain('"rollback"');
    expect(await room.annotate('alice', { 'force-deploy': null, rollback: null })).toBe('');
    expect(await room.annotate('alice', { 'force-deploy': 'v1.1.0' })).toContain('"force-deploy"');
  });

  test.concurrent('each way of writing is asked', async () => {
    const room = await Room.open(site(), 'ways');
    await room.allow('alice', editing());
    const wanted = rollout({}, { 'force-deploy': 'v1.1.0' });
    const refusal = expect.stringContaining('"force-deploy"') as string;
    expect(await room.create('alice', 'rollouts', wanted)).toEqual(refusal);
    expect(await room.create('alice', 'rollouts', rollout({ wantedVersion: 'v1.1.0' }))).toContain('"pin"');
    const applied = [`${room.rollout}?fieldManager=a&force=1`, wanted, applyPatch] as const;
    expect(await room.said('alice', 'PATCH', ...applied)).toEqual(refusal);
    await room.deliver();
    expect(await room.said('alice', 'PATCH', ...applied)).toEqual(refusal);
    const live = (await room.done('alice', 'GET', room.rollout)) as { metadata: object };
    const annotations = { 'rollout.kuberik.com/force-deploy': 'v1.1.0' };
    const replaced = { ...live, metadata: { ...live.metadata, annotations } };
    expect(await room.said('alice', 'PUT', room.rollout, replaced)).toEqual(refusal);
    const operations = [{ op: 'add', path: '/metadata/annotations', value: annotations }];
    const paths = { 'content-type': 'application/json-patch+json' };
    expect(await room.said('alice', 'PATCH', room.rollout, operations, paths)).toEqual(refusal);
    expect(await room.said('alice', 'PATCH', `${room.rollout}?dryRun=All&fieldManager=a`, wanted, applyPatch)).toEqual(
      refusal,
    );
  });

  test.concurrent('a pin is set, changed, moved and removed with its verb alone', async () => {
    const room = await Room.open(site(), 'pin');
    await room.deliver();
    await room.allow('alice', editing());
    await room.allow('bob', editing('pin'));
    const steps = [
      { wantedVersion: 'v1.1.0' },
      { wantedVersion: 'v1.2.0' },
      { wantedVersion: null, releasesImagePolicy: { wantedVersion: 'v1.2.0' } },
      { releasesImagePolicy: { wantedVersion: null } },
    ];
    for (const spec of steps) {
      expect(await room.patch('alice', { spec })).toContain('it takes the verb "pin"');
      expect(await room.patch('bob', { spec })).toBe('');
      expect(await room.patch('alice', { spec: { ...spec, bakeTime: '5m' } })).toBe('');
    }
  });
}
