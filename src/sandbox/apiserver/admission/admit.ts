/** Whether the policies let a change pass. They take effect with the write that stores them. */
import type { Authorizer } from '../authorization/authorizer.ts';
import { ApiFailure, forbidden } from '../errors.ts';
import { objectOf, text, texts } from '../json.ts';
import type { Store } from '../store.ts';
import type { Change } from './change.ts';
import { evaluate, type Objection } from './evaluate.ts';
import { isExempt, isMatched } from './match.ts';
import { policyOf } from './policy.ts';

const group = 'admissionregistration.k8s.io';

/** @param warn for bindings that only warn. @throws ApiFailure when a policy denies it */
export function admit(store: Store, authorizer: Authorizer, change: Change, warn: (text: string) => void): void {
  const bindings = store.list(`${group}/validatingadmissionpolicybindings`);
  if (bindings.length === 0 || isExempt(change)) return;
  for (const binding of bindings) {
    const { policyName, matchResources, validationActions } = objectOf(binding.spec);
    const stored = store.get(`${group}/validatingadmissionpolicies`, '', text(policyName));
    if (stored === undefined) continue;
    const policy = policyOf(stored);
    if (!isMatched(policy.constraints, change) || !isMatched(objectOf(matchResources), change)) continue;
    const actions = texts(validationActions);
    const name = text(objectOf(binding.metadata).name);
    const place = `ValidatingAdmissionPolicy '${policy.name}' with binding '${name}'`;
    for (const objection of evaluate(policy, change, authorizer)) {
      if (actions.includes('Deny')) throw denial(change, place, objection);
      if (actions.includes('Warn')) warn(`Validation failed for ${place}: ${objection.message}`);
    }
  }
}

const codes: Readonly<Record<string, number>> = {
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

function denial({ target, name }: Change, place: string, { message, reason }: Objection): ApiFailure {
  const why = `${place} denied request: ${message}`;
  const { message: told, details } = forbidden(target.type, name === '' ? 'Unknown' : name, why);
  const code = codes[reason] === undefined ? 'Invalid' : reason;
  return new ApiFailure(codes[code] ?? 422, code, told, { ...details, causes: [{ message: why }] });
}
