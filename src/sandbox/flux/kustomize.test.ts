import { describe, expect, test } from 'vitest';
import { buildManifests, buildPath, hasPath } from './kustomize.ts';

const filesOf = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "host:5000/team/web:1", envFrom: [{configMapRef: {name: settings}}]}]
`;
const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n';
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';

const names = (manifests: readonly Record<string, unknown>[]) =>
  manifests.map((manifest) => `${String(manifest.kind)}/${(manifest.metadata as { name: string }).name}`);

describe('buildManifests', () => {
  test('takes every YAML file below the path when there is no kustomization.yaml', () => {
    const files = filesOf({
      'a/deployment.yaml': deployment,
      'a/deep/config.yml': `---\n${config}---\n`,
      'a/readme.md': '# no',
      'a/unit/kustomization.yaml': 'resources: [only.yaml]',
      'a/unit/only.yaml': namespace,
      'a/unit/not.yaml': 'this: is ignored',
      'b/other.yaml': config,
    });
    expect(names(buildManifests(files, 'a', {}))).toEqual(['ConfigMap/settings', 'Deployment/web', 'Namespace/shop']);
  });

  test('follows files, directories and multi-document YAML in the order they are listed', () => {
    const files = filesOf({
      'prod/kustomization.yaml': 'resources: [../base, extra.yaml]',
      'prod/extra.yaml': namespace,
      'base/kustomization.yaml': 'resources: [all.yaml]',
      'base/all.yaml': `${deployment}---\n${config}`,
    });
    expect(names(buildManifests(files, 'prod', {}))).toEqual([
      'Deployment/web',
      'ConfigMap/settings',
      'Namespace/shop',
    ]);
  });

  test('applies namespace, labels, images and prefix, and lets references follow', () => {
    const files = filesOf({
      'kustomization.yaml': `
resources: [all.yaml]
namePrefix: blue-
commonLabels: {team: shop}
labels: [{pairs: {tier: front}}]
images: [{name: "host:5000/team/web", newTag: "2"}]
`,
      'all.yaml': `${deployment}---\n${config}---\n${namespace}`,
    });
    const [web, settings, shop] = buildManifests(files, '', { namespace: 'prod' });
    expect(web).toMatchObject({
      metadata: { name: 'blue-web', namespace: 'prod', labels: { team: 'shop', tier: 'front' } },
      spec: {
        selector: { matchLabels: { app: 'web', team: 'shop' } },
        template: {
          metadata: { labels: { app: 'web', team: 'shop' } },
          spec: {
            containers: [{ image: 'host:5000/team/web:2', envFrom: [{ configMapRef: { name: 'blue-settings' } }] }],
          },
        },
      },
    });
    expect(settings).toMatchObject({ metadata: { name: 'blue-settings', namespace: 'prod' } });
    expect(shop?.metadata).toEqual({ name: 'shop', labels: { team: 'shop', tier: 'front' } });
  });

  test('images of the Flux Kustomization win, by digest too', () => {
    const files = filesOf({ 'a.yaml': deployment });
    const digest = `sha256:${'a'.repeat(64)}`;
    const [web] = buildManifests(files, '', { images: [{ name: 'host:5000/team/web', newName: 'other/web', digest }] });
    expect(JSON.stringify(web)).toContain(`other/web@${digest}`);
  });

  test.each([
    ['an unsupported field', { 'kustomization.yaml': 'patches: [{patch: x}]' }, 'does not build the field "patches"'],
    ['a missing file', { 'kustomization.yaml': 'resources: [gone.yaml]' }, 'gone.yaml'],
    ['a remote base', { 'kustomization.yaml': 'resources: ["https://example.com/x"]' }, 'does not fetch the remote'],
    ['a way out of the artifact', { 'kustomization.yaml': 'resources: [../../etc]' }, 'leaves the artifact'],
    ['bad YAML', { 'a.yaml': 'a: [1' }, 'failed to decode Kubernetes YAML from a.yaml'],
    ['no Kubernetes object', { 'a.yaml': 'a: 1' }, 'apiVersion, kind and name from a.yaml'],
    ['the same object twice', { 'a.yaml': config, 'b.yaml': config }, 'already registered id'],
    [
      'a cycle',
      { 'kustomization.yaml': 'resources: [a]', 'a/kustomization.yaml': 'resources: [../a]' },
      'refer to each other',
    ],
  ])('refuses %s', (_, files, message) => {
    expect(() => buildManifests(filesOf(files), '', {})).toThrow(message);
  });
});

describe('buildPath', () => {
  test.each([
    [undefined, ''],
    ['./', ''],
    ['./deploy/prod/', 'deploy/prod'],
    ['../../x', 'x'],
  ])('%s is %s', (path, expected) => {
    expect(buildPath(path)).toBe(expected);
  });

  test('knows what is there', () => {
    expect(hasPath(filesOf({ 'a/b.yaml': '' }), 'a')).toBe(true);
    expect(hasPath(filesOf({ 'a/b.yaml': '' }), 'b')).toBe(false);
  });
});
