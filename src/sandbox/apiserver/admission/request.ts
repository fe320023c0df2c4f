/** `request` in expressions: an AdmissionRequest without the objects. What is empty is not there. */
import type { Json } from '../json.ts';
import type { Change } from './change.ts';

const options = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const;

export function requestOf({ kind, target, subresource, namespace, name, dryRun, user }: Change): Json {
  const { type, version } = target;
  const ofKind =
    subresource === 'scale'
      ? { group: 'autoscaling', version: 'v1', kind: 'Scale' }
      : { group: type.group, version: version.name, kind: type.kind };
  const ofResource = { group: type.group, version: version.name, resource: type.plural };
  return {
    kind: ofKind,
    resource: ofResource,
    ...(subresource === '' ? {} : { subResource: subresource, requestSubResource: subresource }),
    requestKind: ofKind,
    requestResource: ofResource,
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation: kind,
    userInfo: { username: user.username, groups: [...user.groups] },
    dryRun,
    options: { kind: options[kind], apiVersion: 'meta.k8s.io/v1' },
  };
}
