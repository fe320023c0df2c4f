/** `RolloutGate` (kuberik.com/v1alpha1): decides whether, and which, versions may be deployed by a Rollout. */
import Type, { type Static } from 'typebox';
import { type ConditionDoc, defineResource, validations } from './define-resource.ts';
import { DurationSchema } from './duration.ts';
import { Conditions, ReferenceTo } from './meta.ts';
import { DigestSchema, TagSchema } from './tag.ts';

/** The classes that are built in. Any other one is judged by a controller of its own. */
export const GATE_CLASS_MANUAL = 'manual';
export const GATE_CLASS_HTTP = 'http';

export const GateApproval = Type.Object(
  {
    required: Type.Optional(
      Type.Integer({
        description: 'How many different people must approve a version. Default: 1.',
        format: 'int32',
        minimum: 1,
        maximum: 100,
        default: 1,
      }),
    ),
    notBy: Type.Optional(
      Type.Enum(['deployer'], {
        description: '`deployer`: the approval of whoever asked for the deployment does not count (four eyes).',
      }),
    ),
    expiresAfter: Type.Optional(
      DurationSchema('How long an approval counts, for example `24h`. Default: as long as it exists.'),
    ),
  },
  { description: 'Class `manual`: whose approvals open the gate. Each is an Approval of the same namespace.' },
);
export type GateApproval = Static<typeof GateApproval>;

export const GateHttp = Type.Object(
  {
    url: Type.String({
      description: 'Asked about each candidate. Its host must be one that the controller may call.',
      pattern: '^https?://[^\\s/?#]+',
      maxLength: 2048,
    }),
    method: Type.Optional(
      Type.Enum(['GET', 'POST', 'PUT'], {
        description:
          'Default: `POST`, with `rollout`, `namespace`, `version`, `digest`, `revision` and `environment` as JSON. `GET` carries them in the query.',
        default: 'POST',
      }),
    ),
    headersSecretRef: Type.Optional(
      Type.Object(
        { name: Type.String({ description: 'Name of a Secret of this namespace.', minLength: 1, maxLength: 253 }) },
        { description: 'Every key of the Secret is sent as a header, for example `Authorization`.' },
      ),
    ),
    caSecretRef: Type.Optional(
      Type.Object(
        { name: Type.String({ description: 'Name of a Secret of this namespace.', minLength: 1, maxLength: 253 }) },
        { description: 'Trusts the certificates under the key `ca.crt` of the Secret, and no others.' },
      ),
    ),
    timeout: Type.Optional(DurationSchema('How long an answer may take. Default: `10s`; most: `60s`.')),
    interval: Type.Optional(
      DurationSchema('After which a refusal or a failure is asked again. Default: `1m`; least: `10s`.'),
    ),
    success: Type.Optional(
      Type.String({
        description:
          'A CEL expression over `status` (a number) and `body` (the JSON of the answer) that is true when the version may be deployed. ' +
          'Default: `status >= 200 && status < 300`, and `body.allowed` is not `false`.',
        minLength: 1,
        maxLength: 4096,
      }),
    ),
  },
  { description: 'Class `http`: asks a service once about each candidate.' },
);
export type GateHttp = Static<typeof GateHttp>;

export const RolloutGateSpec = Type.Object(
  {
    rolloutRef: ReferenceTo('The Rollout of this namespace that the gate is for.'),
    passing: Type.Optional(
      Type.Boolean({ default: true, description: '`false` closes the gate for every version. Default: true.' }),
    ),
    allowedVersions: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Tags that may be deployed. Absent: every tag. Empty list: none.',
      }),
    ),
    validUntil: Type.Optional(
      Type.String({
        description:
          'Until when `passing: true` is believed: the gate is closed from then on, until it is written again. ' +
          'Schedules set it to their next transition. Absent: for ever.',
        format: 'date-time',
      }),
    ),
    class: Type.Optional(
      Type.String({
        description:
          'What judges a version beside the fields above: `manual` (Approvals) and `http` (a service) are built in; ' +
          'any other class is judged by a controller of its own, which writes `status`. Absent: nothing else.',
        minLength: 1,
        maxLength: 63,
      }),
    ),
    approval: Type.Optional(GateApproval),
    http: Type.Optional(GateHttp),
  },
  {
    description: 'What the gate allows.',
    ...validations(
      {
        rule: "!has(self.approval) || (has(self.class) && self.class == 'manual')",
        message: 'approval is for class manual: set class to manual',
        fieldPath: '.approval',
      },
      {
        rule: "!has(self.http) || (has(self.class) && self.class == 'http')",
        message: 'http is for class http: set class to http',
        fieldPath: '.http',
      },
      {
        rule: "!has(self.class) || self.class != 'http' || has(self.http)",
        message: 'class http needs http.url',
        fieldPath: '.http',
      },
    ),
  },
);
export type RolloutGateSpec = Static<typeof RolloutGateSpec>;

export const GateVerdict = Type.Object({
  tag: TagSchema('The version that was judged.'),
  digest: Type.Optional(DigestSchema('Its digest; the tag on another digest is another version.')),
  allowed: Type.Boolean({ description: 'Whether it may be deployed.' }),
  message: Type.Optional(Type.String({ description: 'Why, for people.' })),
  failed: Type.Optional(
    Type.Boolean({ description: 'Nobody refused it: there was no usable answer, and `allowed` is false.' }),
  ),
  timestamp: Type.String({ description: 'When it was judged.', format: 'date-time' }),
  retryAt: Type.Optional(Type.String({ description: 'When it is judged again. Absent: never.', format: 'date-time' })),
});
export type GateVerdict = Static<typeof GateVerdict>;

export const RolloutGateStatus = Type.Object(
  {
    observedGeneration: Type.Optional(
      Type.Integer({
        description: 'The `metadata.generation` that was judged; a status about an older one does not open the gate.',
        format: 'int64',
      }),
    ),
    passing: Type.Optional(
      Type.Boolean({
        description: '`false` closes the gate; `true` opens it for what the fields below do not refuse.',
      }),
    ),
    allowedVersions: Type.Optional(
      Type.Array(Type.String(), { description: 'Tags that may be deployed. Absent: see `verdicts` and `passing`.' }),
    ),
    verdicts: Type.Optional(
      Type.Array(GateVerdict, {
        description: 'Judgements of single versions; each of them wins over `allowedVersions`.',
      }),
    ),
    message: Type.Optional(Type.String({ description: 'What the gate waits for, for people.' })),
    validUntil: Type.Optional(
      Type.String({
        description: 'Until when this is believed: the gate is closed from then on. Absent: for ever.',
        format: 'date-time',
      }),
    ),
    conditions: Type.Optional(Conditions('`Ready` is False when the gate cannot judge.')),
  },
  { description: 'What a gate with a class of its own (`http`, or any but `manual`) says. Its controller writes it.' },
);
export type RolloutGateStatus = Static<typeof RolloutGateStatus>;

export const GateConditionReason = {
  Answered: 'Answered',
  InvalidSpec: 'InvalidSpec',
  HostNotAllowed: 'HostNotAllowed',
  SecretNotFound: 'SecretNotFound',
  Unreachable: 'Unreachable',
} as const;
export type GateConditionReason = (typeof GateConditionReason)[keyof typeof GateConditionReason];

const gateConditions: readonly ConditionDoc[] = [
  {
    type: 'Ready',
    description: 'Class `http`: whether the service answers. Other controllers may use it for the same.',
    reasons: [
      { reason: 'Answered', status: 'True', description: 'It does, or nothing is to be asked.' },
      {
        reason: 'InvalidSpec',
        status: 'False',
        description: 'The URL, a duration or the expression cannot be understood.',
      },
      { reason: 'HostNotAllowed', status: 'False', description: 'The controller may not call this host.' },
      { reason: 'SecretNotFound', status: 'False', description: 'A Secret is not there, or lacks what is needed.' },
      { reason: 'Unreachable', status: 'False', description: 'No usable answer: the gate is closed and asks again.' },
    ],
  },
];

export const RolloutGate = defineResource({
  group: 'kuberik.com',
  version: 'v1alpha1',
  kind: 'RolloutGate',
  plural: 'rolloutgates',
  singular: 'rolloutgate',
  scope: 'Namespaced',
  description: 'RolloutGate decides whether, and which, versions a Rollout of the same namespace may deploy.',
  spec: RolloutGateSpec,
  status: RolloutGateStatus,
  columns: [
    { name: 'Rollout', type: 'string', jsonPath: '.spec.rolloutRef.name' },
    { name: 'Class', type: 'string', jsonPath: '.spec.class' },
    { name: 'Passing', type: 'boolean', jsonPath: '.spec.passing' },
    { name: 'Message', type: 'string', jsonPath: '.status.message', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  conditions: gateConditions,
});
export type RolloutGate = ReturnType<typeof RolloutGate.parse>;
