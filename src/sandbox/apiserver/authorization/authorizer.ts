/**
 * Role-based access control.
 * https://github.com/kubernetes/kubernetes/blob/master/plugin/pkg/auth/authorizer/rbac/rbac.go
 */
import { equal, type Json, objectOf, objects, text, texts } from '../json.ts';
import type { Store } from '../store.ts';
import { MASTERS, type Question, type ResourceQuestion, type User, type Verdict } from './question.ts';

const group = 'rbac.authorization.k8s.io';

export class Authorizer {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  authorize(user: User, question: Question): Verdict {
    if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
    const missing: string[] = [];
    for (const granted of this.#granted(user, 'resource' in question ? question.namespace : '')) {
      if (granted.missing !== undefined) missing.push(granted.missing);
      if (granted.rules.some((rule) => allows(rule, question)))
        return { allowed: true, reason: `RBAC: allowed by ${granted.by}` };
    }
    if (missing.length === 0) return { allowed: false, reason: '' };
    return { allowed: false, reason: `RBAC: ${missing.length === 1 ? missing.join('') : `[${missing.join(', ')}]`}` };
  }

  /** Every rule that the user has in a namespace; empty: in the whole cluster. */
  rulesFor(user: User, namespace: string): readonly Json[] {
    const found: Json[] = [];
    for (const { rules } of this.#granted(user, namespace)) {
      for (const rule of rules) if (!found.some((one) => equal(one, rule))) found.push(rule);
    }
    return found;
  }

  *#granted(user: User, namespace: string): Generator<Granted> {
    for (const binding of this.#store.list(`${group}/clusterrolebindings`)) {
      const subject = objects(binding.subjects).find((one) => isSubject(one, user, ''));
      if (subject !== undefined) yield this.#grantedBy(binding, subject, '');
    }
    if (namespace === '') return;
    for (const binding of this.#store.list(`${group}/rolebindings`, namespace)) {
      const subject = objects(binding.subjects).find((one) => isSubject(one, user, namespace));
      if (subject !== undefined) yield this.#grantedBy(binding, subject, namespace);
    }
  }

  #grantedBy(binding: Json, subject: Json, namespace: string): Granted {
    const { kind, name } = objectOf(binding.roleRef);
    const isLocal = kind === 'Role';
    const role = this.#store.get(
      `${group}/${isLocal ? 'roles' : 'clusterroles'}`,
      isLocal ? namespace : '',
      text(name),
    );
    const own = text(objectOf(binding.metadata).name);
    const place = namespace === '' ? `ClusterRoleBinding "${own}"` : `RoleBinding "${own}/${namespace}"`;
    const by = `${place} of ${text(kind)} "${text(name)}" to ${subjectText(subject)}`;
    if (role !== undefined) return { by, rules: objects(role.rules) };
    return { by, rules: [], missing: `${text(kind).toLowerCase()}.${group} "${text(name)}" not found` };
  }
}

interface Granted {
  /** For people. */
  readonly by: string;
  readonly rules: readonly Json[];
  /** That the role is not there. */
  readonly missing?: string;
}

function isSubject({ kind, name, namespace }: Json, user: User, bound: string): boolean {
  switch (kind) {
    case 'User':
      return name === user.username;
    case 'Group':
      return user.groups.includes(text(name));
    case 'ServiceAccount':
      return user.username === `system:serviceaccount:${text(namespace) || bound}:${text(name)}`;
    default:
      return false;
  }
}

function subjectText({ kind, name, namespace }: Json): string {
  const shown = kind === 'ServiceAccount' ? `${text(name)}/${text(namespace)}` : text(name);
  return `${text(kind)} "${shown}"`;
}

function allows(rule: Json, question: Question): boolean {
  if (!has(texts(rule.verbs), question.verb)) return false;
  if (!('resource' in question)) return texts(rule.nonResourceURLs).some((url) => isPath(url, question.path));
  const names = texts(rule.resourceNames);
  return (
    has(texts(rule.apiGroups), question.group) &&
    isResource(texts(rule.resources), question) &&
    (names.length === 0 || names.includes(question.name))
  );
}

function has(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}

function isResource(resources: readonly string[], { resource, subresource }: ResourceQuestion): boolean {
  if (subresource === '') return has(resources, resource);
  return has(resources, `${resource}/${subresource}`) || resources.includes(`*/${subresource}`);
}

function isPath(url: string, path: string): boolean {
  return url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
}
