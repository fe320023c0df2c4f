/** Rows about deletion and finalizers. */
import { configMaps, deployments, merge, row, type TableRequest, widgets } from './request.ts';

export const deletionRows: readonly TableRequest[] = [
  // Deletion.
  row('delete with another uid', 'DELETE', `${widgets}/w`, { preconditions: { uid: 'x' } }),
  row('delete with an old revision', 'DELETE', `${widgets}/w`, { preconditions: { resourceVersion: '1' } }),
  row('delete dry-run', 'DELETE', `${widgets}/w?dryRun=All`),
  row(
    'add a finalizer',
    'PATCH',
    `${widgets}/w?fieldManager=f`,
    { metadata: { finalizers: ['example.com/hold'] } },
    merge,
  ),
  row('delete with a finalizer', 'DELETE', `${widgets}/w`),
  row('delete again', 'DELETE', `${widgets}/w`),
  row(
    'add a finalizer while deleting',
    'PATCH',
    `${widgets}/w`,
    { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } },
    merge,
  ),
  row('drop the finalizer', 'PATCH', `${widgets}/w?fieldManager=f`, { metadata: { finalizers: null } }, merge),
  row('get after deletion', 'GET', `${widgets}/w`),
  row('delete absent', 'DELETE', `${widgets}/w`),
  row('delete in the foreground', 'DELETE', `${deployments}/d?propagationPolicy=Foreground`, undefined),
  row('delete with an unknown policy', 'DELETE', `${configMaps}/a?propagationPolicy=Foo`),
  row('delete', 'DELETE', `${configMaps}/a`),
  row('delete all', 'DELETE', widgets),
  row('list after deletion', 'GET', widgets),
  row('access review', 'POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
  }),
];
