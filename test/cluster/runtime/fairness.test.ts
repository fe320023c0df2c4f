/** An API server that has next to no room for us: priority and fairness answers most requests with 429. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/meta.ts';
import type { ResourceType } from '../../../src/api/resource-type.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { systemClock } from '../../../src/kube/clock.ts';
import { createKubeClient } from '../../../src/kube/http-client.ts';
import { createLiveReader } from '../../../src/kube/live-reader.ts';
import { silentLogger } from '../../../src/kube/logger.ts';
import { Manager } from '../../../src/kube/manager.ts';
import { ownSource } from '../../../src/kube/reconciler.ts';
import { eventually } from '../../support/eventually.ts';
import { everything, serviceAccount, tokenOf } from './support/people.ts';
import { ownPlane, runtimeClient } from './support/plane.ts';
import { ApiProxy, type Passed } from './support/proxy.ts';
import { ConfigMap, change, clusterScoped, each, numbered, setting } from './support/settings.ts';

const namespace = 'crowded';
// Forty seats in all, of which a share of one is one.
const plane = ownPlane('runtime-fairness', {
  apiServerFlags: ['--max-requests-inflight=20', '--max-mutating-requests-inflight=20'],
});

const flowControl = 'flowcontrol.apiserver.k8s.io/v1';
const PriorityLevel = clusterScoped(flowControl, 'PriorityLevelConfiguration', 'prioritylevelconfigurations');
const FlowSchema = clusterScoped(flowControl, 'FlowSchema', 'flowschemas');

/** One request at a time, one more in line, and 429 for the rest. */
async function squeeze(client: KubeClient, name: string): Promise<void> {
  const create = (type: ResourceType, spec: unknown): Promise<KubeObject> =>
    client.create(type, { apiVersion: type.apiVersion, kind: type.kind, metadata: { name }, spec });
  const shares = { nominalConcurrencyShares: 1, lendablePercent: 0, borrowingLimitPercent: 0 };
  const limitResponse = { type: 'Queue', queuing: { queues: 1, handSize: 1, queueLengthLimit: 1 } };
  await create(PriorityLevel, { type: 'Limited', limited: { ...shares, limitResponse } });
  const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true };
  const subjects = [{ kind: 'ServiceAccount', serviceAccount: { namespace: 'default', name } }];
  const rules = [{ subjects, resourceRules: [all] }];
  await create(FlowSchema, { priorityLevelConfiguration: { name }, matchingPrecedence: 2, rules });
}

/** The same request again, sooner than it was told to. */
function tooEarly(requests: readonly Passed[]): string[] {
  return requests.flatMap(({ method, path, status, retryAfter, answeredAt = 0 }, index) => {
    const next = requests.slice(index + 1).find((each) => each.method === method && each.path === path);
    if (status !== 429 || retryAfter === undefined || next === undefined) return [];
    const waited = next.at - answeredAt;
    return waited < retryAfter * 1000 ? [`${method} ${path}: after ${waited} ms of ${retryAfter} s`] : [];
  });
}

test('every object is worked on in the end, and nobody asks again before the time that a 429 names', async () => {
  await using admin = runtimeClient(plane());
  const { admin: person } = plane();
  await person.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await serviceAccount(plane(), 'squeezed', [everything]);
  const names = numbered(120);
  await each(names, 16, (name) => admin.create(ConfigMap, setting(name, namespace)));
  await squeeze(admin, 'squeezed');
  await using proxy = await ApiProxy.start(plane(), await tokenOf(plane(), 'squeezed'));
  const client = createKubeClient({ cluster: proxy.cluster, clock: systemClock });
  await eventually(async () => {
    const burst = names.slice(0, 30).map((name) => client.get(ConfigMap, { namespace, name }));
    const refusals = (await Promise.allSettled(burst)).filter(({ status }) => status === 'rejected');
    expect(refusals).not.toEqual([]);
    const [{ reason }] = refusals as [PromiseRejectedResult];
    expect(reason).toMatchObject({ status: 429, disposition: { kind: 'waitUntil' } });
  });

  const manager = new Manager({ client, clock: systemClock, logger: silentLogger, namespaces: [namespace] });
  manager.add(({ client: tracking, reader }) => ({
    name: 'writer',
    watches: [ownSource(ConfigMap)],
    reconciler: {
      async reconcile({ name }) {
        const object = await reader.get(ConfigMap, { namespace, name });
        if (object?.data?.value === 'first') await change(tracking, namespace, name, 'done');
        return {};
      },
    },
  }));
  proxy.requests.length = 0;
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  await eventually(
    async () => {
      const objects = await createLiveReader(admin).list(ConfigMap, { namespace });
      expect(objects.map(({ data }) => data?.value)).toEqual(names.map(() => 'done'));
    },
    150_000,
    500,
  );
  stop.abort();
  await running;
  await client.close();
  expect(proxy.requests.filter(({ status }) => status === 429).length).toBeGreaterThan(10);
  expect(tooEarly(proxy.requests)).toEqual([]);
});
