/** Nobody runs a Job or reads a Secret with the controller's rights that they could not run or read themselves. */
import { expect, test } from 'vitest';
import { applyPatch, Room, type Rule, type Site } from './site.ts';

const writing: Rule = {
  apiGroups: ['kuberik.com'],
  resources: ['rollouts', 'healthchecks'],
  verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
};
const runningJobs: Rule = { apiGroups: ['batch'], resources: ['jobs'], verbs: ['create'] };

const reading = (...resourceNames: string[]): Rule => ({
  apiGroups: [''],
  resources: ['secrets'],
  verbs: ['get'],
  resourceNames,
});

function check(name: string, spec: object, annotations: Record<string, string> = {}): object {
  return { kind: 'HealthCheck', metadata: { name, annotations }, spec };
}

function job(image = 'example.com/smoke:1'): object {
  const spec = { template: { spec: { containers: [{ name: 'smoke', image }] } } };
  return { class: 'job', job: { template: { spec } } };
}

/** A check of each class that reads Secrets, with a Secret, and how it is changed to send it elsewhere. */
const secrets = [
  ['prometheusAlert', 'prometheus-alert', 'secretRef', {}],
  ['prometheusQuery', 'prometheus-query', 'secretRef', { query: 'up', thresholdRange: { min: 1 } }],
  ['http', 'http', 'secretRef', {}],
  ['http', 'http', 'headersSecretRef', {}],
] as const;

/** @throws when the policy is not in force yet */
export async function expectGuarded(room: Room): Promise<void> {
  await room.allow('bob', writing);
  expect(await room.create('bob', 'healthchecks', check('smoke', job()))).toContain('jobs.batch');
}

export function describeChecks(site: () => Site): void {
  test.concurrent('a check that runs a Job takes the right to create Jobs, from whoever makes or changes it', async () => {
    const room = await Room.open(site(), 'check-job');
    await room.allow('alice', writing, runningJobs);
    await room.allow('bob', writing);
    const refused = await room.create('bob', 'healthchecks', check('smoke', job()));
    expect(refused).toMatch(/^403 healthchecks\.kuberik\.com "smoke" is forbidden: /);
    expect(refused).toContain(
      `it takes the verb "create" on jobs.batch, which bob does not have in the namespace ${room.namespace}`,
    );
    expect(await room.create('bob', 'healthchecks', check('plain', { class: 'own' }))).toBe('');
    const path = room.path('healthchecks/plain');
    expect(await room.patch('bob', { spec: job() }, path)).toContain('jobs.batch');
    const applied = { apiVersion: 'kuberik.com/v1alpha1', ...check('applied', job()) };
    const address = `${room.path('healthchecks/applied')}?fieldManager=bob`;
    expect(await room.said('bob', 'PATCH', address, applied, applyPatch)).toContain('jobs.batch');

    expect(await room.create('alice', 'healthchecks', check('smoke', job()))).toBe('');
    const smoke = room.path('healthchecks/smoke');
    expect(await room.patch('bob', { metadata: { labels: { a: 'b' } }, spec: { timeout: '5m' } }, smoke)).toBe('');
    expect(await room.patch('bob', { spec: job('evil.example.com/miner:1') }, smoke)).toContain('jobs.batch');
    expect(await room.patch('bob', { spec: { job: { historyLimit: 1 } } }, smoke)).toContain('jobs.batch');
    expect(await room.patch('alice', { spec: job('example.com/smoke:2') }, smoke)).toBe('');
    // To take it away takes nothing.
    expect(await room.patch('bob', { spec: { class: 'own', job: null } }, smoke)).toBe('');
  });

  test.concurrent.each(secrets)('a check that reads a Secret takes the right to read it: %s %s %s', async (...row) => {
    const [field, name, reference, more] = row;
    const room = await Room.open(site(), `check-${field}-${reference}`.toLowerCase());
    await room.allow('alice', writing, reading('login'));
    await room.allow('bob', writing);
    const options = { url: 'https://example.com', [reference]: { name: 'login' }, ...more };
    const spec = { class: name, [field]: options };
    const refused = await room.create('bob', 'healthchecks', check('outside', spec));
    expect(refused).toContain('you may not have a HealthCheck read the Secret login: it takes the verb "get"');
    const another = { ...spec, [field]: { ...options, [reference]: { name: 'other' } } };
    expect(await room.create('alice', 'healthchecks', check('outside', another))).toContain('read the Secret other');
    expect(await room.create('alice', 'healthchecks', check('outside', spec))).toBe('');

    const path = room.path('healthchecks/outside');
    expect(await room.patch('bob', { spec: { interval: '1m' } }, path)).toBe('');
    // Where the Secret goes is as good as the Secret.
    const elsewhere = { spec: { [field]: { url: 'https://bob.example.com' } } };
    expect(await room.patch('bob', elsewhere, path)).toContain('read the Secret login');
    if (field.startsWith('prometheus')) {
      const annotations = { 'healthcheck.kuberik.com/prometheus-url': 'https://bob.example.com' };
      expect(await room.patch('bob', { metadata: { annotations } }, path)).toContain('read the Secret login');
    }
    expect(await room.patch('alice', elsewhere, path)).toBe('');
    expect(await room.patch('bob', { spec: { [field]: { [reference]: null } } }, path)).toBe('');
    expect(await room.patch('bob', { spec: { [field]: { url: 'https://example.com/bob' } } }, path)).toBe('');
  });
}
