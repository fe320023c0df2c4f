/**
 * ClusterRoles that are made of others, by their labels.
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
import { equal, isObject, type Json, objectOf, objects, text } from '../json.ts';
import { objectMatcher } from '../object-selector.ts';
import { metadataOf, type StoreEvent } from '../store.ts';
import type { Core } from '../write/operation.ts';
import type { WorkQueue } from './queue.ts';

const key = 'rbac.authorization.k8s.io/clusterroles';

export class RoleAggregator {
  readonly #core: Core;
  readonly #queue: WorkQueue;

  constructor(core: Core, queue: WorkQueue) {
    this.#core = core;
    this.#queue = queue;
  }

  observe(event: StoreEvent): void {
    if (event.resource !== key) return;
    this.#queue.add(() => {
      this.#aggregate();
    });
  }

  /** Ends: a role that is made of roles that are made of others comes with the write of those. */
  #aggregate(): void {
    const { store } = this.#core;
    const roles = store.list(key);
    for (const role of roles.filter(({ aggregationRule }) => isObject(aggregationRule))) {
      const rules = gathered(role, roles);
      if (!equal(objects(role.rules), rules)) store.put(key, '', text(metadataOf(role).name), { ...role, rules });
    }
  }
}

function gathered(role: Json, roles: readonly Json[]): readonly Json[] {
  const rules: Json[] = [];
  for (const matches of objects(objectOf(role.aggregationRule).clusterRoleSelectors).flatMap(matcher)) {
    for (const other of roles) {
      if (other === role || !matches(other)) continue;
      for (const rule of objects(other.rules)) if (!rules.some((one) => equal(one, rule))) rules.push(rule);
    }
  }
  return rules;
}

/** None for a selector that cannot be understood. */
function matcher(selector: Json): readonly ((object: Json) => boolean)[] {
  try {
    return [objectMatcher(selector)];
  } catch {
    return [];
  }
}
