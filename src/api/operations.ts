/**
 * What a person can do to a Rollout beside editing it: each operation, how it is asked for, and the RBAC verb on
 * `rollouts` that allows it. The admission policies, the ready-made roles and the command line are made of this table.
 */
import * as keys from './annotations.ts';

export interface Operation {
  /** The verb of RBAC, on the resource `rollouts` of the group `kuberik.com`. */
  readonly verb: string;
  /** Setting or changing one of these asks for it; taking it back does not. */
  readonly annotations: readonly string[];
  /** Setting, changing or removing one of these does it. Paths below the object. */
  readonly fields?: readonly string[];
  /** An annotation without a value asks for nothing. Default false. */
  readonly emptyIsNothing?: boolean;
  /** What it does, for people: completes "you may not ...". */
  readonly description: string;
}

export const operations = {
  deploy: {
    verb: 'deploy',
    annotations: [keys.DEPLOY],
    emptyIsNothing: true,
    description: 'deploy a version of your choice, as soon as the gates allow it',
  },
  forceDeploy: {
    verb: 'force-deploy',
    annotations: [keys.FORCE_DEPLOY],
    emptyIsNothing: true,
    description: 'deploy a version past gates, freezes and health checks',
  },
  bypassGates: {
    verb: 'bypass-gates',
    annotations: [keys.BYPASS_GATES],
    emptyIsNothing: true,
    description: 'let a version past the gates',
  },
  rollback: {
    verb: 'rollback',
    annotations: [keys.ROLLBACK],
    description: 'return to a version that was good here',
  },
  pin: {
    verb: 'pin',
    annotations: [],
    fields: ['spec.wantedVersion', 'spec.releasesImagePolicy.wantedVersion'],
    description: 'pin a version, or remove a pin',
  },
  unblock: {
    verb: 'unblock',
    annotations: [keys.UNBLOCK_FAILED],
    description: 'let automation go on after a failed bake',
  },
  retry: {
    verb: 'retry',
    annotations: [keys.RETRY, keys.RETRY_MODE],
    description: 'start a failed bake over',
  },
  revoke: {
    verb: 'revoke',
    annotations: [keys.REVOKE],
    description: 'keep a release from ever being selected automatically again',
  },
} as const satisfies Readonly<Record<string, Operation>>;
export type OperationName = keyof typeof operations;
