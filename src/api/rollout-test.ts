/** `RolloutTest` (rollout.kuberik.com/v1alpha1): a Job that must pass before a canary goes beyond one of its steps. */
import Type, { type Static, type TSchema } from 'typebox';
import { rolloutTestConditions } from './canary-conditions.ts';
import { defineResource, validations } from './define-resource.ts';
import { Conditions } from './meta.ts';

const preserved = { 'x-kubernetes-preserve-unknown-fields': true } as const;

/** An object of Kubernetes whose fields the API server knows and we hand on. */
const Opaque = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description, ...preserved });

const Count = (description: string) => Type.Integer({ description, format: 'int32' });

export const PodTemplate = Type.Object(
  {
    metadata: Type.Optional(Opaque('Labels and annotations of the pod.')),
    spec: Type.Object(
      {
        containers: Type.Array(
          Type.Object({ name: Type.String({ description: 'Name of the container.' }) }, preserved),
          {
            description: 'The containers, as in any pod.',
            minItems: 1,
          },
        ),
        restartPolicy: Type.Optional(Type.String({ description: '`Never` or `OnFailure`. Default here: `Never`.' })),
      },
      { description: 'The pod, as in any Job.', ...preserved },
    ),
  },
  { description: 'The pod that runs the test.' },
);
export type PodTemplate = Static<typeof PodTemplate>;

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/#JobSpec
const jobFields = {
  activeDeadlineSeconds: Type.Optional(
    Type.Integer({ description: 'Seconds after which the Job is stopped and has failed.', format: 'int64' }),
  ),
  backoffLimit: Type.Optional(Count('How often a failed pod is tried again. Default: 6.')),
  backoffLimitPerIndex: Type.Optional(Count('The same for each index.')),
  completionMode: Type.Optional(Type.String({ description: '`NonIndexed` (default) or `Indexed`.' })),
  completions: Type.Optional(Count('Pods that must succeed. Default: 1.')),
  managedBy: Type.Optional(Type.String({ description: 'The controller that runs the Job.' })),
  manualSelector: Type.Optional(Type.Boolean({ description: 'Whether `selector` is given by hand.' })),
  maxFailedIndexes: Type.Optional(Count('Indexes that may fail before the Job has failed.')),
  parallelism: Type.Optional(Count('Pods that run at once. Default: 1.')),
  podFailurePolicy: Type.Optional(Opaque('What a failed pod means, by exit code or condition.')),
  podReplacementPolicy: Type.Optional(Type.String({ description: '`TerminatingOrFailed` or `Failed`.' })),
  selector: Type.Optional(Opaque('Selects the pods; normally left to Kubernetes.')),
  successPolicy: Type.Optional(Opaque('When an indexed Job has succeeded.')),
  suspend: Type.Optional(Type.Boolean({ description: 'Whether the Job starts no pods. Default: false.' })),
  template: Type.Optional(PodTemplate),
  ttlSecondsAfterFinished: Type.Optional(Count('Seconds after which the finished Job is deleted.')),
} satisfies Record<string, TSchema>;

export const JobTemplate = Type.Object(
  {
    ...jobFields,
    metadata: Type.Optional(Opaque('Labels and annotations of the Job.')),
    spec: Type.Optional(
      Type.Object(jobFields, { description: 'The same fields, written as in the `jobTemplate` of a CronJob.' }),
    ),
  },
  {
    description: 'The Job (batch/v1 JobSpec) that runs the test. The pod is in `template`, or in `spec.template`.',
    ...validations({
      rule: 'has(self.template) != (has(self.spec) && has(self.spec.template))',
      message: 'give the pod in exactly one of template and spec.template',
    }),
  },
);
export type JobTemplate = Static<typeof JobTemplate>;

/** The Job that a template stands for, in the form of batch/v1. */
export interface ResolvedJobTemplate {
  readonly metadata: Readonly<Record<string, unknown>>;
  /** A JobSpec. Its pod never restarts unless the template says so, since a Job refuses the default of pods. */
  readonly spec: { readonly template: PodTemplate; readonly [field: string]: unknown };
}

/** Reads both forms of a job template; undefined when there is no pod in either. */
export function resolveJobTemplate(jobTemplate: JobTemplate): ResolvedJobTemplate | undefined {
  const { metadata = {}, spec = {}, ...fields } = jobTemplate;
  const merged = { ...fields, ...spec };
  const template = spec.template ?? fields.template;
  if (template === undefined) return undefined;
  const pod = { ...template, spec: { ...template.spec, restartPolicy: template.spec.restartPolicy ?? 'Never' } };
  return { metadata, spec: { ...merged, template: pod } };
}

export const RolloutTestPhase = [
  'WaitingForStep',
  'Pending',
  'Running',
  'Succeeded',
  'Failed',
  'Cancelled',
  'Skipped',
] as const;
export type RolloutTestPhase = (typeof RolloutTestPhase)[number];

export const RolloutTestSpec = Type.Object(
  {
    rolloutName: Type.String({ description: 'Name of the Kruise Rollout in this namespace.', minLength: 1 }),
    stepIndex: Type.Integer({
      description: 'The canary step that the test belongs to; the first is 1.',
      format: 'int32',
      minimum: 1,
    }),
    jobTemplate: JobTemplate,
  },
  { description: 'What to run, and at which step.' },
);
export type RolloutTestSpec = Static<typeof RolloutTestSpec>;

export const RolloutTestStatus = Type.Object(
  {
    phase: Type.Optional(
      Type.Enum([...RolloutTestPhase], { description: 'Where the test is. Absent: not looked at yet.' }),
    ),
    observedCanaryRevision: Type.Optional(
      Type.String({ description: 'The canary revision that `phase` and `jobName` are about.' }),
    ),
    jobName: Type.Optional(Type.String({ description: 'Name of the Job.' })),
    retryCount: Type.Optional(Count('Pods of the Job that failed so far.')),
    activePods: Type.Optional(Count('Pods of the Job that run.')),
    succeededPods: Type.Optional(Count('Pods of the Job that succeeded.')),
    failedPods: Type.Optional(Count('Pods of the Job that failed.')),
    conditions: Type.Optional(Conditions('Ready, Failed, Stalled.')),
  },
  { description: 'How the test went for the revision that was last seen.' },
);
export type RolloutTestStatus = Static<typeof RolloutTestStatus>;

export const RolloutTest = defineResource({
  group: 'rollout.kuberik.com',
  version: 'v1alpha1',
  kind: 'RolloutTest',
  plural: 'rollouttests',
  singular: 'rollouttest',
  scope: 'Namespaced',
  description: 'RolloutTest runs a Job at one step of a Kruise canary; the canary goes on when the Job succeeded.',
  spec: RolloutTestSpec,
  status: RolloutTestStatus,
  columns: [
    { name: 'Rollout', type: 'string', jsonPath: '.spec.rolloutName' },
    { name: 'Step', type: 'integer', jsonPath: '.spec.stepIndex' },
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'Job', type: 'string', jsonPath: '.status.jobName', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  conditions: rolloutTestConditions,
});
export type RolloutTest = ReturnType<typeof RolloutTest.parse>;
