/** The policies of the system and their bindings, as they are installed. */
import type { KubeObject } from '../meta.ts';
import { bindingObject, type PolicyDefinition, policyObject } from './admission-policy.ts';
import { approvalIdentity } from './approval-identity.ts';
import { healthCheckAccess } from './health-check-access.ts';
import { rolloutOperations } from './rollout-operations.ts';

export const policies: readonly PolicyDefinition[] = [rolloutOperations, approvalIdentity, healthCheckAccess];

export function policyObjects(): readonly KubeObject[] {
  return policies.flatMap((policy) => [policyObject(policy), bindingObject(policy)]);
}
