/** `HealthCheck` (kuberik.com/v1alpha1): one probe of the health of what was deployed. */
import Type, { type Static } from 'typebox';
import { type ConditionDoc, defineResource, validations } from './define-resource.ts';
import { DurationSchema } from './duration.ts';
import {
  DatadogHealth,
  HttpHealth,
  JobHealth,
  KustomizationHealth,
  PrometheusAlertHealth,
  PrometheusQueryHealth,
} from './health-check-classes.ts';
import { Conditions } from './meta.ts';

/** The classes that are built in. Any other one is judged by a controller of its own. */
export const HealthClass = {
  Kustomization: 'kustomization',
  PrometheusAlert: 'prometheus-alert',
  PrometheusQuery: 'prometheus-query',
  Datadog: 'datadog',
  Http: 'http',
  Job: 'job',
} as const;
export type HealthClass = (typeof HealthClass)[keyof typeof HealthClass];

export const NoDataPolicy = ['Hold', 'Healthy', 'Unhealthy'] as const;
export type NoDataPolicy = (typeof NoDataPolicy)[number];

export const SampleResult = ['Healthy', 'Unhealthy', 'NoData'] as const;
export type SampleResult = (typeof SampleResult)[number];

/** What the absent options of a class that asks mean. */
export const HEALTH_CHECK_DEFAULTS = {
  interval: { seconds: 30 },
  timeout: { seconds: 10 },
  /** For class `job`. */
  jobTimeout: { minutes: 10 },
  failureThreshold: 1,
  successThreshold: 1,
} as const;

/** Reasons of the condition `Ready` of a HealthCheck; also the reasons of its events. */
export const HealthCheckConditionReason = {
  Judging: 'Judging',
  InvalidSpec: 'InvalidSpec',
  HostNotAllowed: 'HostNotAllowed',
  SecretNotFound: 'SecretNotFound',
  NoData: 'NoData',
  MonitorNotFound: 'MonitorNotFound',
  JobRefused: 'JobRefused',
  JobDeleted: 'JobDeleted',
} as const;
export type HealthCheckConditionReason = (typeof HealthCheckConditionReason)[keyof typeof HealthCheckConditionReason];

const Threshold = (description: string) =>
  Type.Integer({ description, format: 'int32', minimum: 1, maximum: 1000, default: 1 });

const optionsOf = [
  ['kustomization', HealthClass.Kustomization],
  ['prometheusAlert', HealthClass.PrometheusAlert],
  ['prometheusQuery', HealthClass.PrometheusQuery],
  ['datadog', HealthClass.Datadog],
  ['http', HealthClass.Http],
  ['job', HealthClass.Job],
] as const;

/** Options that no annotation can stand for. */
const required = optionsOf.filter(([field]) => ['prometheusQuery', 'datadog', 'http', 'job'].includes(field));

export const HealthCheckSpec = Type.Object(
  {
    class: Type.Optional(
      Type.String({
        description:
          'Who judges: `kustomization`, `prometheus-alert`, `prometheus-query`, `datadog`, `http` and `job` are built in; ' +
          'any other class is judged by a controller of its own, which writes `status`.',
        maxLength: 253,
      }),
    ),
    interval: Type.Optional(
      DurationSchema(
        'How often a class that asks somebody does so. Default: `30s`; least: `1s`. The same as the annotation ' +
          '`healthcheck.kuberik.com/requeue-interval`. Classes that watch objects need none.',
      ),
    ),
    timeout: Type.Optional(
      DurationSchema(
        'How long an answer may take; after it there is no data. Default: `10s`; most: `60s`. For class `job`: how long ' +
          'the Job may run, if its template has no `activeDeadlineSeconds`; after it the Job has failed. Default: `10m`.',
      ),
    ),
    failureThreshold: Type.Optional(
      Threshold('How many answers in a row must be unhealthy before the check is. Default: 1.'),
    ),
    successThreshold: Type.Optional(
      Threshold('How many answers in a row must be healthy before the check is. Default: 1.'),
    ),
    noDataPolicy: Type.Optional(
      Type.Enum([...NoDataPolicy], {
        description:
          'What a look counts as that brings no answer, or one that says nothing: `Hold` neither passes nor fails the ' +
          'deployment, which waits; `Healthy` and `Unhealthy` count as that. Default: `Hold`.',
        default: 'Hold',
      }),
    ),
    kustomization: Type.Optional(KustomizationHealth),
    prometheusAlert: Type.Optional(PrometheusAlertHealth),
    prometheusQuery: Type.Optional(PrometheusQueryHealth),
    datadog: Type.Optional(DatadogHealth),
    http: Type.Optional(HttpHealth),
    job: Type.Optional(JobHealth),
  },
  {
    description: 'How health is judged.',
    ...validations(
      ...optionsOf.map(([field, name]) => ({
        rule: `!has(self.${field}) || (has(self.class) && self.class == '${name}')`,
        message: `${field} is for class ${name}`,
      })),
      ...required.map(([field, name]) => ({
        rule: `!has(self.class) || self.class != '${name}' || has(self.${field})`,
        message: `class ${name} needs ${field}`,
      })),
    ),
  },
);
export type HealthCheckSpec = Static<typeof HealthCheckSpec>;

/** What one look brought. */
export const HealthSample = Type.Object(
  {
    time: Type.String({
      description: 'When. Written with a change of what is known, and else every five minutes at most.',
      format: 'date-time',
    }),
    result: Type.Enum([...SampleResult], { description: 'What it says by itself.' }),
    value: Type.Optional(Type.String({ description: 'The value that decided, for classes that have one.' })),
    message: Type.Optional(Type.String({ description: 'What was seen.' })),
    count: Type.Optional(
      Type.Integer({
        description: 'How many looks in a row had this result, as far as the thresholds ask.',
        format: 'int32',
      }),
    ),
  },
  { description: 'The look that the verdict rests on, for classes that ask somebody.' },
);
export type HealthSample = Static<typeof HealthSample>;

export const HealthCheckStatus = Type.Object(
  {
    status: Type.Optional(Type.String({ description: '`Healthy`, `Unhealthy` or `Pending`; absent: not judged yet.' })),
    message: Type.Optional(Type.String({ description: 'What was seen.' })),
    lastErrorTime: Type.Optional(Type.String({ description: 'When the last failure happened.', format: 'date-time' })),
    lastChangeTime: Type.Optional(
      Type.String({
        description: 'When `status` last changed, or was confirmed for a new deployment.',
        format: 'date-time',
      }),
    ),
    observedRevision: Type.Optional(Type.String({ description: 'The revision that the verdict is about, if known.' })),
    observedGeneration: Type.Optional(
      Type.Integer({ description: 'The generation of the spec that was judged by.', format: 'int64' }),
    ),
    lastSample: Type.Optional(HealthSample),
    nextSampleTime: Type.Optional(
      Type.String({
        description: 'When the next look is due, as of the last write. Absent: when something changes.',
        format: 'date-time',
      }),
    ),
    jobName: Type.Optional(Type.String({ description: 'The Job of the present deployment, for class `job`.' })),
    conditions: Type.Optional(Conditions('`Ready` is False when the check itself cannot run.')),
  },
  { description: 'The verdict.' },
);
export type HealthCheckStatus = Static<typeof HealthCheckStatus>;

const healthCheckConditions: readonly ConditionDoc[] = [
  {
    type: 'Ready',
    description: 'Whether the check can judge at all. A check that cannot is Pending: it neither passes nor fails.',
    reasons: [
      { reason: HealthCheckConditionReason.Judging, status: 'True', description: 'It can.' },
      {
        reason: HealthCheckConditionReason.InvalidSpec,
        status: 'False',
        description: 'An option cannot be understood, or contradicts an annotation.',
      },
      {
        reason: HealthCheckConditionReason.HostNotAllowed,
        status: 'False',
        description: 'The controller may not call the host: see `--health-check-hosts`.',
      },
      {
        reason: HealthCheckConditionReason.SecretNotFound,
        status: 'False',
        description: 'A Secret is missing, or lacks what is needed.',
      },
      {
        reason: HealthCheckConditionReason.NoData,
        status: 'False',
        description: 'There is no answer, or one that says nothing; the message says what came instead.',
      },
      {
        reason: HealthCheckConditionReason.MonitorNotFound,
        status: 'False',
        description: 'There is no such DatadogMonitor.',
      },
      {
        reason: HealthCheckConditionReason.JobRefused,
        status: 'False',
        description: 'The Job could not be made; it is tried again, at most every five minutes.',
      },
      {
        reason: HealthCheckConditionReason.JobDeleted,
        status: 'False',
        description: 'Somebody deleted the Job before it ended. A retry runs it again.',
      },
    ],
  },
];

export const HealthCheck = defineResource({
  group: 'kuberik.com',
  version: 'v1alpha1',
  kind: 'HealthCheck',
  plural: 'healthchecks',
  singular: 'healthcheck',
  scope: 'Namespaced',
  description: 'HealthCheck judges the health of what a Rollout deployed.',
  spec: HealthCheckSpec,
  status: HealthCheckStatus,
  columns: [
    { name: 'Class', type: 'string', jsonPath: '.spec.class' },
    { name: 'Status', type: 'string', jsonPath: '.status.status' },
    { name: 'Message', type: 'string', jsonPath: '.status.message' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  conditions: healthCheckConditions,
  upgrade(object) {
    // A check of a class of its own has nothing to say in its spec, and may come without one.
    object.spec ??= {};
  },
});
export type HealthCheck = ReturnType<typeof HealthCheck.parse>;
