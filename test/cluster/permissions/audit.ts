/** What somebody asked of the API server, from its own audit log, in the words of a role. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';

interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: {
    readonly resource: string;
    readonly apiGroup?: string;
    readonly subresource?: string;
    readonly namespace?: string;
  };
  readonly responseStatus?: { readonly code: number };
}

export interface Audit {
  /** For kube-apiserver. */
  readonly flags: readonly string[];
  /** Everything until now, a line each: `patch rollouts.kuberik.com`, `update rollouts.kuberik.com/status`. */
  requests(): ReadonlySet<string>;
  /** Those that the API server answered with 403. */
  refused(): ReadonlySet<string>;
}

/** @param user whose requests are written down, when they are answered */
export function auditOf(user: string, directory: string): Audit {
  const [policyFile, log] = [join(directory, 'policy.yaml'), join(directory, 'audit.log')];
  const rules = [{ level: 'Metadata', users: [user] }, { level: 'None' }];
  const policy = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'], rules };
  writeFileSync(policyFile, stringify(policy));
  const events = (): readonly AuditEvent[] =>
    readFileSync(log, 'utf8')
      .split('\n')
      // The last line may be half written.
      .slice(0, -1)
      .map((line) => JSON.parse(line) as AuditEvent);
  const refused = ({ responseStatus }: AuditEvent): boolean => responseStatus?.code === 403;
  return {
    flags: [`--audit-policy-file=${policyFile}`, `--audit-log-path=${log}`],
    requests: () => new Set(events().map(request)),
    refused: () => new Set(events().filter(refused).map(request)),
  };
}

function request({ verb, requestURI, objectRef }: AuditEvent): string {
  if (objectRef === undefined) return `${verb} ${requestURI}`;
  return written(verb, objectRef.apiGroup ?? '', objectRef.resource, objectRef.subresource ?? '');
}

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** What the roles of a file allow, in the same words. */
export function grantedBy(file: string): ReadonlySet<string> {
  const roles = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Role);
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

function written(verb: string, group: string, resource: string, subresource: string): string {
  const tail = subresource === '' ? '' : `/${subresource}`;
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}${tail}`;
}
