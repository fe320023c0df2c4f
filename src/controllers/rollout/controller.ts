/** The Rollout controller: delivers the releases of an ImagePolicy to the Flux objects that refer to the Rollout. */
import type { ControllerDefinition } from '../../kube/reconciler.ts';
import type { RolloutControllerOptions } from './options.ts';
import { reconcileRollout } from './reconcile.ts';
import { TargetFaults } from './target-faults.ts';
import { rolloutWatches } from './watches.ts';

/** The name is upstream's: it labels metrics. */
export function rolloutController(options: RolloutControllerOptions): ControllerDefinition {
  const faults = new TargetFaults();
  return {
    name: 'rollout',
    watches: rolloutWatches(options),
    reconciler: { reconcile: (key, signal) => reconcileRollout(options, faults, key, signal) },
  };
}
