/**
 * What releases cost: N Rollouts of one image, each with a Kustomization of its own, get a new release at the same time.
 * Counts requests by verb and kind, and takes the time until the last target carries the version. API server, registry
 * and controllers share one process, so times and memory are an upper bound; the counts are exact.
 * Run: `npm run --silent bench -- 500`
 */
import { crdObjects } from '../src/api/crds.ts';
import type { KubeObject } from '../src/api/meta.ts';
import { Rollout } from '../src/api/rollout.ts';
import { addControllers } from '../src/controllers/production.ts';
import { ImagePolicy } from '../src/integrations/flux/image-policy.ts';
import { ImageRepository } from '../src/integrations/flux/image-repository.ts';
import { Kustomization } from '../src/integrations/flux/kustomization.ts';
import { systemClock as clock } from '../src/kube/clock.ts';
import { openCluster } from '../src/kube/cluster.ts';
import { createKubeClient } from '../src/kube/http-client.ts';
import { silentLogger } from '../src/kube/logger.ts';
import { Manager } from '../src/kube/manager.ts';
import { pushImage } from '../src/oci/push.ts';
import { createRegistry } from '../src/oci/registry-client.ts';
import { startApiServer } from '../src/sandbox/apiserver/start.ts';
import { fluxDefinitions } from '../src/sandbox/crds/flux-definitions.ts';
import { startRegistry } from '../src/sandbox/registry/start-registry.ts';

const count = Number(process.argv[2] ?? 500);
const namespace = 'default';
const quietFor = 2_000;
const signal = AbortSignal.timeout(300_000);

await using parts = new AsyncDisposableStack();
const api = await startApiServer({ clock, crds: [...crdObjects(), ...fluxDefinitions] });
parts.defer(() => api.close());
const registry = parts.use(await startRegistry({ clock }));
const images = parts.use(createRegistry({ clock }));
const admin = createKubeClient({ cluster: openCluster(api.url), clock, userAgent: 'admin' });
parts.defer(() => admin.close());

const requests = new Map<string, number>();
let lastRequest = 0;
const client = createKubeClient({
  cluster: openCluster(api.url),
  clock,
  userAgent: 'kuberik-controller',
  onRequest: (verb, plural, subresource, status) => {
    lastRequest = performance.now();
    const name = [verb, subresource ? `${plural}/${subresource}` : plural, status].join(' ');
    requests.set(name, (requests.get(name) ?? 0) + 1);
  },
});
parts.defer(() => client.close());

/** Sixteen at once. */
async function forEach(work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

const object = (
  type: { apiVersion: string; kind: string },
  name: string,
  spec: object,
  annotations: Record<string, string> = {},
): KubeObject => ({ apiVersion: type.apiVersion, kind: type.kind, metadata: { name, namespace, annotations }, spec });

async function choose(index: number, tag: string): Promise<void> {
  const body = { status: { latestRef: { name: `${registry.host}/bench/app`, tag } } };
  await admin.patch(
    ImagePolicy,
    { namespace, name: `policy-${index}` },
    { type: 'merge', body },
    { subresource: 'status' },
  );
}

async function arrange(): Promise<void> {
  for (const tag of ['1.0.0', '1.1.0']) {
    await pushImage(images.transport, { repository: `${registry.host}/bench/app`, tag, files: { tag } }, signal);
  }
  const image = { image: `${registry.host}/bench/app`, interval: '1m', insecure: true };
  await admin.create(ImageRepository, object(ImageRepository, 'app', image));
  await forEach(async (index) => {
    const policy = { imageRepositoryRef: { name: 'app' }, policy: { semver: { range: '>=1.0.0' } } };
    const from = { [`rollout.kuberik.com/substitute.VERSION.from`]: `rollout-${index}` };
    const flux = { interval: '10m', prune: true, sourceRef: { kind: 'OCIRepository', name: 'app' } };
    await admin.create(ImagePolicy, object(ImagePolicy, `policy-${index}`, policy));
    await choose(index, '1.0.0');
    await admin.create(Kustomization, object(Kustomization, `app-${index}`, flux, from));
    const spec = { releasesImagePolicy: { name: `policy-${index}` } };
    await admin.create(Rollout, object(Rollout, `rollout-${index}`, spec));
  });
}

async function carried(tag: string): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { items } = await admin.list(Kustomization);
    const all = items.map((item) => Kustomization.parse(item));
    if (all.every(({ spec }) => spec.postBuild?.substitute?.VERSION === tag)) return;
    await clock.sleep(50, signal);
  }
}

async function quiet(): Promise<void> {
  while (performance.now() - lastRequest < quietFor) await clock.sleep(100, signal);
}

function start(): () => Promise<void> {
  const manager = new Manager({ client, clock, logger: silentLogger });
  addControllers(manager, { client, registry: images });
  const stop = new AbortController();
  const ended = manager.run(stop.signal);
  return async () => {
    stop.abort();
    await ended;
  };
}

async function measure(title: string, work: () => Promise<void>): Promise<void> {
  requests.clear();
  const asked = registry.requests.length;
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const took = performance.now() - began;
  await quiet();
  const { user, system } = process.cpuUsage(cpu);
  console.log(`\n${title}`);
  console.log(`  done after               ${(took / 1000).toFixed(2)} s`);
  const last = requests.size === 0 ? 'none' : `${((lastRequest - began) / 1000).toFixed(2)} s`;
  console.log(`  last request after       ${last}`);
  console.log(`  CPU, servers included    ${((user + system) / 1e6).toFixed(2)} s`);
  console.log(`  resident memory          ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
  console.log(`  registry requests        ${registry.requests.length - asked}`);
  for (const [name, times] of [...requests].sort()) console.log(`  ${name.padEnd(32)} ${times}`);
}

await arrange();
let stop = start();
await measure(`${count} Rollouts, first deployment`, () => carried('1.0.0'));
await measure(`${count} Rollouts, a new release at the same time`, async () => {
  await forEach((index) => choose(index, '1.1.0'));
  await carried('1.1.0');
});
await measure('idle for 5 s', () => clock.sleep(5_000, signal));
await stop();
await measure('restart with nothing to do', async () => {
  stop = start();
  await clock.sleep(3_000, signal);
});
await stop();
