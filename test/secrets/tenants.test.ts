/** Whoever may write in one namespace cannot make the controllers use what another one keeps secret. */
import { expect, test } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { Job } from '../../src/integrations/batch/job.ts';
import { CONTROLLER_AGENT } from '../../src/sandbox/sandbox.ts';
import { eventually } from '../support/eventually.ts';
import { gate, imagePolicy, imageRepository, jobCheck, object, rollout } from '../support/objects.ts';
import { sharedWorld } from '../support/world.ts';
import { HostileService } from './hostile-service.ts';

const world = sharedWorld();

/** Secrets that the controllers asked for, as `namespace/name`. */
function asked(): readonly string[] {
  const paths = world().requests.filter(({ userAgent }) => userAgent === CONTROLLER_AGENT);
  return paths.flatMap(({ url }) => {
    const [, namespace, name] = /\/namespaces\/([^/]+)\/secrets\/?([^?]*)/.exec(url) ?? [];
    return namespace === undefined ? [] : [`${namespace}/${name ?? ''}`];
  });
}

const secret = (name: string, stringData: Readonly<Record<string, string>>) => ({
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name } },
  stringData,
});

test('names lead to Secrets of the own namespace alone, and images to those of others with their leave', async () => {
  await using service = await HostileService.start(world().registryHost);
  const [vault, tenant] = await Promise.all(['vault', 'tenant'].map((name) => world().space(name)));
  if (vault === undefined || tenant === undefined) throw new Error('there are two');
  const config = JSON.stringify({ auths: { [service.host]: { username: 'vault', password: 'of-the-vault-alone' } } });
  const image = `${service.host}/vault/basic/ok`;
  await vault.push('v1.0.0');
  const closed = imageRepository('closed', image);
  const others = { namespaceSelectors: [{ matchLabels: { team: 'somebody-else' } }] };
  const withSecret = { ...(closed.spec as object), secretRef: { name: 'pull' } };
  await vault.put(
    secret('access', { username: 'vault', password: 'of-the-vault-alone', Authorization: 'Bearer of-the-vault-alone' }),
    secret('pull', { '.dockerconfigjson': config }),
    { ...closed, spec: withSecret },
    { ...imageRepository('picky', image), spec: { ...withSecret, accessFrom: others } },
  );
  const url = service.url('ok');
  const ref = { name: 'access' };
  const checks = [
    ['http', 'http', { url, secretRef: ref }],
    ['headers', 'http', { url, headersSecretRef: ref }],
    ['alert', 'prometheus-alert', { url, secretRef: ref }],
    ['query', 'prometheus-query', { url, query: 'up', thresholdRange: { max: 1 }, secretRef: ref }],
    // A name is no path.
    ['path', 'http', { url, secretRef: { name: '../../vault/secrets/access' } }],
    ['slash', 'http', { url, headersSecretRef: { name: 'vault/access' } }],
  ] as const;
  const field = { http: 'http', 'prometheus-alert': 'prometheusAlert', 'prometheus-query': 'prometheusQuery' };
  await tenant.put(
    ...['closed', 'picky'].map((name) => imagePolicy(name, { imageRepositoryRef: { name, namespace: 'vault' } })),
    imageRepository('app', tenant.image()),
    imagePolicy('app'),
    ...checks.map(([name, healthClass, options]) => {
      const spec = { class: healthClass, interval: '1s', [field[healthClass]]: options };
      return object('kuberik.com/v1alpha1', 'HealthCheck', name, spec, { labels: { app: 'app' } });
    }),
    jobCheck('smoke', {
      spec: { template: { spec: { serviceAccountName: 'of-the-vault', containers: [{ name: 'a', image: 'b' }] } } },
    }),
    gate('service', 'app', { class: 'http', http: { url, headersSecretRef: ref } }),
    gate('certificate', 'app', { class: 'http', http: { url, caSecretRef: ref } }),
  );
  await tenant.push('v1.0.0');
  await tenant.put(
    rollout('app', { bakeTime: '1s', healthCheckSelector: { matchLabels: { app: 'app' } } }),
    rollout('closed'),
    rollout('picky'),
    rollout('jobs', { releasesImagePolicy: { name: 'app' }, healthCheckSelector: { matchLabels: { app: 'smoke' } } }),
  );
  await eventually(async () => {
    for (const name of ['service', 'certificate']) {
      expect((await tenant.get(RolloutGate, name)).status?.conditions).toMatchObject([{ reason: 'SecretNotFound' }]);
    }
    for (const name of ['closed', 'picky']) {
      const message = await tenant.condition('ReleasesUpdated', name);
      expect(message?.message).toContain(`vault/${name} does not let namespace tenant use it`);
    }
  });
  // Past the gates, so that the checks look.
  await tenant.annotate({ 'bypass-gates': 'v1.0.0' });
  await eventually(async () => {
    for (const [name] of checks) {
      const { status } = await tenant.get(HealthCheck, name);
      expect(status?.conditions, name).toMatchObject([{ type: 'Ready', status: 'False', reason: 'SecretNotFound' }]);
    }
  });
  const secrets = asked();
  expect(secrets).toContain('tenant/access');
  expect(secrets.filter((key) => !key.startsWith('tenant/'))).toEqual([]);
  expect([...service.received.values()].join()).not.toContain('of-the-vault-alone');
  // A Job runs where its check is, with an account of that namespace, whatever it is called.
  await eventually(async () => {
    const { items } = await world().client.list(Job, {});
    const namespaces = (items as readonly KubeObject[]).map(({ metadata }) => metadata.namespace);
    expect(new Set(namespaces)).toEqual(new Set(['tenant']));
  });

  // With leave the same image is read, by the Secret of whoever gave it.
  await vault.patch(await vault.typeOf(closed), 'closed', { spec: { accessFrom: { namespaceSelectors: [{}] } } });
  await eventually(() => {
    expect(asked()).toContain('vault/pull');
  });
});
