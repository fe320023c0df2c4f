/** A Rollout that no longer fits its schema cannot be decided upon; it is told so in its own status. */

import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { ConditionReason, RolloutConditionType } from '../../api/conditions.ts';
import { parserFor } from '../../api/define-resource.ts';
import type { InvalidObjectError } from '../../api/errors.ts';
import { isRecord, sameJson } from '../../api/json.ts';
import { Condition, ObjectMeta } from '../../api/meta.ts';
import type { ResourceType } from '../../api/resource-type.ts';
import { Rollout } from '../../api/rollout.ts';
import { setConditions } from '../../core/condition.ts';
import type { RolloutControllerOptions } from './options.ts';

const conditionList = Compile(Type.Array(Condition));
/** Parsing it as a Rollout is what failed. Nothing is left out, so that a cache knows the answer of a write again. */
const asIs: ResourceType = {
  ...Rollout,
  parse: parserFor(Rollout.kind, Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: ObjectMeta })),
};

export async function reportInvalid(
  { client, clock }: RolloutControllerOptions,
  error: InvalidObjectError,
  signal: AbortSignal,
): Promise<void> {
  const status = isRecord(error.object) && isRecord(error.object.status) ? error.object.status : {};
  const before: unknown = status.conditions;
  const present = conditionList.Check(before) ? before : [];
  const conditions = setConditions(
    present,
    [
      {
        type: RolloutConditionType.Ready,
        status: 'False',
        reason: ConditionReason.InvalidSpec,
        message: `${error.message}; nothing is deployed until it is corrected`,
      },
    ],
    undefined,
    clock.now(),
  );
  if (sameJson(conditions, present)) return;
  const key = { namespace: error.namespace, name: error.objectName };
  const patch = { type: 'merge', body: { status: { conditions } } } as const;
  await client.patch(asIs, key, patch, { signal, subresource: 'status' });
}
