/** Whether the person may, asked before anything is written: the refusal names the verb, the object and who could help. */
import { operations } from '../../api/operations.ts';
import { roleWith } from '../../api/policies/roles.ts';
import type { KubeClient } from '../../kube/client.ts';
import { KubeError } from '../../kube/errors.ts';
import { type Access, mayI } from '../../kube/reviews.ts';
import { CliError, ExitCode } from '../errors.ts';
import type { Need } from '../operations/plan.ts';

export interface Asking {
  readonly user: string;
  /** Empty for what belongs to no namespace. */
  readonly namespace: string;
  readonly name: string;
}

/** The ready-made ones, where it is no operation that is missing. */
const roles: Readonly<Record<string, string>> = { approvals: 'kuberik-approver', rollouts: 'kuberik-deployer' };

/** @throws CliError with exit code 5 for the first that is missing */
export async function requireAll(client: KubeClient, needs: readonly Need[], asking: Asking): Promise<void> {
  for (const need of needs) await require(client, need, asking);
}

async function require(client: KubeClient, need: Need, { user, namespace, name }: Asking): Promise<void> {
  const { verb, resource, what } = wanted(need);
  const access: Access = {
    verb,
    group: 'kuberik.com',
    resource,
    namespace,
    // What is to be created has no name yet.
    ...(verb === 'create' ? {} : { name }),
  };
  if (await isAllowed(client, access)) return;
  const where = namespace === '' ? 'in the cluster' : `in namespace ${namespace}`;
  const role = 'operation' in need ? roleWith(verb) : (roles[resource] ?? 'kuberik-operator');
  const bindings = namespace === '' ? 'ClusterRoleBindings' : `RoleBindings of namespace ${namespace}`;
  const check = `kubectl auth can-i ${verb} ${resource}.kuberik.com${namespace === '' ? '' : ` -n ${namespace}`}`;
  throw new CliError(
    ExitCode.Forbidden,
    `${user} may not ${what}: the verb "${verb}" on ${resource}.kuberik.com ${where} is missing`,
    `ask whoever may write ${bindings} for a role with that verb, such as ${role}; check it with: ${check}`,
  );
}

function wanted(need: Need): { readonly verb: string; readonly resource: string; readonly what: string } {
  if (!('operation' in need)) return need;
  const { verb, description } = operations[need.operation];
  return { verb, resource: 'rollouts', what: description };
}

/** A cluster that does not answer such questions decides when it is written to. */
async function isAllowed(client: KubeClient, access: Access): Promise<boolean> {
  try {
    return await mayI(client, access);
  } catch (error) {
    if (error instanceof KubeError && error.code === 'KBK_KUBE_STATUS') return true;
    throw error;
  }
}
