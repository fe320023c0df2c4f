/** A Rollout that cannot be decided upon is told so in its own conditions. */

import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { Approval } from '../../api/approval.ts';
import { ConditionReason, RolloutConditionType } from '../../api/conditions.ts';
import { parserFor } from '../../api/define-resource.ts';
import type { InvalidObjectError } from '../../api/errors.ts';
import { Freeze } from '../../api/freeze.ts';
import { HealthCheck } from '../../api/health-check.ts';
import { isRecord, sameJson } from '../../api/json.ts';
import { Condition, keyOf, type ObjectKey, ObjectMeta } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { Rollout } from '../../api/rollout.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import { type ConditionUpdate, setConditions } from '../../core/condition.ts';
import type { ApiStatusError } from '../../kube/errors.ts';
import type { RolloutControllerOptions } from './options.ts';

const conditionList = Compile(Type.Array(Condition));
/** Parsing it as a Rollout is what failed. Nothing is left out, so that a cache knows the answer of a write again. */
const asIs: ResourceType = {
  ...Rollout,
  parse: parserFor(Rollout.kind, Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: ObjectMeta })),
};

/** It no longer fits its schema. */
export async function reportInvalid(
  options: RolloutControllerOptions,
  error: InvalidObjectError,
  signal: AbortSignal,
): Promise<void> {
  const message = `${error.message}; nothing is deployed until it is corrected`;
  const key = { namespace: error.namespace, name: error.objectName };
  const update = { status: 'False', reason: ConditionReason.InvalidSpec, message } as const;
  await report(options, key, error.object, [{ type: RolloutConditionType.Ready, ...update }], signal);
}

/** The roles of this controller lack a kind that the decision needs: a gate that cannot be read may be closed. */
export async function reportForbidden(
  options: RolloutControllerOptions,
  rollout: Rollout,
  error: ApiStatusError,
  signal: AbortSignal,
): Promise<void> {
  const message = `${error.message}; nothing is deployed until the controller is given the right`;
  const update = { status: 'False', reason: reasonOf(error), message } as const;
  const types = [RolloutConditionType.Ready, RolloutConditionType.Progressing];
  const updates = types.map((type) => ({ type, ...update }));
  await report(options, keyOf(rollout), rollout, updates, signal);
}

function reasonOf({ target }: ApiStatusError): ConditionReason {
  if (target.kind === RolloutGate.kind) return ConditionReason.GateListFailed;
  if (target.kind === Approval.kind) return ConditionReason.ApprovalListFailed;
  if (target.kind === Freeze.kind) return ConditionReason.FreezeListFailed;
  return target.kind === HealthCheck.kind ? ConditionReason.HealthCheckListFailed : ConditionReason.RolloutFailed;
}

/** Writes conditions alone, and nothing when they say so already. */
async function report(
  { client, clock }: RolloutControllerOptions,
  key: ObjectKey,
  object: unknown,
  updates: readonly ConditionUpdate[],
  signal: AbortSignal,
): Promise<void> {
  const status = isRecord(object) && isRecord(object.status) ? object.status : {};
  const before: unknown = status.conditions;
  const present = conditionList.Check(before) ? before : [];
  const conditions = setConditions(present, updates, undefined, clock.now());
  if (sameJson(conditions, present)) return;
  const patch = { type: 'merge', body: { status: { conditions } } } as const;
  await client.patch(asIs, key, patch, { signal, subresource: 'status' });
}
