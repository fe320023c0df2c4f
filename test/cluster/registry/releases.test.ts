/** The whole look at releases, as the controller does it, over each registry: the policy's news, the list, the manifests. */
import { describe, expect, test } from 'vitest';
import { Rollout } from '../../../src/api/rollout.ts';
import { parseTag } from '../../../src/api/tag.ts';
import { createReleaseMemory } from '../../../src/integrations/flux/release-memory.ts';
import { observeReleases } from '../../../src/integrations/flux/releases.ts';
import { MemoryCluster } from '../../../src/integrations/flux/testing/memory-cluster.ts';
import { systemClock } from '../../../src/kube/clock.ts';
import { createLiveReader } from '../../../src/kube/live-reader.ts';
import { pushImage } from '../../../src/oci/push.ts';
import { imageApi } from '../../support/objects.ts';
import { registryNames } from '../control-plane/registries.ts';
import { eachRegistry, type Host, pathOf, signal } from './registries.ts';

const registry = eachRegistry();

/** Namespace `team` with the Flux objects of `app`, as they are when Flux has scanned. */
function scanned(image: string, latest: string): MemoryCluster {
  const cluster = new MemoryCluster();
  const metadata = { namespace: 'team', name: 'app', generation: 1 };
  cluster.put({
    apiVersion: imageApi,
    kind: 'ImageRepository',
    metadata,
    spec: { image, insecure: true },
    status: { lastScanResult: { revision: latest } },
  });
  cluster.put({
    apiVersion: imageApi,
    kind: 'ImagePolicy',
    metadata,
    spec: { imageRepositoryRef: { name: 'app' }, policy: { semver: { range: '>=1.0.0' } } },
    status: { latestRef: { name: image, tag: latest }, conditions: [{ type: 'Ready', status: 'True' }] },
  });
  return cluster;
}

function look({ client }: Host, cluster: MemoryCluster, deployed: string, wanted: readonly string[] = []) {
  const reader = createLiveReader(cluster);
  const rollout = Rollout.parse({
    apiVersion: Rollout.apiVersion,
    kind: 'Rollout',
    metadata: { namespace: 'team', name: 'app' },
    spec: { releasesImagePolicy: { name: 'app' } },
    status: { history: [{ id: 1, version: { tag: deployed }, timestamp: '2026-01-01T12:00:00Z' }] },
  });
  const memory = createReleaseMemory();
  const more = { clock: systemClock, memory, rollout, wanted: wanted.map(parseTag) };
  return observeReleases({ reader, live: reader, registry: client, ...more }, signal);
}

describe.concurrent.each(registryNames)('%s', (name) => {
  test('finds the releases between the deployed one and the newest, in the order of the policy', async () => {
    const host = registry(name);
    const repository = host.repository('releases');
    const digests = new Map<string, string>();
    const annotationsOf = (tag: string) => ({ 'org.opencontainers.image.version': tag.slice(1) });
    for (const tag of ['v1.0.0', 'v1.10.0', 'v1.9.0', 'v2.0.0-rc.1', 'v0.9.0', 'edge']) {
      const content = { repository, tag, files: { version: tag }, annotations: annotationsOf(tag) };
      digests.set(tag, await pushImage(host.client.transport, content, signal));
    }
    const fallback = (digests.get('v1.0.0') ?? '').replace(':', '-');
    await pushImage(host.client.transport, { repository, tag: fallback, files: { signature: 'of v1.0.0' } }, signal);

    const cluster = scanned(repository, 'v1.10.0');
    const observed = await look(host, cluster, 'v1.0.0', ['v2.0.0-rc.1', 'v3.0.0']);
    expect(observed.fault).toBeUndefined();
    expect(observed.admitted).toEqual(['v1.0.0', 'v1.9.0', 'v1.10.0']);
    expect(observed.latest).toMatchObject({ tag: 'v1.10.0', digest: digests.get('v1.10.0'), version: '1.10.0' });
    expect([...observed.metadata.keys()].toSorted()).toEqual(['v1.10.0', 'v1.9.0', 'v2.0.0-rc.1']);
    expect(observed.unknownTags).toEqual(new Set(['v3.0.0']));
    expect(observed.hasTag?.(parseTag('edge'))).toBe(true);
    expect(observed.hasTag?.(parseTag(fallback))).toBe(false);
  });

  test('a release that is gone since Flux saw it is a fault with a name, and another look at a time', async () => {
    const host = registry(name);
    const repository = host.repository('gone');
    await pushImage(host.client.transport, { repository, tag: 'v1.0.0', files: {} }, signal);
    const content = { repository, tag: 'v1.1.0', files: { version: 'v1.1.0' } };
    const digest = await pushImage(host.client.transport, content, signal);
    if (host.traits.deletesTags) await host.ask('DELETE', `${pathOf(repository)}/manifests/v1.1.0`);
    await host.ask('DELETE', `${pathOf(repository)}/manifests/${digest}`);
    const observed = await look(host, scanned(repository, 'v1.1.0'), 'v1.0.0');
    expect(observed.fault).toMatchObject({ reason: 'RegistryAccessDenied' });
    expect(observed.fault?.message).toContain(`${repository}:v1.1.0`);
    expect(observed.fault?.retryAt).toBeDefined();
    expect(observed.latest).toEqual({ tag: 'v1.1.0' });
  });

  test('a repository that is not there is a fault with a name', async () => {
    const host = registry(name);
    const repository = host.repository('nowhere');
    const observed = await look(host, scanned(repository, 'v1.0.0'), 'v0.9.0');
    expect(observed.fault).toMatchObject({ reason: 'RegistryAccessDenied' });
    expect(observed.fault?.message).toContain(repository);
    expect(observed.hasTag).toBeUndefined();
  });
});
