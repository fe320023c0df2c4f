/** Flux objects that are suspended, wrong, emptied or made anew: Kuberik says what is the matter, and goes on afterwards. */
import { expect, test } from 'vitest';
import { OCI_REPOSITORY_ROLLOUT } from '../../../src/api/annotations.ts';
import { HealthCheck } from '../../../src/api/health-check.ts';
import { ImageRepository } from '../../../src/integrations/flux/image-repository.ts';
import { Kustomization } from '../../../src/integrations/flux/kustomization.ts';
import { OCIRepository } from '../../../src/integrations/flux/oci-repository.ts';
import { RECONCILE_REQUEST } from '../../../src/sandbox/flux/requests.ts';
import { eventually } from '../../support/eventually.ts';
import {
  configManifests,
  fills,
  healthCheck,
  imagePolicy,
  imageRepository,
  judgedBy,
  kustomization,
  ociRepository,
  rollout,
} from '../../support/objects.ts';
import { sharedCluster } from '../support/cluster.ts';
import type { ClusterSpace } from '../support/space.ts';

const cluster = sharedCluster();

async function verdict(space: ClusterSpace): Promise<string> {
  const { status, message } = (await space.get(HealthCheck)).status ?? {};
  return `${status}: ${message}`;
}

test.concurrent('a suspended Kustomization', async () => {
  const space = await cluster().space('suspended');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.patch(Kustomization, 'app', { spec: { suspend: true } });
  const subject = `Kustomization.kustomize.toolkit.fluxcd.io ${space.namespace}/app`;
  expect(await space.says('Progressing', 'False', 'WaitingForTarget')).toBe(
    `${subject} is suspended: Flux leaves it as it is; resume it: flux resume kustomization app`,
  );
  await space.push('v1.1.0');
  await eventually(async () => {
    expect(await space.history()).toEqual(['v1.1.0 Deploying Automatic', 'v1.0.0 Succeeded Automatic']);
    expect(await verdict(space)).toBe('Pending: Waiting for Flux to apply v1.1.0: the Kustomization is suspended');
  });
  await space.says('Progressing', 'False', 'WaitingForTarget');
  await space.patch(Kustomization, 'app', { spec: { suspend: false } });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.says('Progressing', 'False', 'UpToDate');
});

test.concurrent('a suspended source', async () => {
  const space = await cluster().space('suspended-source');
  const release = (tag: string) => space.pushManifests({ 'config.yaml': configMap(tag) }, tag);
  await release('v1.0.0');
  const more = { annotations: { [OCI_REPOSITORY_ROLLOUT]: 'app' } };
  await space.put(
    imageRepository('app', space.image('manifests')),
    imagePolicy('app'),
    ociRepository('app', space.image('manifests'), { ref: { tag: 'v0.0.0' } }, more),
    kustomization('app', { targetNamespace: space.namespace }),
    healthCheck('app'),
    rollout('app', judgedBy('app')),
  );
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.patch(OCIRepository, 'app', { spec: { suspend: true } });
  await release('v1.1.0');
  const subject = `OCIRepository.source.toolkit.fluxcd.io ${space.namespace}/app`;
  expect(await space.says('Progressing', 'False', 'WaitingForTarget')).toBe(
    `${subject} is suspended: Flux leaves it as it is; resume it: flux resume source oci app`,
  );
  expect((await space.get(OCIRepository)).spec.ref?.tag).toBe('v1.1.0');
  await space.patch(OCIRepository, 'app', { spec: { suspend: false } });
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

const configMap = (tag: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app\ndata:\n  version: "${tag}"\n`;

test.concurrent('a suspended ImageRepository brings no release, until it is resumed', async () => {
  const space = await cluster().space('suspended-scan');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.patch(ImageRepository, 'app', { spec: { suspend: true } });
  await space.push('v1.1.0');
  // Flux writes down that it has seen the change, and does not scan.
  await eventually(async () => {
    const { metadata, status } = await space.get(ImageRepository);
    expect(status).toMatchObject({ lastScanResult: { tagCount: 1 } });
    expect(metadata.annotations).toHaveProperty([RECONCILE_REQUEST]);
  });
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  await space.patch(ImageRepository, 'app', { spec: { suspend: false } });
  // Else Flux waits for its next interval: `flux resume` asks for a scan too.
  await space.scan('app');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('a variable that the manifests want and nobody fills fails the build, with its name', async () => {
  const space = await cluster().space('unfilled');
  await space.application({}, configManifests(['VERSION', 'OTHER']));
  await eventually(async () => {
    expect(await verdict(space)).toMatch(/^Unhealthy: Kustomization unhealthy: BuildFailed: .*OTHER/);
  });
  expect(await space.says('Ready', 'False', 'BakeTimeFailed')).toContain('HealthCheck');
  await space.patch(Kustomization, 'app', { spec: { postBuild: { substitute: { OTHER: 'set' } } } });
  await eventually(async () => {
    expect(await verdict(space)).toMatch(/^Healthy: /);
  });
  await space.annotate({ retry: '' });
  await eventually(async () => {
    expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
  });
  expect(await space.variables()).toEqual({ OTHER: 'set', VERSION: 'v1.0.0' });
});

test.concurrent('a variable that somebody removes is written again', async () => {
  const space = await cluster().space('removed');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.patch(Kustomization, 'app', { spec: { postBuild: null } });
  await eventually(async () => {
    expect(await space.variables()).toEqual({ VERSION: 'v1.0.0' });
  });
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);
});

test.concurrent('a Kustomization that is deleted and made anew gets the version that is deployed', async () => {
  const space = await cluster().space('anew');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.push('v1.1.0');
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.remove(Kustomization, 'app');
  await space.gone(Kustomization);
  expect(await space.says('TargetsUpdated', 'False', 'NoTargets')).toContain('nothing is deployed');
  await eventually(async () => {
    expect(await verdict(space)).toBe(`Unhealthy: Kustomization not found: ${space.namespace}/app not found`);
  });
  await space.put(kustomization('app', { targetNamespace: space.namespace }, fills('app')));
  await eventually(async () => {
    expect(await space.variables()).toEqual({ VERSION: 'v1.1.0' });
    expect(await verdict(space)).toMatch(/^Healthy: /);
  });
  await space.says('TargetsUpdated', 'True', 'TargetsUpdated');
  expect(await space.history()).toEqual(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});
