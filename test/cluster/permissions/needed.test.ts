/** Stories in which the controllers are refused nothing, seen from the audit log. Whether each right is needed: `verdict.ts`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HealthCheck } from '../../../src/api/health-check.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import { RolloutGate } from '../../../src/api/rollout-gate.ts';
import { Job } from '../../../src/integrations/batch/job.ts';
import { DatadogMonitor } from '../../../src/integrations/datadog/monitor.ts';
import { ImageRepository } from '../../../src/integrations/flux/image-repository.ts';
import { Kustomization } from '../../../src/integrations/flux/kustomization.ts';
import { RECONCILE_REQUEST } from '../../../src/sandbox/flux/requests.ts';
import { eventually } from '../../support/eventually.ts';
import { GateService } from '../../support/gate-service.ts';
import {
  datadogMonitor,
  deploymentManifests,
  fills,
  gate,
  healthCheck,
  imagePolicy,
  imageRepository,
  jobCheck,
  judgedBy,
  kustomization,
  object,
  ociRepository,
  rollout,
} from '../../support/objects.ts';
import { type ControlPlane, connectionTo, defineDatadog, startControlPlane } from '../control-plane/control-plane.ts';
import { CANCELLING, SHARD } from '../control-plane/flux.ts';
import { answers } from '../control-plane/probe.ts';
import { type Cluster, openClusterAt } from '../support/cluster.ts';
import { type ControllerProcess, startController } from '../support/controller.ts';
import type { ClusterSpace } from '../support/space.ts';
import { controllerUser, readLedger } from './ledger.ts';
import { isRefused, rightOf } from './rights.ts';

let plane: ControlPlane;
let cluster: Cluster;
let controller: ControllerProcess;
const parts = new AsyncDisposableStack();

beforeAll(async () => {
  plane = parts.use(await startControlPlane({ name: 'audited', datadog: false }));
  cluster = parts.use(openClusterAt(connectionTo(plane)));
  controller = parts.use(
    await startController(connectionTo(plane), 'audited-controller', ['--http-gate-hosts=127.0.0.1']),
  );
});
afterAll(() => parts.disposeAsync());

/** What the controllers were refused until now. */
function refused(): ReadonlySet<string | undefined> {
  const events = readLedger('audited').flatMap((volume) => volume.events);
  const theirs = events.filter(({ user }) => user.username === controllerUser);
  return new Set(theirs.filter(isRefused).map(rightOf));
}

const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Widget', plural: 'widgets' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

function secretFor(host: string) {
  const config = JSON.stringify({ auths: { [host]: { username: 'somebody', password: 'something' } } });
  const data = { '.dockerconfigjson': Buffer.from(config).toString('base64') };
  const { apiVersion, kind, metadata } = object('v1', 'Secret', 'registry', {});
  return { apiVersion, kind, metadata, type: 'kubernetes.io/dockerconfigjson', data };
}

/** An application whose manifests follow a Rollout of their own, by the images of another namespace. */
async function deliver(space: ClusterSpace, images: ClusterSpace): Promise<void> {
  await images.put(secretFor(images.world.registryHost));
  const shared = imageRepository('app', space.image());
  const accessFrom = { namespaceSelectors: [{ matchLabels: { 'kubernetes.io/metadata.name': space.namespace } }] };
  const spec = { ...(shared.spec as object), secretRef: { name: 'registry' }, accessFrom };
  await images.put({ ...shared, spec });
  await space.pushManifests(deploymentManifests(space.image()), 'v1.0.0');
  await space.push('v1.0.0');
  const imageRepositoryRef = { name: 'app', namespace: images.namespace };
  const shard = { [SHARD]: CANCELLING };
  const flux = kustomization('app', { targetNamespace: space.namespace }, fills('app'));
  await space.put(
    imagePolicy('app', { imageRepositoryRef }),
    imageRepository('manifests', space.image('manifests')),
    imagePolicy('manifests'),
    ociRepository('app', space.image('manifests'), {}, { annotations: { 'rollout.kuberik.com/rollout': 'manifests' } }),
    { ...flux, metadata: { ...flux.metadata, labels: shard } },
    healthCheck('app'),
    rollout('manifests'),
    rollout('app', judgedBy('app')),
  );
}

/** What `flux reconcile` does. */
async function scan(images: ClusterSpace): Promise<void> {
  await images.patch(ImageRepository, 'app', {
    metadata: { annotations: { [RECONCILE_REQUEST]: `${performance.now()}` } },
  });
}

test('a whole story is refused nothing', async () => {
  const images = await cluster.space('images');
  const space = await cluster.space('story');
  await deliver(space, images);
  await space.reaches(['v1.0.0 Succeeded Automatic']);

  await using service = await GateService.start();
  const http = { url: service.url };
  await space.put(gate('window', 'app', { passing: false }), gate('change', 'app', { class: 'http', http }));
  await space.push('v1.1.0');
  await scan(images);
  await space.says('GatesPassing', 'False', 'SomeGatesBlocking');
  await space.patch(RolloutGate, 'window', { spec: { passing: true } });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  expect(service.asked(space.namespace).map(({ question }) => question.version)).toEqual(['v1.1.0']);

  await space.pushCrashing('v1.2.666');
  await scan(images);
  await eventually(async () => {
    expect((await space.history()).slice(0, 2)).toEqual(['v1.1.0 Succeeded Rollback', 'v1.2.666 Failed Automatic']);
  }, 60_000);

  await space.annotate({ 'force-deploy': 'v1.0.0' });
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.0.0 Succeeded Manual');
    expect((await space.get(Rollout)).metadata.annotations ?? {}).toEqual({});
  });

  // Somebody writes over the version.
  await space.patch(Kustomization, 'app', { spec: { postBuild: { substitute: { VERSION: 'by-hand' } } } });
  await eventually(async () => {
    expect(await space.variables()).toEqual({ VERSION: 'v1.0.0' });
  });
  expect(refused()).toEqual(new Set());
});

test('schedules make, change and delete gates, and are refused nothing', async () => {
  const space = await cluster.space('schedules');
  const { namespace } = space;
  const api = 'kuberik.com/v1alpha1';
  const spec = { rolloutSelector: {}, rules: [{ name: 'freeze' }] };
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  const holds = async (...passing: readonly boolean[]): Promise<void> => {
    await eventually(async () => {
      const { items } = await space.client.list(RolloutGate, { namespace });
      expect(items.map((item) => RolloutGate.parse(item).spec.passing)).toEqual(passing);
    });
  };
  await space.put(
    { ...rollout('app'), metadata: { name: 'app', labels: { app: 'app' } } },
    object(api, 'RolloutSchedule', 'window', spec),
    object(api, 'ClusterRolloutSchedule', 'window', { ...spec, namespaceSelector }),
  );
  await holds(false, false);
  const action = { action: 'Allow' };
  await space.put(object(api, 'RolloutSchedule', 'window', { ...spec, ...action }));
  await space.put(object(api, 'ClusterRolloutSchedule', 'window', { ...spec, ...action, namespaceSelector }));
  await holds(true, true);
  const nothing = { rolloutSelector: { matchLabels: { app: 'none' } } };
  await space.put(object(api, 'RolloutSchedule', 'window', { ...spec, ...nothing }));
  await space.put(object(api, 'ClusterRolloutSchedule', 'window', { ...spec, ...nothing, namespaceSelector }));
  await holds();
  expect(refused()).toEqual(new Set());
});

test('monitors and Jobs judge, and are refused nothing; monitors do so as soon as the cluster knows them', async () => {
  expect(await answers(`http://${controller.health}/readyz`)).toBe(true);
  await defineDatadog(plane.obtained, plane.admin);
  const space = await cluster.space('checks');
  await space.put(
    jobCheck('smoke', { historyLimit: 0 }),
    datadogMonitor('errors', { annotations: { 'kuberik.com/health-check': 'true' } }),
  );
  await space.application(judgedBy('smoke'));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.666');
  await space.reaches(['v1.0.0 Succeeded Rollback', 'v1.1.666 Failed Automatic', 'v1.0.0 Succeeded Automatic']);
  await eventually(async () => {
    expect((await space.client.list(Job, { namespace: space.namespace })).items).toHaveLength(1);
  });

  // A kind that is not there is asked for every half minute.
  const name = 'datadog-check-errors';
  await eventually(() => space.get(HealthCheck, name), 60_000);
  await space.patch(DatadogMonitor, 'errors', { metadata: { annotations: { 'kuberik.com/health-check': null } } });
  await eventually(async () => {
    await expect(space.get(HealthCheck, name)).rejects.toMatchObject({ status: 404 });
  });
  expect(refused()).toEqual(new Set());
});

test('a kind that no role allows is named, with the remedy; the remedy heals, and nobody else is held up', async () => {
  await plane.admin.apply(widgets);
  const space = await cluster.space('widgets');
  const widget = {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'one' },
    spec: { size: '${VERSION}' },
  };
  await eventually(() => space.application({}, { 'widget.yaml': JSON.stringify(widget) }));
  const label = { 'rbac.kuberik.com/aggregate-to-inventory': 'true' };
  await eventually(async () => {
    const { message = '' } = (await space.get(HealthCheck)).status ?? {};
    expect(message).toContain(`${space.namespace}/one (the controller may not read Widget of example.com/v1: `);
    expect(message).toContain(Object.entries(label).map(([key, value]) => `${key}: "${value}"`)[0]);
  });
  expect(refused()).toEqual(new Set(['list widgets.example.com']));
  // A tenant's kind must not take the controller out of service.
  expect(await answers(`http://${controller.health}/readyz`)).toBe(true);

  const rules = [{ apiGroups: ['example.com'], resources: ['widgets'], verbs: ['list', 'watch'] }];
  const metadata = { name: 'widgets-for-kuberik', labels: label };
  await plane.admin.apply({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules });
  await space.reaches(['v1.0.0 Succeeded Automatic'], 'app', 120_000);
});
