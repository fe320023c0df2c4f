/** Which requests a policy, or a binding of it, is about. */
import { isObject, type Json, objects, text, texts } from '../json.ts';
import { objectMatcher } from '../object-selector.ts';
import type { Change } from './change.ts';

/** @param constraints `matchConstraints` of a policy or `matchResources` of a binding */
export function isMatched(constraints: Json, change: Change): boolean {
  const { resourceRules, excludeResourceRules, namespaceSelector, objectSelector } = constraints;
  if (!selectsNamespace(namespaceSelector, change) || !selectsObject(objectSelector, change)) return false;
  const isOf = (rule: Json): boolean => isInRule(rule, change, constraints.matchPolicy === 'Exact');
  if (objects(excludeResourceRules).some(isOf)) return false;
  // A binding without rules takes those of its policy.
  return objects(resourceRules).length === 0 || objects(resourceRules).some(isOf);
}

function isInRule(rule: Json, change: Change, exact: boolean): boolean {
  const { type, version } = change.target;
  const { scope } = rule;
  const names = texts(rule.resourceNames);
  if (scope === 'Namespaced' && change.namespace === '') return false;
  if (scope === 'Cluster' && change.namespace !== '') return false;
  const versions = exact ? [version.name] : [...type.versions.keys()];
  return (
    has(texts(rule.operations), change.kind) &&
    has(texts(rule.apiGroups), type.group) &&
    versions.some((one) => has(texts(rule.apiVersions), one)) &&
    texts(rule.resources).some((resource) => isResource(resource, type.plural, change.subresource)) &&
    (names.length === 0 || names.includes(change.name))
  );
}

function has(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}

/** `*` is every resource but no subresource, `*\/*` all of both. */
function isResource(rule: string, plural: string, subresource: string): boolean {
  const [resource = '', sub = ''] = rule.split('/');
  return (resource === '*' || resource === plural) && (sub === subresource || sub === '*');
}

function selectsNamespace(selector: unknown, { namespaceObject }: Change): boolean {
  return !isObject(selector) || namespaceObject === undefined || objectMatcher(selector)(namespaceObject);
}

function selectsObject(selector: unknown, { object, oldObject }: Change): boolean {
  if (!isObject(selector)) return true;
  const matches = objectMatcher(selector);
  return [object, oldObject].some((one) => one !== undefined && matches(one));
}

/** Policies are not asked about policies, so that a wrong one can be taken back. */
export function isExempt({ target }: Change): boolean {
  const { group, plural } = target.type;
  return group === 'admissionregistration.k8s.io' && text(plural).includes('admissionpolic');
}
