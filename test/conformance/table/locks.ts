/** Rows about updates of objects that others change too: locks, generations, finalizers, owners, generated names. */
import { configMaps, deployments, map, merge, row, type TableRequest, widgets } from './request.ts';
import { widget } from './widget.ts';

const place = `${configMaps}/locked`;
const generate = (name: string, path: string, body: object): TableRequest =>
  row(`generate: ${name}`, 'POST', path, body);
const remove = (name: string, path: string, options: object | undefined, query = ''): TableRequest =>
  row(`delete: ${name}`, 'DELETE', path + query, options && { kind: 'DeleteOptions', apiVersion: 'v1', ...options });
const policy = (name: string, propagationPolicy: string): TableRequest[] => [
  row(`${name} owner`, 'POST', `${configMaps}?fieldManager=t`, map(`owner-${name}`, {})),
  row(
    `${name} dependent`,
    'POST',
    `${configMaps}?fieldManager=t`,
    map(
      `child-${name}`,
      {},
      {
        ownerReferences: [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            name: `owner-${name}`,
            uid: `$(${name} owner: metadata.uid)`,
            blockOwnerDeletion: true,
          },
        ],
      },
    ),
  ),
  remove(`${name} in the body`, `${configMaps}/owner-${name}`, { propagationPolicy }),
];

export const lockRows: readonly TableRequest[] = [
  row('locked', 'POST', `${configMaps}?fieldManager=t`, map('locked', { a: '1' })),
  row(
    'lock: put at its revision',
    'PUT',
    `${place}?fieldManager=t`,
    map('locked', { a: '2' }, { resourceVersion: '$(locked: metadata.resourceVersion)' }),
  ),
  row(
    'lock: put at its revision again',
    'PUT',
    `${place}?fieldManager=t`,
    map('locked', { a: '3' }, { resourceVersion: '$(locked: metadata.resourceVersion)' }),
  ),
  row(
    'lock: put with its uid',
    'PUT',
    `${place}?fieldManager=t`,
    map('locked', { a: '3' }, { uid: '$(locked: metadata.uid)' }),
  ),
  row(
    'lock: put with another uid',
    'PUT',
    place,
    map('locked', { a: '4' }, { uid: '00000000-0000-0000-0000-000000000000' }),
  ),
  row('lock: put with a revision that is none', 'PUT', place, map('locked', { a: '4' }, { resourceVersion: 'x' })),
  row(
    'lock: put of revision zero',
    'PUT',
    `${place}?fieldManager=t`,
    map('locked', { a: '5' }, { resourceVersion: '0' }),
  ),
  row('lock: put absent at a revision', 'PUT', `${configMaps}/none`, map('none', {}, { resourceVersion: '1' })),
  row('lock: put absent with a uid', 'PUT', `${configMaps}/none`, map('none', {}, { uid: 'x' })),
  row('lock: put dry-run', 'PUT', `${place}?dryRun=All&fieldManager=t`, map('locked', { a: '6' })),
  row(
    'lock: patch at its revision',
    'PATCH',
    `${place}?fieldManager=t`,
    { metadata: { resourceVersion: '$(lock: put of revision zero: metadata.resourceVersion)' }, data: { a: '7' } },
    merge,
  ),
  row('lock: put without a body', 'PUT', place, ''),
  row('lock: put of a list', 'PUT', place, []),
  row('lock: put without a name', 'PUT', place, { data: {} }),
  row('lock: put another kind', 'PUT', place, { ...map('locked', {}), kind: 'Secret' }),
  row('lock: put strictly', 'PUT', `${place}?fieldValidation=Strict`, { ...map('locked', {}), dta: {} }),
  row('lock: put with a warning', 'PUT', `${place}?fieldManager=t`, { ...map('locked', { a: '8' }), dta: {} }),
  row('lock: delete at another revision', 'DELETE', place, { preconditions: { resourceVersion: '1' } }),
  row('lock: delete with another uid', 'DELETE', place, {
    preconditions: { uid: '00000000-0000-0000-0000-000000000000' },
  }),
  row('lock: delete with both', 'DELETE', place, {
    preconditions: { uid: '$(locked: metadata.uid)', resourceVersion: '1' },
  }),
  row('lock: delete with what is right', 'DELETE', place, {
    preconditions: {
      uid: '$(locked: metadata.uid)',
      resourceVersion: '$(lock: put with a warning: metadata.resourceVersion)',
    },
  }),
  row('lock: the same name again', 'POST', `${configMaps}?fieldManager=t`, map('locked', {})),
  row('lock: put with the uid of before', 'PUT', place, map('locked', {}, { uid: '$(locked: metadata.uid)' })),
  row('lock: away', 'DELETE', place),
  // Generations.
  row('generation: widget', 'POST', `${widgets}?fieldManager=t`, widget('counted', { size: 1 })),
  row('generation: a label', 'PATCH', `${widgets}/counted?fieldManager=t`, { metadata: { labels: { a: 'b' } } }, merge),
  row('generation: the spec', 'PATCH', `${widgets}/counted?fieldManager=t`, { spec: { size: 2 } }, merge),
  row('generation: the same spec', 'PATCH', `${widgets}/counted?fieldManager=t`, { spec: { size: 2 } }, merge),
  row('generation: the status', 'PATCH', `${widgets}/counted/status?fieldManager=t`, { status: { phase: 'x' } }, merge),
  row(
    'generation: the status again',
    'PATCH',
    `${widgets}/counted/status?fieldManager=t`,
    { status: { phase: 'y' } },
    merge,
  ),
  row(
    'generation: spec through the status',
    'PUT',
    `${widgets}/counted/status?fieldManager=t`,
    widget(
      'counted',
      { size: 9 },
      {
        metadata: {
          name: 'counted',
          labels: { a: 'b' },
          resourceVersion: '$(generation: the status again: metadata.resourceVersion)',
        },
        status: { phase: 'z' },
      },
    ),
  ),
  row('generation: an invalid status', 'PATCH', `${widgets}/counted/status`, { status: { replicas: 'x' } }, merge),
  row(
    'generation: a status strictly',
    'PATCH',
    `${widgets}/counted/status?fieldValidation=Strict`,
    { status: { fase: 'x' } },
    merge,
  ),
  row(
    'generation: put the status without revision',
    'PUT',
    `${widgets}/counted/status`,
    widget('counted', { size: 2 }),
  ),
  row(
    'generation: metadata through the status',
    'PATCH',
    `${widgets}/counted/status?fieldManager=t&dryRun=All`,
    { metadata: { labels: { c: 'd' }, annotations: { e: 'f' } } },
    merge,
  ),
  row('generation: get the status', 'GET', `${widgets}/counted/status`),
  row('generation: delete the status', 'DELETE', `${widgets}/counted/status`),
  row('generation: post to the status', 'POST', `${widgets}/counted/status`, {}),
  row(
    'generation: widget away, with a finalizer',
    'PATCH',
    `${widgets}/counted?fieldManager=t`,
    { metadata: { finalizers: ['example.com/hold'] } },
    merge,
  ),
  row('generation: begins to go', 'DELETE', `${widgets}/counted`),
  row('generation: changes while it goes', 'PATCH', `${widgets}/counted?fieldManager=t`, { spec: { size: 3 } }, merge),
  row('generation: deleted again', 'DELETE', `${widgets}/counted`, { propagationPolicy: 'Background' }),
  row(
    'generation: it cannot stay',
    'PATCH',
    `${widgets}/counted?fieldManager=t`,
    { metadata: { deletionTimestamp: null } },
    merge,
  ),
  row('generation: created while it goes', 'POST', widgets, widget('counted', { size: 1 })),
  row(
    'generation: the last finalizer',
    'PATCH',
    `${widgets}/counted?fieldManager=t`,
    { metadata: { finalizers: [] } },
    merge,
  ),
  row('generation: it is gone', 'GET', `${widgets}/counted`),
  // Finalizers and owners.
  row('finalizer that is no name', 'POST', configMaps, map('held', {}, { finalizers: ['a b/c'] })),
  row(
    'finalizer of a widget',
    'POST',
    widgets,
    widget('held', { size: 1 }, { metadata: { name: 'held', finalizers: ['bad'] } }),
  ),
  row(
    'finalizer: held',
    'POST',
    `${configMaps}?fieldManager=t`,
    map('held', {}, { finalizers: ['example.com/a', 'example.com/b'] }),
  ),
  remove('held, dry-run', `${configMaps}/held`, { dryRun: ['All'] }),
  remove('held', `${configMaps}/held`, {}),
  row(
    'finalizer: one goes',
    'PATCH',
    `${configMaps}/held?fieldManager=t`,
    { metadata: { finalizers: ['example.com/b'] } },
    merge,
  ),
  row(
    'finalizer: another comes',
    'PATCH',
    `${configMaps}/held?fieldManager=t`,
    { metadata: { finalizers: ['example.com/b', 'example.com/c'] } },
    merge,
  ),
  row(
    'finalizer: the last goes, dry-run',
    'PATCH',
    `${configMaps}/held?fieldManager=t&dryRun=All`,
    { metadata: { finalizers: null } },
    merge,
  ),
  row('finalizer: still there', 'GET', `${configMaps}/held`),
  row('finalizer: the last goes', 'PUT', `${configMaps}/held?fieldManager=t`, map('held', {})),
  row('finalizer: gone', 'GET', `${configMaps}/held`),
  row(
    'owner: two controllers',
    'POST',
    configMaps,
    map(
      'two',
      {},
      {
        ownerReferences: ['a', 'b'].map((name) => ({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name,
          uid: name,
          controller: true,
        })),
      },
    ),
  ),
  row(
    'owner: twice the same',
    'POST',
    `${configMaps}?fieldManager=t`,
    map(
      'same',
      {},
      {
        finalizers: ['example.com/stay'],
        ownerReferences: ['a', 'a'].map((name) => ({ apiVersion: 'v1', kind: 'Node', name, uid: name })),
      },
    ),
  ),
  row(
    'owner: no version',
    'POST',
    configMaps,
    map('no', {}, { ownerReferences: [{ kind: 'ConfigMap', name: 'a', uid: 'a' }] }),
  ),
  row(
    'owner: a bad version',
    'POST',
    configMaps,
    map('no', {}, { ownerReferences: [{ apiVersion: 'a/b/c', kind: 'ConfigMap', name: 'a', uid: 'a' }] }),
  ),
  row(
    'owner: an event',
    'POST',
    configMaps,
    map('no', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'Event', name: 'a', uid: 'a' }] }),
  ),
  remove('both kinds of policy', `${configMaps}/same`, { propagationPolicy: 'Orphan', orphanDependents: true }),
  remove('a policy that is none', `${configMaps}/same`, { propagationPolicy: 'Foo' }),
  remove('dry-run that is none', `${configMaps}/same`, { dryRun: ['Some'] }),
  remove('grace that is no number', `${configMaps}/same`, undefined, '?gracePeriodSeconds=x'),
  remove('grace below zero', `${configMaps}/same`, { gracePeriodSeconds: -1 }),
  remove('unknown option', `${configMaps}/same`, { foo: 1 }, '?dryRun=All'),
  ...policy('background', 'Background'),
  ...policy('foreground', 'Foreground'),
  ...policy('orphan', 'Orphan'),
  row('delete: by the old option', 'POST', `${configMaps}?fieldManager=t`, map('old', {})),
  remove('orphaning by the old option', `${configMaps}/old`, { orphanDependents: true }),
  remove('a deployment of nobody', `${deployments}/none`, {}),
  // Generated names.
  generate('config map', `${configMaps}?fieldManager=t`, { metadata: { generateName: 'gen-' } }),
  generate('widget', `${widgets}?fieldManager=t`, {
    ...widget('x', { size: 1 }),
    metadata: { generateName: 'gen-' },
  }),
  generate('dry-run', `${configMaps}?fieldManager=t&dryRun=All`, { metadata: { generateName: 'gen-' } }),
  generate('name wins', `${configMaps}?fieldManager=t`, { metadata: { generateName: 'gen-', name: 'given' } }),
  generate('a bad prefix', configMaps, { metadata: { generateName: 'Gen-' } }),
  generate('a long prefix', `${configMaps}?fieldManager=t`, { metadata: { generateName: `gen-${'x'.repeat(260)}` } }),
];
