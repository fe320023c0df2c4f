/** The kubelet's part: brings each pod to the status that its outcome has come to. */
import { keyOf } from '../../api/meta.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { Reader } from '../../kube/reader.ts';
import { type ControllerDefinition, watchSource } from '../../kube/reconciler.ts';
import { type OutcomeOf, podOutcome } from './outcome.ts';
import { patchStatus } from './patch-status.ts';
import { planPod } from './pod-status.ts';
import { Pod } from './types.ts';

export interface PodOptions {
  readonly client: KubeClient;
  readonly reader: Reader;
  readonly clock: Clock;
  readonly outcomeOf: OutcomeOf;
}

export function podController({ client, reader, clock, outcomeOf }: PodOptions): ControllerDefinition {
  return {
    name: 'sandbox-pod',
    watches: [watchSource({ type: Pod, wakes: (current) => (current === undefined ? [] : [keyOf(current)]) })],
    reconciler: {
      async reconcile(key, signal) {
        const pod = await reader.get(Pod, key);
        if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return {};
        const plan = planPod(pod, await podOutcome(pod, outcomeOf, signal), clock.now());
        if (plan === undefined) return {};
        await patchStatus(client, Pod, pod, plan.status, signal);
        return plan.next === undefined ? {} : { requeueAt: plan.next };
      },
    },
  };
}
