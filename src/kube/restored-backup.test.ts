/**
 * After a restore of etcd a watch says nothing until the API server comes to the revision that it knows: processes that
 * went on decided by what was no longer true.
 */
import { expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { createKubeClient } from './http-client.ts';
import { Informers } from './informers.ts';
import { LeaderLease, leaseName } from './lease.ts';
import { silentLogger } from './logger.ts';
import { createFakeClock } from './testing/fake-clock.ts';
import { startScriptedServer } from './testing/scripted-server.ts';
import { Widget, widget, widgetList, widgetsPath } from './testing/widget.ts';

const leasePath = `/apis/coordination.k8s.io/v1/namespaces/kuberik-system/leases/${leaseName}`;

function leaseOf(holderIdentity: string, resourceVersion: string) {
  const metadata = { name: leaseName, namespace: 'kuberik-system', resourceVersion };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: { holderIdentity } };
}

it.each(['me', 'another'])('a process that sees a lease of the past, held by %s, ends', async (holder) => {
  await using server = await startScriptedServer();
  const clock = createFakeClock('2026-05-01T00:00:00Z');
  const client = createKubeClient({ cluster: server.cluster, clock: systemClock });
  let lease = leaseOf(holder, '1000');
  server.on('GET', leasePath, (_, reply) => {
    reply.json(200, lease);
  });
  server.on('PUT', leasePath, (_, reply) => {
    lease = leaseOf('me', String(Number(lease.metadata.resourceVersion) + 1));
    reply.json(200, lease);
  });
  const options = { client, clock, random: () => 0, logger: silentLogger, identity: 'me', namespace: 'kuberik-system' };
  const candidate = new LeaderLease(options);
  const stop = new AbortController();
  let ended: unknown;
  const life = candidate.acquire(stop.signal).then(() => candidate.hold(stop.signal));
  life.catch((error: unknown) => {
    ended = error;
  });
  await server.until(() => server.requests.length >= 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  lease = leaseOf(holder, '998');
  for (let step = 0; step < 200 && ended === undefined; step++) {
    await clock.advance(250);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  stop.abort();
  expect(ended).toMatchObject({ code: 'KBK_KUBE_LEASE_LOST' });
  await client.close();
});

it('a watch that has fallen silent is followed by a list', async () => {
  await using server = await startScriptedServer();
  const clock = createFakeClock();
  const client = createKubeClient({ cluster: server.cluster, clock: systemClock });
  await using informers = {
    all: new Informers({ client, clock, random: () => 0, freeze: true }),
    async [Symbol.asyncDispose]() {
      await this.all.stop();
      await client.close();
    },
  };
  server.on('WATCH', widgetsPath, (_, reply) => void reply.stream());
  server.on('GET', widgetsPath, (_, reply) => {
    reply.json(200, widgetList([widget('a', '900')], '1000'));
  });
  const { informer } = informers.all.acquire(Widget);
  await informer.ready(10_000);
  await server.until(() => server.watches.length === 1);
  server.on('GET', widgetsPath, (_, reply) => {
    reply.json(200, widgetList([widget('a', '800')], '850'));
  });
  const version = () => informer.get({ namespace: 'default', name: 'a' })?.metadata.resourceVersion;
  for (let step = 0; step < 190 && version() !== '800'; step++) {
    await clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(version()).toBe('800');
});
