/** Rows about deployments: strategic merge, scale, status, ownership. */
import { apply, deployments, merge, row, strategic, type TableRequest } from './request.ts';

const deployment = (name: string, extra: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'example/web:1', ports: [{ containerPort: 80 }] }] },
    },
    ...extra,
  },
});

const applied = (containers: readonly object[]): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', namespace: 'table' },
  spec: { template: { spec: { containers } } },
});

export const workloadRows: readonly TableRequest[] = [
  // Workloads.
  row('create deployment', 'POST', `${deployments}?fieldManager=t`, deployment('d')),
  row('deployment without selector', 'POST', deployments, deployment('bad', { selector: null })),
  row(
    'deployment with another selector',
    'POST',
    deployments,
    deployment('bad', { selector: { matchLabels: { a: 'b' } } }),
  ),
  row('deployment with a wrong type', 'POST', deployments, deployment('bad', { replicas: 'x' })),
  row('deployment with negative replicas', 'POST', deployments, deployment('bad', { replicas: -1 })),
  row(
    'deployment with an unknown field',
    'POST',
    `${deployments}?fieldValidation=Strict`,
    deployment('bad', { replics: 1 }),
  ),
  row(
    'strategic patch',
    'PATCH',
    `${deployments}/d?fieldManager=s`,
    {
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'web', image: 'example/web:2' },
              { name: 'side', image: 'example/side:1' },
            ],
          },
        },
      },
    },
    strategic,
  ),
  row(
    'strategic delete',
    'PATCH',
    `${deployments}/d?fieldManager=s`,
    { spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } } },
    strategic,
  ),
  row(
    'apply deployment',
    'PATCH',
    `${deployments}/d?fieldManager=a`,
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { replicas: 3 } },
    apply,
  ),
  row(
    'apply deployment by force',
    'PATCH',
    `${deployments}/d?fieldManager=a&force=true`,
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: { replicas: 3, template: { spec: { containers: [{ name: 'web', env: [{ name: 'A', value: '1' }] }] } } },
    },
    apply,
  ),
  row(
    'apply equal containers',
    'PATCH',
    `${deployments}/d?fieldManager=a`,
    applied([{ name: 'web' }, { name: 'web' }]),
    apply,
  ),
  row(
    'apply equal ports',
    'PATCH',
    `${deployments}/d?fieldManager=a`,
    applied([{ name: 'web', ports: [{ containerPort: 1 }, { containerPort: 1 }] }]),
    apply,
  ),
  row('apply nameless containers', 'PATCH', `${deployments}/d?fieldManager=a`, applied([{}, {}]), apply),
  row(
    'apply unknown fields',
    'PATCH',
    `${deployments}/d?fieldManager=a`,
    applied([
      { name: 'web', imag: 'x' },
      { name: 'side', tty: true, imag: 'x' },
    ]),
    apply,
  ),
  row('get scale', 'GET', `${deployments}/d/scale`),
  row('patch scale', 'PATCH', `${deployments}/d/scale?fieldManager=sc`, { spec: { replicas: 5 } }, merge),
  row('patch scale below zero', 'PATCH', `${deployments}/d/scale?fieldManager=sc`, { spec: { replicas: -5 } }, merge),
  row(
    'patch status',
    'PATCH',
    `${deployments}/d/status?fieldManager=st`,
    { spec: { replicas: 9 }, status: { replicas: 2, readyReplicas: 2 } },
    merge,
  ),
  row('get deployment', 'GET', `${deployments}/d`),
  row('change the selector', 'PATCH', `${deployments}/d`, { spec: { selector: { matchLabels: { x: 'y' } } } }, merge),
];
