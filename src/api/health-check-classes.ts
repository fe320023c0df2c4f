/** The options of each class of HealthCheck that is built in. */
import Type, { type Static } from 'typebox';
import { validations } from './define-resource.ts';

const SecretReference = (description: string) =>
  Type.Object(
    { name: Type.String({ description: 'Name of a Secret of this namespace.', minLength: 1, maxLength: 253 }) },
    { description },
  );

const Url = (description: string) =>
  Type.String({ description, pattern: '^https?://[^\\s/?#]+', minLength: 1, maxLength: 2048 });

const AccessSecret = SecretReference(
  'How the server is accessed, with the keys that Flux uses: `username` and `password`, or `bearerToken`; `ca.crt` to ' +
    'trust other certificates than those of the system; `tls.crt` and `tls.key` to show a certificate.',
);

export const KustomizationHealth = Type.Object(
  {
    name: Type.String({ description: 'Name of the Kustomization.', minLength: 1, maxLength: 253 }),
    namespace: Type.Optional(
      Type.String({ description: 'Its namespace. Default: that of the HealthCheck.', minLength: 1, maxLength: 63 }),
    ),
  },
  {
    description:
      'Class `kustomization`: the Kustomization whose objects must be healthy. The same as the annotation ' +
      '`healthcheck.kuberik.com/kustomization`.',
  },
);
export type KustomizationHealth = Static<typeof KustomizationHealth>;

export const AlertApi = ['Prometheus', 'Alertmanager'] as const;
export type AlertApi = (typeof AlertApi)[number];

export const PrometheusAlertHealth = Type.Object(
  {
    url: Type.Optional(
      Url(
        'Where Prometheus, or Alertmanager, is. The same as the annotation `healthcheck.kuberik.com/prometheus-url`; one of the two is needed.',
      ),
    ),
    api: Type.Optional(
      Type.Enum([...AlertApi], {
        description: 'Who is asked for alerts: `Prometheus` (`/api/v1/alerts`) or `Alertmanager` (`/api/v2/alerts`).',
        default: 'Prometheus',
      }),
    ),
    matchers: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 1024 }), {
        description:
          'Which alerts count: all of these must match the labels of an alert, for example `severity=~"critical|page"`. ' +
          'With `=`, `!=`, `=~` and `!~` as in Alertmanager; a value with a comma in it is in double quotes, and an absent ' +
          'label is empty. The same as the annotation `healthcheck.kuberik.com/prometheus-alert-labels`, where they are ' +
          'separated by commas. Absent: every alert.',
        maxItems: 64,
      }),
    ),
    includeExisting: Type.Optional(
      Type.Boolean({
        description:
          'Whether alerts count that were active before the deployment. Default: those that became active since alone, ' +
          'of Prometheus by `activeAt`, when the expression became true, and of Alertmanager by `startsAt`. What is active ' +
          'already and gets worse is then not seen.',
        default: false,
      }),
    ),
    secretRef: Type.Optional(AccessSecret),
  },
  { description: 'Class `prometheus-alert`: no matching alert must fire. Pending alerts do not count.' },
);
export type PrometheusAlertHealth = Static<typeof PrometheusAlertHealth>;

const Range = (description: string) =>
  Type.Object(
    {
      min: Type.Optional(Type.Number({ description: 'The least value that is healthy.' })),
      max: Type.Optional(Type.Number({ description: 'The greatest value that is healthy.' })),
    },
    {
      description,
      ...validations({ rule: 'has(self.min) || has(self.max)', message: 'needs min, max or both' }),
    },
  );

export const PrometheusQueryHealth = Type.Object(
  {
    url: Type.Optional(
      Url(
        'Where Prometheus is. The same as the annotation `healthcheck.kuberik.com/prometheus-url`; one of the two is needed.',
      ),
    ),
    query: Type.String({
      description: 'PromQL for an instant query. Every value of its result must be healthy; no value is no data.',
      minLength: 1,
      maxLength: 8192,
    }),
    thresholdRange: Type.Optional(Range('What a value itself may be.')),
    relativeRange: Type.Optional(
      Range(
        'What a value may be as a multiple of the value that the same series of the same query had when the deployment ' +
          'began: `max: 1.2` is at most 1.2 times what it was. Nothing is 1 times nothing, and anything else is more than ' +
          'any multiple of nothing: `clamp_min(..., 0.01)` in the query forgives little. A series that had no value then ' +
          'is no data, whatever `thresholdRange` says, unless it is out of that.',
      ),
    ),
    secretRef: Type.Optional(AccessSecret),
  },
  {
    description: 'Class `prometheus-query`: the result of a query must be in a range.',
    ...validations({
      rule: 'has(self.thresholdRange) || has(self.relativeRange)',
      message: 'needs thresholdRange, relativeRange or both',
    }),
  },
);
export type PrometheusQueryHealth = Static<typeof PrometheusQueryHealth>;

export const DatadogHealth = Type.Object(
  {
    monitorRef: Type.Object(
      { name: Type.String({ description: 'Name of the DatadogMonitor.', minLength: 1, maxLength: 253 }) },
      { description: 'A DatadogMonitor of this namespace.' },
    ),
    warn: Type.Optional(
      Type.Enum(['Healthy', 'Unhealthy', 'Pending'], {
        description: 'What a monitor in state `Warn` counts as. Default: `Pending`.',
        default: 'Pending',
      }),
    ),
  },
  {
    description:
      'Class `datadog`: the state of a DatadogMonitor. Checks of monitors with the annotation `kuberik.com/health-check: "true"` make themselves.',
  },
);
export type DatadogHealth = Static<typeof DatadogHealth>;

export const HttpHealth = Type.Object(
  {
    url: Url('What is asked.'),
    method: Type.Optional(
      Type.Enum(['GET', 'HEAD', 'POST', 'PUT'], { description: 'Default: `GET`.', default: 'GET' }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 4096 }), {
        description: 'Headers to send. Those of `headersSecretRef` win.',
        maxProperties: 64,
      }),
    ),
    headersSecretRef: Type.Optional(
      SecretReference('Every key of the Secret is sent as a header, for example `Authorization`.'),
    ),
    body: Type.Optional(Type.String({ description: 'What is sent with `POST` and `PUT`.', maxLength: 65536 })),
    expectedStatuses: Type.Optional(
      Type.Array(Type.Integer({ format: 'int32', minimum: 100, maximum: 599 }), {
        description: 'Statuses that are healthy; any other one is unhealthy. Default: 200 to 299.',
        minItems: 1,
        maxItems: 64,
      }),
    ),
    success: Type.Optional(
      Type.String({
        description:
          'A CEL expression over `status` (a number) and `body` (the JSON of the answer, or null) that is true when the ' +
          'answer is healthy, for example `body.ready == true`. The status must be an expected one as well. An answer ' +
          'that it cannot be evaluated for, such as one that is no JSON, is no data.',
        minLength: 1,
        maxLength: 4096,
      }),
    ),
    secretRef: Type.Optional(AccessSecret),
  },
  {
    description:
      'Class `http`: an address must answer as expected. The application itself is asked, so no answer is unhealthy too: ' +
      'refused, broken off, not trusted, or none within `timeout`. A name that nobody knows and an answer of more than ' +
      '1 MiB are no data. Redirects are followed on the same host, at most 3; one to another host is unhealthy.',
  },
);
export type HttpHealth = Static<typeof HttpHealth>;

export const JobHealth = Type.Object(
  {
    template: Type.Object(
      {
        metadata: Type.Optional(
          Type.Object(
            {
              labels: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Labels of each Job.' })),
              annotations: Type.Optional(
                Type.Record(Type.String(), Type.String(), { description: 'Annotations of each Job.' }),
              ),
            },
            { description: 'Labels and annotations of each Job.' },
          ),
        ),
        spec: Type.Record(Type.String(), Type.Unknown(), {
          description:
            'The spec of each Job, as in batch/v1. What it leaves out: `backoffLimit` is 0, `activeDeadlineSeconds` comes ' +
            'from `timeout`, the pods have `restartPolicy: Never`, and their containers `terminationMessagePolicy: ' +
            'FallbackToLogsOnError`, by which the last lines of the log come into the message of the check.',
          'x-kubernetes-preserve-unknown-fields': true,
        }),
      },
      { description: 'What each Job is made of, like `jobTemplate` of a CronJob.' },
    ),
    historyLimit: Type.Optional(
      Type.Integer({
        description: 'Jobs of earlier deployments that are kept. Default: 3.',
        format: 'int32',
        minimum: 0,
        maximum: 100,
        default: 3,
      }),
    ),
  },
  {
    description:
      'Class `job`: a Job that runs once for each deployment, and again after a retry, must succeed. Its containers get ' +
      '`KUBERIK_ROLLOUT`, `KUBERIK_NAMESPACE`, `KUBERIK_VERSION`, `KUBERIK_REVISION` and `KUBERIK_DIGEST`, ' +
      'empty where unknown; a variable of that name in the template stays. It begins when Flux has applied the version.',
  },
);
export type JobHealth = Static<typeof JobHealth>;
