import { beforeEach, describe, expect, it } from 'vitest';
import { Rollout } from '../../api/rollout.ts';
import { parseTag } from '../../api/tag.ts';
import { createLiveReader } from '../../kube/live-reader.ts';
import { convergeTarget } from './converge.ts';
import { Kustomization } from './kustomization.ts';
import { OCIRepository } from './oci-repository.ts';
import { observeTargets } from './targets.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

const signal = new AbortController().signal;
const key = { namespace: 'team', name: 'app' };
let cluster: MemoryCluster;
beforeEach(() => {
  cluster = new MemoryCluster();
});

function rollout(name: string): Rollout {
  return Rollout.parse({
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace: 'team' },
    spec: { releasesImagePolicy: { name: 'app' } },
  });
}

function kustomization(
  from: Record<string, string>,
  substitute: Record<string, string>,
  managedFields: unknown[] = [],
) {
  return {
    apiVersion: Kustomization.apiVersion,
    kind: 'Kustomization',
    metadata: {
      ...key,
      generation: 1,
      annotations: Object.fromEntries(
        Object.entries(from).map(([name, value]) => [`rollout.kuberik.com/substitute.${name}.from`, value]),
      ),
      managedFields,
    },
    spec: { interval: '1m', path: './', postBuild: { substitute } },
  };
}

function repository(ref: Record<string, string>, annotation = 'app') {
  return {
    apiVersion: OCIRepository.apiVersion,
    kind: 'OCIRepository',
    metadata: { ...key, generation: 1, annotations: { 'rollout.kuberik.com/rollout': annotation } },
    spec: { interval: '1m', url: 'oci://registry/app', ref },
  };
}

function legacy(...variables: string[]) {
  const owned = Object.fromEntries(variables.map((variable) => [`f:${variable}`, {}]));
  return {
    manager: 'rollout-controller',
    operation: 'Apply',
    apiVersion: Kustomization.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { 'f:postBuild': { 'f:substitute': owned } } },
  };
}

async function converge(name: string, tag: string): Promise<string[]> {
  const targets = await observeTargets(createLiveReader(cluster), rollout(name));
  const results: string[] = [];
  for (const target of targets) {
    results.push(
      await convergeTarget({
        client: cluster,
        rolloutName: name,
        namespace: 'team',
        target,
        tag: parseTag(tag),
        signal,
      }),
    );
  }
  return results;
}

const substituted = async () => (await cluster.get(Kustomization, key)).spec.postBuild?.substitute;
const managers = async () => (await cluster.get(Kustomization, key)).managers;

describe('targets', () => {
  it('are every annotated field of the namespace, by kind, name and field', async () => {
    cluster.put(kustomization({ B: 'app', A: 'app', C: 'other' }, { A: '1.0.0' }));
    cluster.put(repository({ tag: '0.9.0' }));
    cluster.put({
      ...repository({ tag: '1' }),
      metadata: { ...key, name: 'z', deletionTimestamp: 'now', annotations: { 'rollout.kuberik.com/rollout': 'app' } },
    });
    cluster.put({
      ...repository({ tag: '1' }),
      metadata: { namespace: 'elsewhere', name: 'app', annotations: { 'rollout.kuberik.com/rollout': 'app' } },
    });
    const together = ['spec.postBuild.substitute.A', 'spec.postBuild.substitute.B'];
    expect(await observeTargets(createLiveReader(cluster), rollout('app'))).toEqual([
      { kind: 'Kustomization', name: 'app', field: together[0], together, carries: '1.0.0', claimed: false },
      { kind: 'Kustomization', name: 'app', field: together[1], together, carries: undefined, claimed: false },
      { kind: 'OCIRepository', name: 'app', field: 'spec.ref.tag', carries: '0.9.0', claimed: false },
    ]);
  });

  it.each(['digest', 'semver'])('say that spec.ref.%s outranks the tag, and the remedy', async (field) => {
    cluster.put(repository({ tag: '1.0.0', [field]: 'x' }));
    const [target] = await observeTargets(createLiveReader(cluster), rollout('app'));
    expect(target?.fault?.reason).toBe('TargetOutranked');
    expect(target?.fault?.message).toContain(
      `OCIRepository.source.toolkit.fluxcd.io team/app: spec.ref.${field} outranks`,
    );
    expect(target?.fault?.message).toContain(`remove spec.ref.${field}`);
  });

  it("of two Rollouts are nobody's", async () => {
    cluster.put(repository({ tag: '1.0.0' }, 'app, web'));
    cluster.put(kustomization({ A: 'app,web', B: 'app' }, {}));
    const targets = await observeTargets(createLiveReader(cluster), rollout('app'));
    expect(targets.map((target) => target.fault?.reason)).toEqual(['TargetFailed', undefined, 'TargetFailed']);
    expect(await converge('app', '2.0.0')).toEqual(['unchanged', 'applied', 'unchanged']);
    expect(await substituted()).toEqual({ B: '2.0.0' });
  });
});

describe('convergeTarget', () => {
  it('writes just the field, as the manager of the Rollout, and then nothing any more', async () => {
    cluster.put(repository({ tag: '1.0.0' }));
    expect(await converge('app', '2.0.0')).toEqual(['applied']);
    const written = await cluster.get(OCIRepository, key);
    expect(written.spec.ref).toEqual({ tag: '2.0.0' });
    expect(written.spec.url).toBe('oci://registry/app');
    expect(written.managers).toEqual({ tag: ['kuberik-rollout/app'] });
    expect(await converge('app', '2.0.0')).toEqual(['unchanged']);
    expect(cluster.writes).toEqual(['apply OCIRepository team/app']);
  });

  it('keeps every variable of one Rollout, and those of others (A4, C10)', async () => {
    cluster.put(kustomization({ A: 'app', B: 'app', C: 'web' }, { OWN: 'x' }));
    await converge('app', '1.0.0');
    await converge('web', '7.0.0');
    await converge('app', '2.0.0');
    expect(await substituted()).toEqual({ OWN: 'x', A: '2.0.0', B: '2.0.0', C: '7.0.0' });
    expect(await managers()).toEqual({
      A: ['kuberik-rollout/app'],
      B: ['kuberik-rollout/app'],
      C: ['kuberik-rollout/web'],
    });
    const { length } = cluster.writes;
    await converge('app', '2.0.0');
    await converge('web', '7.0.0');
    expect(cluster.writes).toHaveLength(length);
  });

  it('repairs drift', async () => {
    cluster.put(kustomization({ A: 'app' }, {}));
    await converge('app', '1.0.0');
    const drifted = await cluster.get(Kustomization, key);
    cluster.put({ ...drifted, spec: { ...drifted.spec, postBuild: { substitute: { A: 'by-hand' } } } });
    expect(await converge('app', '1.0.0')).toEqual(['applied']);
    expect(await substituted()).toEqual({ A: '1.0.0' });
  });

  it("takes over from the Go controller once, leaving other Rollouts' variables in its entry", async () => {
    cluster.put(kustomization({ A: 'app', B: 'web' }, { A: '1.0.0', B: '7.0.0', OWN: 'x' }, [legacy('A', 'B', 'OWN')]));
    expect(await converge('app', '1.0.0')).toEqual(['applied']);
    expect(await managers()).toEqual({
      A: ['kuberik-rollout/app'],
      B: ['rollout-controller'],
      OWN: ['rollout-controller'],
    });
    expect(await substituted()).toEqual({ A: '1.0.0', B: '7.0.0', OWN: 'x' });
    cluster.requests.length = 0;
    expect(await converge('app', '1.0.0')).toEqual(['unchanged']);
    expect(cluster.writes).toEqual([]);
    await converge('web', '7.0.0');
    await converge('app', '2.0.0');
    expect(await substituted()).toEqual({ A: '2.0.0', B: '7.0.0', OWN: 'x' });
    expect(await managers()).toEqual({
      A: ['kuberik-rollout/app'],
      B: ['kuberik-rollout/web'],
      OWN: ['rollout-controller'],
    });
  });

  it('finishes a take-over that lost a race at the next pass', async () => {
    cluster.put(kustomization({ A: 'app' }, { A: '1.0.0' }, [legacy('A')]));
    cluster.failures.set('patch Kustomization team/app', 422);
    expect(await converge('app', '1.0.0')).toEqual(['applied']);
    cluster.failures.clear();
    expect(await converge('app', '1.0.0')).toEqual(['applied']);
    expect(await managers()).toEqual({ A: ['kuberik-rollout/app'] });
    expect(await converge('app', '1.0.0')).toEqual(['unchanged']);
  });

  it('says that the object is gone, and hands on what the API server refuses', async () => {
    cluster.put(kustomization({ A: 'app' }, {}));
    const [target] = await observeTargets(createLiveReader(cluster), rollout('app'));
    const request = {
      client: cluster,
      rolloutName: 'app',
      namespace: 'team',
      target: target!,
      tag: parseTag('1.0.0'),
      signal,
    };
    cluster.failures.set('apply Kustomization team/app', 422);
    await expect(convergeTarget(request)).rejects.toMatchObject({ status: 422 });
    cluster.failures.clear();
    cluster.delete(Kustomization.apiVersion, 'Kustomization', key);
    expect(await convergeTarget(request)).toBe('gone');
  });
});
