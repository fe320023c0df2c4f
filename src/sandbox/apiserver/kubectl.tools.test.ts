/** The real kubectl against the server: what people type first must work. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { widgetDefinition } from '../../../test/conformance/table/widget.ts';
import { type ApiServer, startApiServer } from './start.ts';

interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('kubectl', () => {
  let server: ApiServer;
  let directory: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    server = await startApiServer({ crds: [widgetDefinition] });
    directory = mkdtempSync(join(tmpdir(), 'kubectl-'));
    const config = join(directory, 'config');
    writeFileSync(config, server.kubeconfig());
    environment = { ...process.env, KUBECONFIG: config, HOME: directory, KUBECACHEDIR: join(directory, 'cache') };
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });

  const run = (args: readonly string[], extra: NodeJS.ProcessEnv = {}): Promise<Output> =>
    new Promise((resolve) => {
      const options = { env: { ...environment, ...extra }, timeout: 30_000 };
      execFile('kubectl', [...args], options, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, out, err });
      });
    });
  const kubectl = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await run(args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${err}`);
    return out;
  };
  const file = (name: string, ...documents: readonly unknown[]): string => {
    const path = join(directory, `${name}.yaml`);
    writeFileSync(path, documents.map((document) => JSON.stringify(document)).join('\n'));
    return path;
  };
  const deployment = (name: string, image: string, replicas?: number): object => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'web', image, ports: [{ containerPort: 80 }] }] },
      },
    },
  });
  const widget = (name: string, spec: object): object => ({
    apiVersion: 'table.example.com/v1',
    kind: 'Widget',
    metadata: { name },
    spec,
  });
  const read = (kind: string, name: string, path: string): Promise<string> =>
    kubectl('get', kind, name, '-o', `jsonpath={${path}}`);

  it('lists what is served', async () => {
    const resources = await kubectl('api-resources');
    expect(resources).toMatch(/deployments +deploy +apps\/v1 +true +Deployment/);
    expect(resources).toMatch(/widgets +wd +table\.example\.com\/v1 +true +Widget/);
    expect(await kubectl('api-versions')).toContain('table.example.com/v1beta2');
    expect(await kubectl('version')).toContain('Server Version: v1.35');
    expect(await kubectl('cluster-info')).toContain('is running at');
  });

  it('explains built-in and custom fields', async () => {
    const image = await kubectl('explain', 'deployment.spec.template.spec.containers.image');
    expect(image).toMatch(/FIELD: image <string>\s+DESCRIPTION:\s+<empty>\s*$/);
    const widgetSpec = await kubectl('explain', 'widget.spec');
    expect(widgetSpec).toMatch(/size\s+<integer> -required-/);
    expect(widgetSpec).toContain('What a widget is like.');
    expect(await kubectl('explain', 'deployment.spec', '--recursive')).toContain('progressDeadlineSeconds');
  });

  it('creates by generator: bodies in protocol buffers', async () => {
    await kubectl('create', 'namespace', 'made');
    await kubectl('create', 'configmap', 'made', '--from-literal=a=1');
    await kubectl('create', 'secret', 'generic', 'made', '--from-literal=a=1');
    await kubectl('create', 'deployment', 'made', '--image=example/web:1', '--replicas=2', '--port=80');
    await kubectl('create', 'job', 'made', '--image=example/job', '--', 'echo', 'hi');
    await kubectl('create', 'cronjob', 'made', '--image=example/job', '--schedule=* * * * *');
    await kubectl('create', 'service', 'clusterip', 'made', '--tcp=80:8080');
    await kubectl('create', 'serviceaccount', 'made');
    await kubectl('create', 'role', 'made', '--verb=get,list', '--resource=pods');
    await kubectl('create', 'rolebinding', 'made', '--role=made', '--serviceaccount=default:made');
    await kubectl('run', 'made', '--image=example/web:1', '--env=A=b');
    expect(await read('configmap', 'made', '.data.a')).toBe('1');
    expect(await read('secret', 'made', '.data.a')).toBe('MQ==');
    expect(await read('deployment', 'made', '.spec.replicas')).toBe('2');
    expect(await read('job', 'made', '.spec.template.spec.containers[0].command')).toBe('["echo","hi"]');
    expect(await read('service', 'made', '.spec.ports[0].targetPort')).toBe('8080');
    expect(await read('pod', 'made', '.spec.containers[0].env[0].value')).toBe('b');
    expect(await read('role', 'made', '.rules[0].verbs')).toBe('["get","list"]');
    expect(await kubectl('get', 'all')).toMatch(/deployment\.apps\/made +0\/2/);
  });

  it('applies, and takes out what the manifest no longer has', async () => {
    const first = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data: { a: '1', b: '2' } };
    expect(await kubectl('apply', '-f', file('cm', first))).toContain('created');
    expect(await kubectl('apply', '-f', file('cm', first))).toContain('unchanged');
    const second = file('cm', { ...first, data: { a: '1' } });
    const diff = await run(['diff', '-f', second]);
    expect(diff.code).toBe(1);
    expect(diff.out).toMatch(/^-\s+b: "2"$/m);
    expect(await kubectl('apply', '-f', second)).toContain('configured');
    expect(await read('configmap', 'applied', '.data')).toBe('{"a":"1"}');
    expect((await run(['diff', '-f', second])).code).toBe(0);
  });

  it('applies workloads and custom resources client-side', async () => {
    await kubectl('apply', '-f', file('d', deployment('cs', 'example/web:1'), widget('cs', { size: 1 })));
    const changed = file('d', deployment('cs', 'example/web:2', 3), widget('cs', { size: 2 }));
    expect(await kubectl('apply', '-f', changed)).toMatch(/deployment.*configured\nwidget.*configured/);
    expect(await read('deployment', 'cs', '.spec.template.spec.containers[*].image')).toBe('example/web:2');
    expect(await read('widget', 'cs', '.spec.size')).toBe('2');
    expect(await kubectl('apply', '-f', changed)).toMatch(/deployment.*unchanged\nwidget.*unchanged/);
    expect(await kubectl('apply', '-f', changed, '--dry-run=server')).toContain('(server dry run)');
  });

  it('applies server-side, with conflicts and force', async () => {
    const manifest = file('ssa', deployment('ssa', 'example/web:1', 1));
    expect(await kubectl('apply', '--server-side', '-f', manifest)).toContain('serverside-applied');
    await kubectl('scale', 'deployment', 'ssa', '--replicas=4');
    const refused = await run(['apply', '--server-side', '-f', manifest]);
    expect(refused.code).not.toBe(0);
    expect(refused.err).toMatch(/conflict with "kubectl" with subresource "scale".*: \.spec\.replicas/);
    await kubectl('apply', '--server-side', '--force-conflicts', '-f', manifest);
    expect(await read('deployment', 'ssa', '.spec.replicas')).toBe('1');
    expect(await kubectl('diff', '--server-side', '-f', manifest)).toBe('');
  });

  it('shows why an object is refused', async () => {
    const wrong = await run(['create', '-f', file('wrong', widget('wrong', { size: 99 }))]);
    expect(wrong.err).toContain('The Widget "wrong" is invalid: spec: Invalid value');
    expect(wrong.err).toContain('size must not exceed limit');
    const typo = await run(['create', '-f', file('typo', widget('typo', { size: 1, sise: 2 }))]);
    expect(typo.err).toContain('strict decoding error: unknown field "spec.sise"');
    const builtIn = await run(['apply', '-f', file('typo', { ...deployment('typo', 'x'), spek: {} })]);
    expect(builtIn.err).toContain('unknown field "spek"');
    const warned = await run(['create', '--validate=warn', '-f', file('typo', widget('typo', { size: 1, sise: 2 }))]);
    expect(warned).toMatchObject({ code: 0, err: expect.stringContaining('Warning: unknown field "spec.sise"') });
  });

  it('edits, patches, annotates and labels', async () => {
    await kubectl('create', 'configmap', 'edited', '--from-literal=a=before');
    const editor = join(directory, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\nsed -i s/before/after/ "$1"\n', { mode: 0o755 });
    const edited = await run(['edit', 'configmap', 'edited'], { KUBE_EDITOR: editor });
    expect(edited.out).toContain('edited');
    expect(await read('configmap', 'edited', '.data.a')).toBe('after');
    await kubectl('patch', 'configmap', 'edited', '-p', '{"data":{"b":"2"}}');
    await kubectl('patch', 'configmap', 'edited', '--type=json', '-p', '[{"op":"remove","path":"/data/a"}]');
    await kubectl('patch', 'configmap', 'edited', '--type=merge', '-p', '{"data":{"c":"3"}}');
    expect(await read('configmap', 'edited', '.data')).toBe('{"b":"2","c":"3"}');
    await kubectl('annotate', 'configmap', 'edited', 'example.com/note=x');
    await kubectl('label', 'configmap', 'edited', 'tier=web');
    expect(await kubectl('get', 'configmap', '-l', 'tier=web', '-o', 'name')).toBe('configmap/edited\n');
    await kubectl('label', 'configmap', 'edited', 'tier-');
    expect(await kubectl('get', 'configmap', '-l', 'tier=web', '-o', 'name')).toBe('');
  });

  it('sets images, scales and tells of rollouts', async () => {
    await kubectl('apply', '-f', file('roll', deployment('roll', 'example/web:1', 2)));
    await kubectl('set', 'image', 'deployment/roll', 'web=example/web:3');
    await kubectl('rollout', 'restart', 'deployment/roll');
    expect(await read('deployment', 'roll', '.spec.template.spec.containers[0].image')).toBe('example/web:3');
    await kubectl('scale', 'deployment/roll', '--replicas=5', '--current-replicas=2');
    expect(await read('deployment', 'roll', '.spec.replicas')).toBe('5');
    await kubectl('apply', '-f', file('scaled', widget('scaled', { size: 1, replicas: 1 })));
    await kubectl('scale', 'widget/scaled', '--replicas=2');
    expect(await read('widget', 'scaled', '.spec.replicas')).toBe('2');
    await kubectl('describe', 'deployment', 'roll');
  });

  it('prints tables, wide tables, YAML and JSONPath', async () => {
    await kubectl('apply', '-f', file('shown', deployment('shown', 'example/web:1'), widget('shown', { size: 7 })));
    expect(await kubectl('get', 'deploy', 'shown', '-o', 'wide')).toMatch(
      /NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\nshown +0\/1 +0 +0 +\d+s +web +example\/web:1 +app=shown/,
    );
    expect(await kubectl('get', 'wd', 'shown')).toMatch(/NAME +SIZE +PHASE +AGE\nshown +7 +\d+s/);
    expect(await kubectl('get', 'widgets.v1beta2.table.example.com', 'shown', '-o', 'yaml')).toContain(
      'apiVersion: table.example.com/v1beta2',
    );
    expect(
      await kubectl('get', 'wd,deploy', '-o', 'custom-columns=N:.metadata.name', '--sort-by=.metadata.name'),
    ).toContain('shown');
    expect(await kubectl('get', 'namespaces')).toMatch(/default +Active/);
  });

  it('waits and watches', async () => {
    const created = kubectl('wait', 'widget/waited', '--for=create', '--timeout=20s');
    await kubectl('apply', '-f', file('waited', widget('waited', { size: 1 })));
    await created;
    const waiting = kubectl('wait', 'widget/waited', '--for=jsonpath={.status.phase}=Ready', '--timeout=20s');
    await kubectl(
      'patch',
      'widget',
      'waited',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"phase":"Ready"}}',
    );
    await waiting;
    const watch = spawn('kubectl', ['get', 'configmap', '-w', '-o', 'name', '--field-selector=metadata.name=seen'], {
      env: environment,
    });
    // The end of a line may come by itself.
    const line = once(createInterface(watch.stdout), 'line');
    await kubectl('create', 'configmap', 'seen');
    expect(await line).toEqual(['configmap/seen']);
    const ended = new Promise((resolve) => watch.once('exit', resolve));
    watch.kill();
    await ended;
    const gone = kubectl('wait', 'configmap/seen', '--for=delete', '--timeout=20s');
    await kubectl('delete', 'configmap', 'seen');
    await gone;
  });

  it.each(['background', 'foreground', 'orphan'])('deletes with --cascade=%s', async (cascade) => {
    const owner = `owner-${cascade}`;
    await kubectl('create', 'configmap', owner);
    const uid = await read('configmap', owner, '.metadata.uid');
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid, blockOwnerDeletion: true }];
    const child = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${owner}-child`, ownerReferences } };
    await kubectl('apply', '-f', file('child', child));
    await kubectl('delete', 'configmap', owner, `--cascade=${cascade}`, '--timeout=20s');
    const left = await kubectl('get', 'configmap', '-o', 'name');
    expect(left).not.toContain(`configmap/${owner}\n`);
    expect(left.includes(`${owner}-child`)).toBe(cascade === 'orphan');
  });

  it('deletes by manifest, by selector and by namespace', async () => {
    const manifest = file('doomed', deployment('doomed', 'x'), widget('doomed', { size: 1 }));
    await kubectl('apply', '-f', manifest);
    expect(await kubectl('delete', '-f', manifest)).toMatch(/"doomed" deleted/);
    await kubectl('create', 'namespace', 'doomed');
    await kubectl('create', 'configmap', 'inside', '-n', 'doomed');
    await kubectl('delete', 'configmap', '--all', '-n', 'doomed');
    await kubectl('delete', 'namespace', 'doomed', '--timeout=20s');
    expect(await run(['get', 'namespace', 'doomed'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('namespaces "doomed" not found'),
    });
    await kubectl('delete', 'widget', 'doomed', '--ignore-not-found');
  });

  it('shows events, old and new', async () => {
    await kubectl('create', 'configmap', 'about');
    const uid = await read('configmap', 'about', '.metadata.uid');
    const about = { apiVersion: 'v1', kind: 'ConfigMap', name: 'about', namespace: 'default', uid };
    const event = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'about.1', namespace: 'default' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      type: 'Normal',
      reason: 'Tested',
      action: 'Test',
      note: 'it works',
      regarding: about,
      reportingController: 'example.com/test',
      reportingInstance: 'one',
    };
    await kubectl('create', '-f', file('event', event));
    expect(await kubectl('events', '--for', 'configmap/about')).toMatch(/Normal +Tested +ConfigMap\/about +it works/);
    expect(await kubectl('get', 'events', '--field-selector=involvedObject.name=about')).toContain('configmap/about');
    expect(await kubectl('describe', 'configmap', 'about')).toContain('it works');
  });

  it('answers who may do what', async () => {
    expect(await kubectl('auth', 'can-i', 'create', 'deployments')).toBe('yes\n');
    expect(await kubectl('auth', 'whoami')).toContain('kubernetes-admin');
  });

  it('replaces, and takes manifests from kustomizations', async () => {
    const map = (a: string): object => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'replaced' },
      data: { a },
    });
    await kubectl('create', '-f', file('replaced', map('1')));
    await kubectl('replace', '-f', file('replaced', map('2')));
    expect(await read('configmap', 'replaced', '.data.a')).toBe('2');
    await kubectl('replace', '--force', '-f', file('replaced', map('3')));
    expect(await read('configmap', 'replaced', '.data.a')).toBe('3');
    writeFileSync(join(directory, 'kustomization.yaml'), 'resources: [replaced.yaml]\nnamePrefix: k-\n');
    await kubectl('apply', '-k', directory);
    expect(await read('configmap', 'k-replaced', '.data.a')).toBe('3');
  });

  it('prunes with an apply set', async () => {
    const map = (name: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
    const apply = (...names: readonly string[]): Promise<Output> =>
      run(['apply', '--prune', '--applyset=set', '-n', 'default', '-f', file('set', ...names.map(map))], {
        KUBECTL_APPLYSET: 'true',
      });
    expect((await apply('set-a', 'set-b')).err).toBe('');
    expect((await apply('set-a')).out).toContain('configmap/set-b pruned');
  });
});
