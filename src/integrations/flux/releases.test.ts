import { beforeEach, describe, expect, it, test } from 'vitest';
import { Rollout, type RolloutStatus } from '../../api/rollout.ts';
import { parseTag, type Tag } from '../../api/tag.ts';
import type { ReleaseObservation } from '../../core/observation.ts';
import { createLiveReader } from '../../kube/live-reader.ts';
import { createFakeClock, type FakeClock } from '../../kube/testing/fake-clock.ts';
import { createReleaseMemory, type ReleaseMemory } from './release-memory.ts';
import { observeReleases } from './releases.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';
import { digestOf, ScriptedRegistry } from './testing/scripted-registry.ts';

const image = 'ghcr.io/team/app';
let cluster: MemoryCluster;
let registry: ScriptedRegistry;
let clock: FakeClock;
let memory: ReleaseMemory;

beforeEach(() => {
  cluster = new MemoryCluster();
  registry = new ScriptedRegistry();
  clock = createFakeClock('2026-01-01T12:00:00Z');
  memory = createReleaseMemory();
  putRepository({});
});

function putPolicy(
  latest: string | undefined,
  more: { digest?: string; ready?: string; namespace?: string; spec?: object } = {},
): MemoryCluster {
  return cluster.put({
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImagePolicy',
    metadata: { namespace: 'team', name: 'app' },
    spec: {
      imageRepositoryRef: { name: 'app', ...(more.namespace && { namespace: more.namespace }) },
      policy: { semver: { range: '>=1.0.0' } },
      ...more.spec,
    },
    status: {
      ...(latest && { latestRef: { name: image, tag: latest, ...(more.digest && { digest: more.digest }) } }),
      conditions: [{ type: 'Ready', status: more.ready ?? 'True', message: 'no tags match' }],
    },
  });
}

function putRepository({
  namespace = 'team',
  revision = 'r1',
  ...spec
}: {
  namespace?: string;
  revision?: string;
  [field: string]: unknown;
}): MemoryCluster {
  return cluster.put({
    apiVersion: 'image.toolkit.fluxcd.io/v1',
    kind: 'ImageRepository',
    metadata: { namespace, name: 'app', generation: 1 },
    spec: { image, ...spec },
    status: { lastScanResult: { revision } },
  });
}

interface Look {
  readonly status?: RolloutStatus;
  readonly wanted?: readonly string[];
  readonly carried?: readonly string[];
  readonly spec?: object;
  readonly name?: string;
}

async function look({ status, wanted = [], carried = [], spec, name = 'app' }: Look = {}): Promise<ReleaseObservation> {
  const rollout = Rollout.parse({
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'Rollout',
    metadata: { namespace: 'team', name },
    spec: { releasesImagePolicy: { name: 'app' }, ...spec },
    ...(status && { status }),
  });
  const reader = createLiveReader(cluster);
  const request = {
    reader,
    live: reader,
    registry,
    clock,
    memory,
    rollout,
    wanted: wanted.map(parseTag),
    carried: carried.map(parseTag),
  };
  return observeReleases(request, new AbortController().signal);
}

const known = (...tags: string[]): RolloutStatus => ({
  availableReleases: tags.map((tag) => ({ tag: parseTag(tag), digest: digestOf(tag) })),
});
const deployed = (tag: string, ...tags: string[]): RolloutStatus => ({
  ...known(...tags),
  history: [{ version: { tag: parseTag(tag) }, timestamp: '2026-01-01T00:00:00Z' }],
});
const failing = (status: RolloutStatus, reason = 'RegistryUnavailable'): RolloutStatus => ({
  ...status,
  conditions: [
    { type: 'ReleasesUpdated', status: 'False', reason, message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
  ],
});
const tagsOf = (observation: ReleaseObservation): Tag[] => [...observation.metadata.keys()];

describe('the policy', () => {
  test.each<[string, () => unknown, object]>([
    [
      'absent',
      () => undefined,
      {
        policyFault: {
          reason: 'ImagePolicyNotFound',
          message: expect.stringMatching(/^ImagePolicy\.image\.toolkit\.fluxcd\.io team\/app not found: create it/),
        },
      },
    ],
    [
      'in error',
      () => putPolicy(undefined, { ready: 'False' }),
      {
        policyFault: { reason: 'ImagePolicyNotReady', message: expect.stringMatching(/is not ready: no tags match$/) },
      },
    ],
    [
      'unreadable',
      () => putPolicy('1.0.0', { spec: { policy: 5 } }),
      { policyFault: { reason: 'ImagePolicyNotReady' } },
    ],
    [
      'in error, but it chose a release before',
      () => putPolicy('1.0.0', { ready: 'False' }),
      { latest: { tag: '1.0.0' }, fault: { reason: 'ImagePolicyNotReady' } },
    ],
    [
      'with an invalid range',
      () => putPolicy('1.0.0', { spec: { policy: { semver: { range: 'x y' } } } }),
      {
        latest: { tag: '1.0.0' },
        fault: { reason: 'ImagePolicyNotReady', message: expect.stringMatching(/"x y" is not a version range/) },
      },
    ],
  ])('%s', async (_name, arrange, expected) => {
    arrange();
    expect(await look({ status: known('1.0.0') })).toMatchObject(expected);
    expect(registry.requests).toEqual([]);
  });

  it('without a release yet is no fault', async () => {
    putPolicy(undefined);
    const observation = await look({ status: known('1.0.0', '0.9.0') });
    expect(observation).toEqual({
      admitted: ['1.0.0'],
      ranked: ['0.9.0', '1.0.0'],
      metadata: new Map(),
      unknownTags: new Set(),
    });
  });
});

describe('the registry', () => {
  it('is not asked when the newest release is recorded', async () => {
    putPolicy('1.1.0');
    const observation = await look({ status: deployed('1.0.0', '1.0.0', '1.1.0') });
    expect(observation.latest).toEqual({ tag: '1.1.0', digest: digestOf('1.1.0') });
    expect(observation.admitted).toEqual(['1.0.0', '1.1.0']);
    expect(observation.fault).toBeUndefined();
    expect(registry.requests).toEqual([]);
  });

  it('is asked once when the policy went back to an older release: the newer one may be gone (A6)', async () => {
    registry.push(['1.0.0', '1.1.0']);
    putPolicy('1.1.0', { digest: digestOf('1.1.0') });
    const status = deployed('1.0.0', '1.0.0', '1.1.0', '1.2.0');
    const { hasTag, ranked } = await look({ status });
    expect([hasTag?.(parseTag('1.2.0')), ranked]).toEqual([false, ['1.0.0', '1.1.0', '1.2.0']]);
    await look({ status });
    expect(registry.requests).toHaveLength(1);
  });

  it('tells every release between the deployed and the newest one (A6), reading each manifest once', async () => {
    registry.push(['1.0.0', '1.2.0', '1.10.0', 'dev', '2.0.0-rc.1', '1.1.0']);
    putPolicy('1.10.0', { digest: digestOf('1.10.0') });
    const observation = await look({ status: deployed('1.0.0', '1.0.0') });
    expect(observation.admitted).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.10.0']);
    expect(tagsOf(observation)).toEqual(['1.10.0', '1.2.0', '1.1.0']);
    expect(observation.latest).toEqual({
      tag: '1.10.0',
      digest: digestOf('1.10.0'),
      version: '1.10.0',
      created: '2026-01-01T00:00:00Z',
    });
    expect(observation.artifact?.source).toBe('https://example.com/app');
    expect(observation.hasTag?.(parseTag('dev'))).toBe(true);
    expect(registry.requests).toEqual([
      `list ${image}`,
      `read ${image} ${digestOf('1.10.0')}`,
      `read ${image} 1.2.0`,
      `read ${image} 1.1.0`,
    ]);
  });

  it('is asked once for all Rollouts of an image', async () => {
    registry.push(['1.0.0', '1.1.0']);
    putPolicy('1.1.0');
    await Promise.all(['a', 'b', 'c'].map((name) => look({ name, status: deployed('1.0.0', '1.0.0') })));
    await look({ name: 'd' });
    expect(registry.requests).toEqual([`list ${image}`, `read ${image} 1.1.0`]);
  });

  it('reads at most twenty manifests beside the newest', async () => {
    registry.push(Array.from({ length: 60 }, (_, index) => `1.${index}.0`));
    putPolicy('1.59.0');
    const observation = await look({ status: deployed('1.0.0', '1.0.0') });
    expect(observation.admitted).toHaveLength(60);
    expect(tagsOf(observation)).toHaveLength(21);
    expect(tagsOf(observation)[20]).toBe('1.39.0');
  });

  it('is asked about a moved tag, and about nothing else', async () => {
    registry.push(['1.0.0'], 'new');
    putPolicy('1.0.0', { digest: digestOf('1.0.0', 'new') });
    const observation = await look({ status: deployed('1.0.0', '1.0.0') });
    expect(observation.latest).toMatchObject({ tag: '1.0.0', digest: digestOf('1.0.0', 'new'), version: '1.0.0' });
    expect(registry.requests).toEqual([`list ${image}`, `read ${image} ${digestOf('1.0.0', 'new')}`]);
  });

  it('verifies what a person asks for, and looks again for what is not there', async () => {
    registry.push(['0.5.0', '1.0.0']);
    putPolicy('1.0.0');
    const query = { status: deployed('1.0.0', '1.0.0'), wanted: ['0.5.0', '9.9.9', '1.0.0'] };
    const observation = await look(query);
    expect([...observation.unknownTags]).toEqual(['9.9.9']);
    expect(tagsOf(observation)).toEqual(['0.5.0']);
    expect(observation.refreshAt?.toString()).toBe('2026-01-01T12:01:00Z');
    await look(query);
    expect(registry.requests).toHaveLength(2);
    registry.push(['9.9.9']);
    await clock.advance(60_000);
    expect([...(await look(query)).unknownTags]).toEqual([]);
  });

  it('verifies what targets carry, to adopt it, only as long as there is no history', async () => {
    registry.push(['0.5.0', '1.0.0']);
    putPolicy('1.0.0');
    expect(tagsOf(await look({ status: known('1.0.0'), carried: ['0.5.0'] }))).toEqual(['0.5.0']);
    registry.requests.length = 0;
    await look({ status: deployed('1.0.0', '1.0.0'), carried: ['0.5.0'] });
    expect(registry.requests).toEqual([]);
  });

  it('rests after a failure, longer each time, and then fills in what was missed (B17)', async () => {
    registry.push(['1.0.0', '1.1.0', '1.2.0']);
    registry.failure = { code: 'KBK_OCI_UNAVAILABLE' };
    putPolicy('1.2.0');
    const first = await look({ status: deployed('1.0.0', '1.0.0') });
    expect(first).toMatchObject({ latest: { tag: '1.2.0' }, fault: { reason: 'RegistryUnavailable' } });
    expect(first.fault?.retryAt?.toString()).toBe('2026-01-01T12:00:30Z');
    expect(first.unknownTags.size).toBe(0);
    const status = failing({
      ...deployed('1.0.0', '1.0.0'),
      availableReleases: [{ tag: parseTag('1.0.0'), digest: digestOf('1.0.0') }, { tag: parseTag('1.2.0') }],
    });
    await look({ status });
    expect(registry.requests).toHaveLength(1);
    await clock.advance(30_000);
    expect((await look({ status })).fault?.retryAt?.toString()).toBe('2026-01-01T12:01:30Z');
    registry.failure = undefined;
    await clock.advance(60_000);
    const healed = await look({ status });
    expect(healed.fault).toBeUndefined();
    expect(tagsOf(healed)).toEqual(['1.1.0', '1.2.0']);
    expect(healed.latest).toMatchObject({ version: '1.2.0' });
  });

  it('obeys Retry-After up to an hour', async () => {
    registry.failure = { code: 'KBK_OCI_RATE_LIMITED', retryAt: clock.now().add({ minutes: 5 }) };
    putPolicy('1.0.0');
    expect((await look()).fault?.retryAt?.toString()).toBe('2026-01-01T12:05:00Z');
    memory = createReleaseMemory();
    registry.failure = { code: 'KBK_OCI_RATE_LIMITED', retryAt: clock.now().add({ hours: 500 }) };
    expect((await look()).fault?.retryAt?.toString()).toBe('2026-01-01T13:00:00Z');
  });

  it('is read again by spec.releaseUpdateInterval, not at the start', async () => {
    registry.push(['1.0.0']);
    putPolicy('1.0.0');
    const query = { status: deployed('1.0.0', '1.0.0'), spec: { releaseUpdateInterval: '5m' } };
    expect((await look(query)).refreshAt?.toString()).toBe('2026-01-01T12:05:00Z');
    expect(registry.requests).toEqual([]);
    await clock.advance(300_000);
    registry.push(['1.0.1']);
    const observation = await look(query);
    expect(observation.admitted).toEqual(['1.0.0', '1.0.1']);
    expect(observation.refreshAt?.toString()).toBe('2026-01-01T12:10:00Z');
    await look(query);
    expect(registry.requests.filter((request) => request.startsWith('list'))).toHaveLength(1);
  });
});

describe('access', () => {
  const secret = (name: string, data: Record<string, string>) =>
    cluster.put({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: 'team', name },
      data: Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
      ),
    });

  it('is as the ImageRepository says', async () => {
    registry.push(['1.0.0']);
    putPolicy('1.0.0');
    putRepository({
      secretRef: { name: 'pull' },
      certSecretRef: { name: 'tls' },
      proxySecretRef: { name: 'proxy' },
      insecure: true,
    });
    secret('pull', {
      '.dockerconfigjson': JSON.stringify({ auths: { 'https://ghcr.io/': { username: 'me', password: 'hush' } } }),
    });
    secret('tls', { 'ca.crt': 'CA', 'tls.crt': 'CERT', 'tls.key': 'KEY' });
    secret('proxy', { address: 'http://proxy:3128', username: 'u', password: 'p' });
    expect((await look()).fault).toBeUndefined();
    expect(registry.access).toEqual({
      credentials: { username: 'me', password: 'hush' },
      certificateAuthority: 'CA',
      clientCertificate: { certificate: 'CERT', key: 'KEY' },
      insecure: true,
      proxy: 'http://u:p@proxy:3128/',
    });
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'a missing Secret',
      () => putRepository({ secretRef: { name: 'pull' } }),
      /^Secret team\/pull, which spec.secretRef of ImageRepository.* names, does not exist: create it/,
    ],
    [
      'a Secret that may not be read',
      () => (putRepository({ secretRef: { name: 'pull' } }), cluster.failures.set('get Secret team/pull', 403)),
      /may not be read by the controller: allow it to get Secrets/,
    ],
    [
      'a Secret that is no Docker config',
      () => (putRepository({ secretRef: { name: 'pull' } }), secret('pull', { '.dockerconfigjson': 'hush' })),
      /Secret team\/pull/,
    ],
    [
      'a cloud provider',
      () => putRepository({ provider: 'aws' }),
      /provider "aws" is not supported for reading tags and metadata; releases still come/,
    ],
    [
      'C11 another namespace without its leave',
      () => (putPolicy('1.0.0', { namespace: 'vault' }), putRepository({ namespace: 'vault' })),
      /vault\/app does not let namespace team use it: add its labels to spec.accessFrom/,
    ],
    [
      'C11 another namespace that lets others',
      () => (
        putPolicy('1.0.0', { namespace: 'vault' }),
        putRepository({ namespace: 'vault', accessFrom: { namespaceSelectors: [{ matchLabels: { a: 'c' } }] } })
      ),
      /does not let namespace team/,
    ],
  ])('%s is a fault, and releases still flow', async (_name, arrange, message) => {
    putPolicy('1.0.0');
    cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team', labels: { a: 'b' } } });
    arrange();
    const observation = await look();
    expect(observation.latest).toEqual({ tag: '1.0.0' });
    expect(observation.fault).toMatchObject({
      reason: 'RegistryAccessDenied',
      message: expect.stringMatching(message),
    });
    expect(observation.fault?.message).not.toContain('hush');
    expect(registry.requests).toEqual([]);
  });

  it('is granted by labels of the namespace', async () => {
    registry.push(['1.0.0']);
    putPolicy('1.0.0', { namespace: 'vault' });
    putRepository({ namespace: 'vault', accessFrom: { namespaceSelectors: [{ matchLabels: { a: 'b' } }] } });
    cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team', labels: { a: 'b' } } });
    expect((await look()).fault).toBeUndefined();
  });

  it('to nothing is a fault', async () => {
    cluster.delete('image.toolkit.fluxcd.io/v1', 'ImageRepository', { namespace: 'team', name: 'app' });
    putPolicy('1.0.0');
    expect((await look()).fault?.reason).toBe('ImageRepositoryNotFound');
  });
});
