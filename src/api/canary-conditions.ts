/** Condition types and reasons of a RolloutTest, and those that Kuberik writes on a Kruise Rollout. They are wire. */
import type { ConditionDoc } from './define-resource.ts';

export const RolloutTestConditionType = { Ready: 'Ready', Failed: 'Failed', Stalled: 'Stalled' } as const;

export const RolloutTestReason = {
  JobPending: 'JobPending',
  JobInProgress: 'JobInProgress',
  JobSucceeded: 'JobSucceeded',
  /** When the Job gives no reason of its own, such as `BackoffLimitExceeded` or `DeadlineExceeded`. */
  JobFailed: 'JobFailed',
  JobCancelled: 'JobCancelled',
  StepAdvanced: 'StepAdvanced',
  TestSkipped: 'TestSkipped',
} as const;

export const KruiseConditionType = { Stalled: 'Stalled', KuberikBakeHealthy: 'KuberikBakeHealthy' } as const;

export const KruiseReason = {
  // Stalled
  RolloutTestFailed: 'RolloutTestFailed',
  StepReadyTimeoutExceeded: 'StepReadyTimeoutExceeded',
  WithinDeadline: 'WithinDeadline',
  /** Written by the dashboard. */
  RetryRequested: 'RetryRequested',
  /** Written by old releases, and cleared like any other stall. */
  KuberikRolloutBakeFailed: 'KuberikRolloutBakeFailed',
  // KuberikBakeHealthy
  BakeHealthy: 'BakeHealthy',
  BakeFailed: 'BakeFailed',
} as const;

export const rolloutTestConditions: readonly ConditionDoc[] = [
  {
    type: 'Ready',
    description: 'Whether the test is over and the canary may go on as far as it is concerned.',
    reasons: [
      { reason: 'JobPending', status: 'False', description: 'The Job has not started.' },
      { reason: 'JobInProgress', status: 'False', description: 'The Job runs.' },
      { reason: 'JobSucceeded', status: 'True', description: 'The Job succeeded.' },
      { reason: 'JobFailed', status: 'False', description: "The Job failed; or the Job's own reason." },
      {
        reason: 'JobCancelled',
        status: 'True',
        description: 'The step, or the whole canary, was left before the end.',
      },
      { reason: 'StepAdvanced', status: 'True', description: 'The canary is at another step; the result is final.' },
      { reason: 'TestSkipped', status: 'True', description: 'A person asked to skip it on retry.' },
    ],
  },
  {
    type: 'Failed',
    description: 'Whether the test failed.',
    reasons: [{ reason: 'JobFailed', status: 'True', description: "The Job failed; or the Job's own reason." }],
  },
  {
    type: 'Stalled',
    description: 'Whether the canary cannot go on because of this test.',
    reasons: [
      { reason: 'JobFailed', status: 'True', description: "The Job failed; or the Job's own reason." },
      { reason: 'StepAdvanced', status: 'False', description: 'It no longer matters: the canary moved on.' },
    ],
  },
];

/** On the Kruise Rollout itself. */
export const kruiseConditions: readonly ConditionDoc[] = [
  {
    type: 'Stalled',
    description: 'Whether the current step failed. Flux and Kuberik see a stalled canary as unhealthy.',
    reasons: [
      {
        reason: 'RolloutTestFailed',
        status: 'True',
        description: 'A RolloutTest of the step failed or was cancelled.',
      },
      { reason: 'StepReadyTimeoutExceeded', status: 'True', description: 'The step was not ready in time.' },
      { reason: 'KuberikRolloutBakeFailed', status: 'True', description: 'Written by old releases only.' },
      { reason: 'WithinDeadline', status: 'False', description: 'Nothing is wrong, or no longer.' },
      { reason: 'RetryRequested', status: 'False', description: 'Written by the dashboard: a person asked to retry.' },
    ],
  },
  {
    type: 'KuberikBakeHealthy',
    description: 'Whether the bake of the Kuberik Rollout, if there is one, has not failed.',
    reasons: [
      { reason: 'BakeHealthy', status: 'True', description: 'It has not failed.' },
      { reason: 'BakeFailed', status: 'False', description: 'The bake failed: no step is approved any more.' },
    ],
  },
];
