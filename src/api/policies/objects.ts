/** The policies of the system and their bindings, as they are installed. */
import type { KubeObject } from '../meta.ts';
import { bindingObject, type PolicyDefinition, policyObject } from './admission-policy.ts';
import { approvalIdentity } from './approval-identity.ts';
import { rolloutOperations } from './rollout-operations.ts';

export const policies: readonly PolicyDefinition[] = [rolloutOperations, approvalIdentity];

export function policyObjects(): readonly KubeObject[] {
  return policies.flatMap((policy) => [policyObject(policy), bindingObject(policy)]);
}
