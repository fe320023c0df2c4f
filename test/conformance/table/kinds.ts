/** Rows about other built-in kinds: what the server fills in and refuses. */
import { apply, asTable, configMaps, deployments, map, merge, ns, row, type TableRequest } from './request.ts';

export const kindRows: readonly TableRequest[] = [
  // Other built-in kinds: what the server fills in and refuses.
  row('create service', 'POST', `${ns}/services?fieldManager=t`, {
    metadata: { name: 'svc' },
    spec: { clusterIP: 'None', selector: { a: 'b' }, ports: [{ port: 80 }] },
  }),
  row('service without ports', 'POST', `${ns}/services`, { metadata: { name: 'bad' }, spec: {} }),
  row('service with a bad name', 'POST', `${ns}/services`, {
    metadata: { name: '1bad' },
    spec: { ports: [{ port: 80 }] },
  }),
  row('service with a bad port', 'POST', `${ns}/services`, {
    metadata: { name: 'bad' },
    spec: { ports: [{ port: 0 }] },
  }),
  row('create secret', 'POST', `${ns}/secrets?fieldManager=t`, { metadata: { name: 's' }, stringData: { a: 'b' } }),
  row('change the type of a secret', 'PATCH', `${ns}/secrets/s`, { type: 'other' }, merge),
  row('create job', 'POST', '/apis/batch/v1/namespaces/table/jobs?fieldManager=t', {
    metadata: { name: 'j' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x:1' }] } } },
  }),
  row('job that always restarts', 'POST', '/apis/batch/v1/namespaces/table/jobs', {
    metadata: { name: 'bad' },
    spec: { template: { spec: { containers: [{ name: 'c', image: 'x:1' }] } } },
  }),
  row('create cronjob', 'POST', '/apis/batch/v1/namespaces/table/cronjobs?fieldManager=t', {
    metadata: { name: 'c' },
    spec: {
      schedule: '* * * * *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x:1' }] } } },
      },
    },
  }),
  row('create statefulset', 'POST', '/apis/apps/v1/namespaces/table/statefulsets?fieldManager=t', {
    metadata: { name: 's' },
    spec: {
      serviceName: 's',
      selector: { matchLabels: { a: 'b' } },
      template: {
        metadata: { labels: { a: 'b' } },
        spec: {
          containers: [
            {
              name: 'c',
              image: 'x',
              readinessProbe: { httpGet: { port: 80 } },
              env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
            },
          ],
          volumes: [{ name: 'v' }, { name: 'm', configMap: { name: 'a' } }],
        },
      },
    },
  }),
  row('create daemonset', 'POST', '/apis/apps/v1/namespaces/table/daemonsets?fieldManager=t', {
    metadata: { name: 'd' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
    },
  }),
  row('create replicaset', 'POST', '/apis/apps/v1/namespaces/table/replicasets?fieldManager=t', {
    metadata: { name: 'r' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
    },
  }),
  row('create lease', 'POST', '/apis/coordination.k8s.io/v1/namespaces/table/leases?fieldManager=t', {
    metadata: { name: 'l' },
    spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000001Z' },
  }),
  row('put absent lease', 'PUT', '/apis/coordination.k8s.io/v1/namespaces/table/leases/new?fieldManager=t', {
    metadata: { name: 'new' },
    spec: { holderIdentity: 'me' },
  }),
  row('create role', 'POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/table/roles?fieldManager=t', {
    metadata: { name: 'r' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  row(
    'create role binding',
    'POST',
    '/apis/rbac.authorization.k8s.io/v1/namespaces/table/rolebindings?fieldManager=t',
    { metadata: { name: 'r' }, roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'User', name: 'u' }] },
  ),
  row(
    'change the role of a binding',
    'PATCH',
    '/apis/rbac.authorization.k8s.io/v1/namespaces/table/rolebindings/r',
    { roleRef: { name: 'q' } },
    merge,
  ),
  row('create event', 'POST', `${ns}/events?fieldManager=t`, {
    metadata: { name: 'e', namespace: 'table' },
    involvedObject: { kind: 'Pod', name: 'p', namespace: 'table' },
    reason: 'R',
    message: 'm',
    type: 'Normal',
    count: 1,
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    source: { component: 'c' },
  }),
  row('get event of the other group', 'GET', '/apis/events.k8s.io/v1/namespaces/table/events/e'),
  row('create new event', 'POST', '/apis/events.k8s.io/v1/namespaces/table/events?fieldManager=t', {
    metadata: { name: 'n' },
    eventTime: '2026-01-01T00:00:00.000000Z',
    type: 'Normal',
    reason: 'R',
    action: 'A',
    note: 'n',
    regarding: { kind: 'Pod', name: 'p', namespace: 'table' },
    reportingController: 'c',
    reportingInstance: 'i',
  }),
  row('get new event of the core group', 'GET', `${ns}/events/n`),
  row('select events', 'GET', `${ns}/events?fieldSelector=involvedObject.name%3Dnone`),
  row('create service account', 'POST', `${ns}/serviceaccounts?fieldManager=t`, { metadata: { name: 'robot' } }),
  row('create node', 'POST', '/api/v1/nodes?fieldManager=t', { metadata: { name: 'n' } }),
  row('namespaced object without namespace', 'POST', '/api/v1/configmaps', map('a', {})),
  row('create immutable', 'POST', `${configMaps}?fieldManager=t`, { ...map('im', { a: '1' }), immutable: true }),
  row('change immutable', 'PATCH', `${configMaps}/im`, { data: { a: '2' } }, merge),
  row(
    'change a label of an immutable',
    'PATCH',
    `${configMaps}/im?fieldManager=m`,
    { metadata: { labels: { a: 'b' } } },
    merge,
  ),
  row(
    'create with empty metadata',
    'POST',
    `${configMaps}?fieldManager=t`,
    map('em', {}, { labels: {}, annotations: {}, finalizers: [] }),
  ),
  row(
    'put managed fields away',
    'PATCH',
    `${configMaps}/em?fieldManager=t`,
    { metadata: { managedFields: [{}] } },
    merge,
  ),
  row('apply after that', 'PATCH', `${configMaps}/em?fieldManager=ap`, map('em', { a: '1' }), apply),
  row(
    'owner without uid',
    'POST',
    configMaps,
    map('own', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a' }] }),
  ),
  row('bad finalizer', 'POST', `${configMaps}?fieldManager=t`, map('fin', {}, { finalizers: ['bad'] })),
  row('long name', 'POST', configMaps, map('a'.repeat(254), {})),
  row('create with generateName and a clash of type', 'POST', configMaps, { metadata: { generateName: 'Bad_' } }),
  row('status of a namespace', 'PATCH', '/api/v1/namespaces/table/status', { status: { phase: 'Active' } }, merge),
  row('create policy', 'POST', '/apis/policy/v1/namespaces/table/poddisruptionbudgets?fieldManager=t', {
    metadata: { name: 'p' },
    spec: { minAvailable: 1, selector: { matchLabels: { a: 'b' } } },
  }),
  row('create autoscaler', 'POST', '/apis/autoscaling/v2/namespaces/table/horizontalpodautoscalers?fieldManager=t', {
    metadata: { name: 'h' },
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } },
  }),
  row(
    'create admission policy',
    'POST',
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies?fieldManager=t',
    {
      metadata: { name: 'v.example.com' },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ['x'], apiVersions: ['*'], operations: ['CREATE'], resources: ['ys'] }],
        },
        validations: [{ expression: 'true' }],
      },
    },
  ),
  {
    ...row('table of deployments', 'GET', `${deployments}?fieldSelector=metadata.name%3Dd`),
    accept: asTable,
  },
  {
    ...row('table of services', 'GET', `${ns}/services?includeObject=None`),
    accept: asTable,
  },
  {
    ...row('table of jobs', 'GET', '/apis/batch/v1/namespaces/table/jobs?includeObject=None'),
    accept: asTable,
  },
  {
    ...row('table of config maps', 'GET', `${configMaps}?includeObject=None&fieldSelector=metadata.name%3Da`),
    accept: asTable,
  },
  { ...row('table of a failure', 'GET', `${configMaps}/none`), accept: asTable },
];
