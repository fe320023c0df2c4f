/** What a user does with `deploy/kustomize` on a cluster that has never seen Kuberik. The steps are one story. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts';
import { shipped } from '../support/controller.ts';
import { base, type InstalledDeployment, kubectlOf, type Manifest, type Probe } from './installation.ts';

let plane: ControlPlane;
let kubectl: ReturnType<typeof kubectlOf>;
const namespace = ['-n', 'kuberik-system'];
const ours = 'app.kubernetes.io/name=kuberik';

beforeAll(async () => {
  plane = await startControlPlane({ name: 'install', flux: false, install: false });
  kubectl = kubectlOf(plane);
});
afterAll(() => plane[Symbol.asyncDispose]());

/** What stands in the folder, as the API server has it. */
async function installed(): Promise<readonly Manifest[]> {
  const list = JSON.parse(await kubectl('get', '-k', base, '-o', 'json')) as { items: Manifest[] };
  return list.items;
}

/** Changes with every write, whatever was written. */
async function versions(): Promise<readonly string[]> {
  return (await installed()).map(({ kind, metadata }) => `${kind}/${metadata.name} ${metadata.resourceVersion}`);
}

/** Somebody else writes these rules, so that an apply must leave them alone. */
async function aggregated(): Promise<void> {
  await eventually(async () => {
    const rules = await kubectl('get', 'clusterrole', 'kuberik-inventory', '-o', 'jsonpath={.rules[*].resources}');
    expect(rules).toContain('deployments');
  });
}

function lines(text: string): readonly string[] {
  return text.trim().split('\n');
}

test('kubectl apply -k is accepted without a warning', async () => {
  const created = lines(await kubectl('apply', '--warnings-as-errors', '-k', base));
  expect(created.filter((line) => !line.endsWith(' created'))).toEqual([]);
  expect(created).toHaveLength((await installed()).length);
});

test('applying it again changes nothing', async () => {
  const again = lines(await kubectl('apply', '--warnings-as-errors', '-k', base));
  // kubectl sends the selector of a budget anew each time, and the API server finds nothing new in it.
  const changed = again.filter((line) => !line.endsWith(' unchanged') && !line.startsWith('poddisruptionbudget'));
  expect(changed).toEqual([]);
});

test('a server-side apply takes over without a conflict, and again changes nothing', async () => {
  await kubectl('apply', '--server-side', '--warnings-as-errors', '-k', base);
  await kubectl(...namespace, 'wait', '--for=condition=Available', '--timeout=60s', 'deployment/kuberik-controller');
  await aggregated();
  // The Deployment and the budget report themselves for a moment longer.
  await eventually(async () => {
    const before = await versions();
    await kubectl('apply', '--server-side', '--warnings-as-errors', '-k', base);
    expect(await versions()).toEqual(before);
  });
  await aggregated();
});

test('its pods are made in a namespace that lets in nothing but restricted ones', async () => {
  const pods = await kubectl(...namespace, 'get', 'pods', '-o', 'jsonpath={.items[*].status.phase}');
  expect(pods).toBe('Running Running');
  const plain = ['run', 'plain', '--image=example/plain:1', '--dry-run=server'];
  await expect(kubectl(...namespace, ...plain)).rejects.toThrow(/violates PodSecurity "restricted/);
});

test('the Service reaches the metrics of both replicas, and one of them may go at a time', async () => {
  await eventually(async () => {
    const slices = await kubectl(
      ...namespace,
      ...['get', 'endpointslices', '-l', 'kubernetes.io/service-name=kuberik-controller-metrics'],
      ...['-o', 'jsonpath={.items[*].endpoints[*].conditions.ready} {.items[*].ports[*].port}'],
    );
    expect(slices).toBe('true true 8080');
  });
  await eventually(async () => {
    const budget = ['get', 'pdb', 'kuberik-controller', '-o', 'jsonpath={.status.disruptionsAllowed}'];
    expect(await kubectl(...namespace, ...budget)).toBe('1');
  });
});

test('ports and probes of the Deployment are those of its command line', async () => {
  const text = await kubectl(...namespace, 'get', 'deployment', 'kuberik-controller', '-o', 'json');
  const { spec } = JSON.parse(text) as InstalledDeployment;
  const [container] = spec.template.spec.containers;
  if (container === undefined) throw new Error('no container');
  expect(container.args).toEqual(shipped().parameters);
  const port = (name: string): string => {
    const found = container.ports.find((each) => each.name === name);
    return `:${found?.containerPort ?? 'none'}`;
  };
  expect(container.args).toContain(`--metrics-bind-address=${port('metrics')}`);
  expect(container.args).toContain(`--health-probe-bind-address=${port('health')}`);
  const asked = ({ httpGet }: Probe): string => `${httpGet.port} ${httpGet.path}`;
  expect([container.startupProbe, container.livenessProbe, container.readinessProbe].map(asked)).toEqual([
    'health /healthz',
    'health /healthz',
    'health /readyz',
  ]);
  expect(container.args).toContain('--leader-elect');
  expect(spec.replicas).toBe(2);
});

test('kubectl delete -k leaves nothing behind', async () => {
  await kubectl('delete', '--wait=false', '-k', base);
  const kinds = 'customresourcedefinitions,clusterroles,clusterrolebindings,namespaces';
  // A namespace waits for the grace period of its pods. A definition that is deleted a moment after it was applied may
  // say "storage is (re)initializing" and then wait for ever, unless somebody writes to it.
  await eventually(
    async () => {
      const left = await kubectl('get', kinds, '-l', ours, '-o', 'name');
      if (left.includes('customresourcedefinition')) {
        await kubectl('annotate', '--overwrite', 'crd', '-l', ours, `example.com/now=${performance.now()}`);
      }
      expect(left).toBe('');
    },
    120_000,
    1000,
  );
});
