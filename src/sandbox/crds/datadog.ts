/** The CustomResourceDefinition of DatadogMonitor, as published. Nobody stands in for its operator: write its status by hand. */
import type { KubeObject } from '../../api/meta.ts';
import { anything, flag, integer, list, object, type Schema, text } from './definition.ts';

const time = (description: string): Schema => text(description, { format: 'date-time' });

const spec = object('What is monitored.', {
  name: text('Name of the monitor in Datadog.', { minLength: 1 }),
  message: text('What notifications say.', { minLength: 1 }),
  query: text('The query.', { minLength: 1 }),
  type: text('The type of the monitor.'),
  priority: integer('From 1, high, to 5, low.'),
  tags: list('Tags of the monitor in Datadog.', text('Tag.'), { 'x-kubernetes-list-type': 'set' }),
  restrictedRoles: list('Roles that may edit it.', text('UUID.'), { 'x-kubernetes-list-type': 'set' }),
  options: anything('Thresholds and the like.'),
  controllerOptions: object('How the operator handles it.', { disableRequiredTags: flag('No tags are added.') }),
});

const status = object('What the operator observed last.', {
  id: { type: 'integer', description: 'ID of the monitor in Datadog.' },
  creator: text('Who made it in Datadog.'),
  created: time('When it was made in Datadog.'),
  primary: flag('Whether it is managed from here.'),
  currentHash: text('Hash of the spec that Datadog has.'),
  conditions: list(
    'What is going on.',
    object(
      'One observation.',
      {
        type: text('What it is about.'),
        status: text('Whether it holds.'),
        reason: text('Why.'),
        message: text('For people.'),
        lastTransitionTime: time('When it last changed.'),
        lastUpdateTime: time('When it was last written.'),
      },
      { required: ['status', 'type'] },
    ),
    { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] },
  ),
  downtimeStatus: object('Whether it is muted.', {
    isDowntimed: flag('It is.'),
    downtimeID: { type: 'integer', description: 'By which downtime.' },
  }),
  monitorLastForceSyncTime: time('When the spec was last compared with Datadog.'),
  monitorState: text('OK, Alert, Warn, No Data, Skipped, Ignored or Unknown.'),
  monitorStateLastTransitionTime: time('When the state last changed.'),
  monitorStateLastUpdateTime: time('When Datadog was last asked.'),
  monitorStateSyncStatus: text('OK, or what went wrong with that.'),
  triggeredState: list(
    'The groups that are not OK.',
    object(
      'One group.',
      { monitorGroup: text('Its name.'), state: text('Its state.'), lastTransitionTime: time('Since when.') },
      { required: ['monitorGroup'] },
    ),
    { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['monitorGroup'] },
  ),
});

const column = (name: string, jsonPath: string, type = 'string') => ({ name, jsonPath, type });

export const datadogMonitorDefinition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'datadogmonitors.datadoghq.com' },
  spec: {
    group: 'datadoghq.com',
    scope: 'Namespaced',
    names: {
      kind: 'DatadogMonitor',
      listKind: 'DatadogMonitorList',
      plural: 'datadogmonitors',
      singular: 'datadogmonitor',
    },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          column('id', '.status.id'),
          column('monitor state', '.status.monitorState'),
          column('last state transition', '.status.monitorStateLastTransitionTime'),
          column('last state sync', '.status.monitorStateLastUpdateTime', 'date'),
          column('sync status', '.status.monitorStateSyncStatus'),
          column('age', '.metadata.creationTimestamp', 'date'),
        ],
        schema: {
          openAPIV3Schema: object('A monitor of Datadog, as far as it matters here.', {
            apiVersion: text('Version of the schema.'),
            kind: text('Kind of the object.'),
            metadata: { type: 'object' },
            spec,
            status,
          }),
        },
      },
    ],
  },
};
