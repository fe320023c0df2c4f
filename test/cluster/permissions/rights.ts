/** Rights in the words of a role, one each: `patch rollouts.kuberik.com`, `update rollouts.kuberik.com/status`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isRecord } from '../../../src/api/json.ts';
import { groupOf } from '../../../src/api/resource-type.ts';
import type { AuditEvent } from './ledger.ts';

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

const folder = join(import.meta.dirname, '../../../deploy/kustomize');

/** What the roles of a file of the installation allow. */
export function shippedIn(file: string): ReadonlySet<string> {
  const roles = parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS() as Role);
  const rules = roles.filter(({ kind }) => kind.endsWith('Role')).flatMap((role) => role.rules ?? []);
  return new Set(
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((address) => {
          const [resource = '', subresource = ''] = address.split('/');
          return verbs.map((verb) => written(verb, group, resource, subresource));
        }),
      ),
    ),
  );
}

/** Every right that the ServiceAccount has by the installation, by the role that gives it. */
export const shippedRights: Readonly<Record<string, ReadonlySet<string>>> = {
  'kuberik-controller': shippedIn('cluster-role.yaml'),
  'kuberik-inventory': shippedIn('inventory-cluster-role.yaml'),
  'kuberik-leader-election': shippedIn('leader-election-role.yaml'),
};

/** Undefined for a URL that is no resource. */
export function rightOf({ verb, objectRef }: AuditEvent): string | undefined {
  if (objectRef === undefined) return undefined;
  return written(verb, objectRef.apiGroup ?? '', objectRef.resource, objectRef.subresource ?? '');
}

/** RBAC refused it: an admission policy, or a namespace that ends, says 403 as well. */
export function isRefused({ responseStatus, annotations }: AuditEvent): boolean {
  return responseStatus?.code === 403 && annotations?.['authorization.k8s.io/decision'] !== 'allow';
}

/**
 * What the API server asks its authorizer beside the request itself: an apply that makes the object takes `create`, and
 * with OwnerReferencesPermissionEnforcement an owner whose deletion is held up takes `update` of its finalizers.
 * @param flags of kube-apiserver
 */
export function impliedRights({ verb, objectRef, responseStatus, requestObject }: AuditEvent, flags: string): string[] {
  if (objectRef === undefined || (responseStatus?.code ?? 500) >= 300) return [];
  const { apiGroup = '', resource } = objectRef;
  const created = verb === 'patch' && responseStatus?.code === 201 ? [written('create', apiGroup, resource, '')] : [];
  if (!flags.includes('OwnerReferencesPermissionEnforcement')) return created;
  return [...created, ...ownersOf(requestObject)];
}

function ownersOf(object: unknown): string[] {
  const metadata = isRecord(object) && isRecord(object.metadata) ? object.metadata : {};
  const owners: readonly unknown[] = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  return owners.flatMap((owner) => {
    if (!isRecord(owner) || owner.blockOwnerDeletion !== true) return [];
    const plural = `${String(owner.kind).toLowerCase()}s`;
    return [written('update', groupOf({ apiVersion: String(owner.apiVersion) }), plural, 'finalizers')];
  });
}

function written(verb: string, group: string, resource: string, subresource: string): string {
  const tail = subresource === '' ? '' : `/${subresource}`;
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}${tail}`;
}
