/** What a write still has to be allowed when its object is known: by the policies, and the creating of what is missing. */
import { admit } from '../admission/admit.ts';
import { refusal } from '../authorization/refusal.ts';
import type { Operation, Writing } from '../write/operation.ts';
import type { Exchange, ResourceServices } from './exchange.ts';

/** @throws ApiFailure when a policy denies it */
export function askPolicies(
  { core, authorizer }: ResourceServices,
  { path, user }: Exchange,
  operation: Operation,
  { name, object, live }: Writing,
): void {
  const { target, namespace, dryRun } = operation;
  const home = target.type.key === '/namespaces' ? (object ?? live) : core.store.get('/namespaces', '', namespace);
  const kind = object === undefined ? 'DELETE' : live === undefined ? 'CREATE' : 'UPDATE';
  const { subresource } = path;
  const place = { kind, target, subresource, namespace, name, dryRun, user } as const;
  admit(core.store, authorizer, { ...place, object, oldObject: live, namespaceObject: home }, (text) => {
    operation.warn(text);
  });
}

/** @throws ApiFailure 403 */
export function checkMayCreate({ authorizer }: ResourceServices, { path, user }: Exchange): void {
  const { group, plural: resource, subresource, namespace, name } = path;
  const question = { verb: 'create', group, resource, subresource, namespace, name };
  const verdict = authorizer.authorize(user, question);
  if (!verdict.allowed) throw refusal(user, question, verdict);
}
