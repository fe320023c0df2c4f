/**
 * `workloads` stands in for the Deployment, ReplicaSet and Job controllers and for the kubelet: pods that run, crash,
 * hang or degrade as their image or an annotation says, without a container anywhere.
 */
import Type, { type Static } from 'typebox';
import { LabelSelector } from '../../api/meta.ts';
import { defineType } from '../define-type.ts';

const text = Type.Optional(Type.String());
const count = Type.Optional(Type.Integer());
const strings = Type.Optional(Type.Record(Type.String(), Type.String()));

const WorkloadCondition = Type.Object({
  type: Type.String(),
  status: Type.String(),
  reason: text,
  message: text,
  lastUpdateTime: text,
  lastTransitionTime: text,
  lastProbeTime: Type.Optional(Type.Union([Type.String(), Type.Null()])),
});
export type WorkloadCondition = Static<typeof WorkloadCondition>;
const conditions = Type.Optional(Type.Array(WorkloadCondition));

const PodSpec = Type.Object({
  containers: Type.Array(
    Type.Object({
      name: Type.String(),
      image: text,
      env: Type.Optional(Type.Array(Type.Object({ name: Type.String(), value: text }))),
      terminationMessagePolicy: text,
    }),
  ),
  restartPolicy: text,
});

const PodTemplate = Type.Object({
  metadata: Type.Optional(Type.Object({ labels: strings, annotations: strings })),
  spec: PodSpec,
});
export type PodTemplate = Static<typeof PodTemplate>;

const State = Type.Object({
  waiting: Type.Optional(Type.Object({ reason: text, message: text })),
  running: Type.Optional(Type.Object({ startedAt: text })),
  terminated: Type.Optional(
    Type.Object({ exitCode: Type.Integer(), reason: text, message: text, startedAt: text, finishedAt: text }),
  ),
});

const ContainerStatus = Type.Object({
  name: Type.String(),
  image: text,
  imageID: text,
  ready: Type.Boolean(),
  started: Type.Optional(Type.Boolean()),
  restartCount: Type.Integer(),
  state: Type.Optional(State),
  lastState: Type.Optional(State),
});
export type ContainerStatus = Static<typeof ContainerStatus>;

export const Pod = defineType(
  'v1',
  'Pod',
  'pods',
  PodSpec,
  Type.Object({
    phase: text,
    reason: text,
    startTime: text,
    hostIP: text,
    podIP: text,
    conditions,
    containerStatuses: Type.Optional(Type.Array(ContainerStatus)),
  }),
);
export type Pod = ReturnType<typeof Pod.parse>;

export const ReplicaSet = defineType(
  'apps/v1',
  'ReplicaSet',
  'replicasets',
  Type.Object({ replicas: count, minReadySeconds: count, selector: LabelSelector, template: PodTemplate }),
  Type.Object({
    replicas: count,
    fullyLabeledReplicas: count,
    readyReplicas: count,
    availableReplicas: count,
    observedGeneration: count,
  }),
);
export type ReplicaSet = ReturnType<typeof ReplicaSet.parse>;

const share = Type.Optional(Type.Union([Type.Integer(), Type.String()]));

export const Deployment = defineType(
  'apps/v1',
  'Deployment',
  'deployments',
  Type.Object({
    replicas: count,
    minReadySeconds: count,
    progressDeadlineSeconds: count,
    revisionHistoryLimit: count,
    paused: Type.Optional(Type.Boolean()),
    selector: LabelSelector,
    strategy: Type.Optional(
      Type.Object({
        type: text,
        rollingUpdate: Type.Optional(
          Type.Union([Type.Object({ maxSurge: share, maxUnavailable: share }), Type.Null()]),
        ),
      }),
    ),
    template: PodTemplate,
  }),
  Type.Object({
    replicas: count,
    updatedReplicas: count,
    readyReplicas: count,
    availableReplicas: count,
    unavailableReplicas: count,
    observedGeneration: count,
    conditions,
  }),
);
export type Deployment = ReturnType<typeof Deployment.parse>;

export const Job = defineType(
  'batch/v1',
  'Job',
  'jobs',
  Type.Object({
    parallelism: count,
    completions: count,
    backoffLimit: count,
    activeDeadlineSeconds: count,
    ttlSecondsAfterFinished: count,
    suspend: Type.Optional(Type.Boolean()),
    template: PodTemplate,
  }),
  Type.Object({
    active: count,
    ready: count,
    succeeded: count,
    failed: count,
    startTime: text,
    completionTime: text,
    conditions,
  }),
);
export type Job = ReturnType<typeof Job.parse>;
