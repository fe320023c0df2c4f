/** Writes the gates of one plan: each of them, whatever becomes of the others. */
import { keyOf, keyText } from '../../api/meta.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import type { SchedulePlan } from '../../core/schedule/plan.ts';
import type { ScheduleOutcome } from '../../core/schedule/status.ts';
import type { KubeClient } from '../../kube/client.ts';
import { ApiStatusError, isNotFound } from '../../kube/errors.ts';

const fieldManager = 'kuberik-schedule';
/** Requests on their way at once: a schedule for a thousand Rollouts must not take all there are. */
const atOnce = 16;

export interface AppliedGates extends ScheduleOutcome {
  /** Somebody changed or deleted a gate in the meantime: look again. */
  readonly raced: ApiStatusError | undefined;
}

interface Write {
  readonly gate: RolloutGate;
  readonly send: () => Promise<unknown>;
}

/** @throws KubeError when the API server does not answer at all */
export async function applyGates(client: KubeClient, plan: SchedulePlan, signal: AbortSignal): Promise<AppliedGates> {
  const options = { fieldManager, signal };
  const writes: readonly Write[] = [
    ...plan.update.map((gate) => ({ gate, send: () => client.replace(RolloutGate, gate, options) })),
    ...plan.create.map((gate) => ({ gate, send: () => client.create(RolloutGate, gate, options) })),
    ...plan.remove.map((gate) => ({ gate, send: () => remove(client, gate, signal) })),
  ];
  const refused = new Map<RolloutGate, ApiStatusError>();
  for (let from = 0; from < writes.length; from += atOnce) {
    await Promise.all(
      writes.slice(from, from + atOnce).map(async ({ gate, send }) => {
        const error = await refusalOf(send);
        if (error !== undefined) refused.set(gate, error);
      }),
    );
  }
  const failed = [...refused].filter(([, error]) => !isRace(error));
  return {
    gates: [...plan.kept, ...plan.create.filter((gate) => !refused.has(gate))],
    failures: failed.map(([gate, error]) => `RolloutGate ${keyText(keyOf(gate))} cannot be written: ${error.message}`),
    raced: [...refused.values()].find(isRace),
  };
}

async function refusalOf(send: () => Promise<unknown>): Promise<ApiStatusError | undefined> {
  try {
    await send();
    return undefined;
  } catch (error) {
    if (error instanceof ApiStatusError) return error;
    throw error;
  }
}

/** Only this incarnation: somebody may have made another gate under the name. */
async function remove(client: KubeClient, gate: RolloutGate, signal: AbortSignal): Promise<void> {
  const { uid } = gate.metadata;
  try {
    await client.remove(RolloutGate, keyOf(gate), { signal, ...(uid !== undefined && { uid }) });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** A name that is taken is none: it may be so for long. */
function isRace({ status, reason, target }: ApiStatusError): boolean {
  return (status === 409 && reason !== 'AlreadyExists') || (status === 404 && target.verb !== 'create');
}
