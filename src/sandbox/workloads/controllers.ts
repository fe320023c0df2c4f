/** All workload stand-ins, as the sandbox runs them. */
import type { ControllerDefinition } from '../../kube/reconciler.ts';
import { deploymentController } from './deployment.ts';
import { jobController } from './job.ts';
import { type PodOptions, podController } from './pod.ts';
import { replicaSetController } from './replica-set.ts';

export function workloadControllers(options: PodOptions): readonly ControllerDefinition[] {
  return [deploymentController(options), replicaSetController(options), jobController(options), podController(options)];
}
