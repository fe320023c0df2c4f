/** The API server's audit log: every write of the controllers, in the order in which etcd took them. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NAMESPACE, shipped } from '../../support/controller.ts';

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly extra?: Readonly<Record<string, readonly string[]>> };
  readonly objectRef: { readonly resource: string; readonly subresource?: string; readonly name?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly responseObject?: {
    readonly metadata?: { readonly resourceVersion?: string };
    readonly spec?: { readonly holderIdentity?: string };
  };
  readonly stageTimestamp: string;
}

export interface Write {
  /** Of the whole cluster, so that writes of different objects can be put in order. */
  readonly revision: number;
  readonly at: Temporal.Instant;
  /** Of the token that it was made with. */
  readonly credential: string;
  /** For example `patch kustomizations/app`. */
  readonly what: string;
  /** Who holds the lease from now on, when it was the lease that was written; empty: nobody. */
  readonly holder: string | undefined;
}

export class Audit {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kuberik-audit-'));

  /** Of kube-apiserver. */
  get flags(): readonly string[] {
    const policy = join(this.#folder, 'policy.json');
    const users = [`system:serviceaccount:${NAMESPACE}:${shipped().serviceAccount}`];
    const rules = [
      { level: 'None', resources: [{ group: '', resources: ['events'] }] },
      { level: 'RequestResponse', users, verbs: ['create', 'update', 'patch', 'delete'] },
      { level: 'None' },
    ];
    const omitStages = ['RequestReceived'];
    writeFileSync(policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages, rules }));
    return [`--audit-policy-file=${policy}`, `--audit-log-path=${this.#log}`, '--audit-log-maxsize=1000'];
  }

  get folder(): string {
    return this.#folder;
  }

  get #log(): string {
    return join(this.#folder, 'audit.log');
  }

  /** Those that changed something. */
  writes(): readonly Write[] {
    const lines = readFileSync(this.#log, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const events = lines.map((line) => JSON.parse(line) as AuditEvent);
    const writes = events.filter(({ responseStatus }) => (responseStatus?.code ?? 500) < 300).map(writeOf);
    const seen = new Set<number>();
    return writes
      .toSorted((a, b) => a.revision - b.revision)
      .filter(({ revision }) => !seen.has(revision) && seen.add(revision));
  }
}

function writeOf({ verb, user, objectRef, responseObject, stageTimestamp }: AuditEvent): Write {
  const { resource, subresource, name = '' } = objectRef;
  const id = user.extra?.['authentication.kubernetes.io/credential-id']?.[0] ?? '';
  return {
    revision: Number(responseObject?.metadata?.resourceVersion),
    at: Temporal.Instant.from(stageTimestamp),
    credential: id.replace('JTI=', ''),
    what: `${verb} ${resource}/${name}${subresource === undefined ? '' : `/${subresource}`}`,
    holder: resource === 'leases' ? (responseObject?.spec?.holderIdentity ?? '') : undefined,
  };
}

export interface Term {
  readonly holder: string;
  readonly credential: string;
  readonly renewedAt: Temporal.Instant;
}

/** What the writes say against exactly one acting at a time. @param lasts seconds that a lease is good for */
export function usurpations(
  writes: readonly Write[],
  lasts = 15,
): { readonly terms: readonly Term[]; readonly faults: readonly string[] } {
  const terms: Term[] = [];
  const faults: string[] = [];
  let present: Term | undefined;
  for (const { holder, credential, at, what, revision } of writes) {
    if (holder === undefined) {
      if (credential !== present?.credential)
        faults.push(`${what} at ${revision} by ${credential}, while ${present?.credential ?? 'nobody'} held the lease`);
      continue;
    }
    if (holder === '') {
      present = undefined;
      continue;
    }
    const isNext = holder !== present?.holder;
    if (isNext && present !== undefined && present.renewedAt.until(at).total('seconds') < lasts)
      faults.push(
        `${holder} took the lease ${present.renewedAt.until(at).toString()} after ${present.holder} renewed it`,
      );
    present = { holder, credential, renewedAt: at };
    if (isNext) terms.push(present);
  }
  return { terms, faults };
}
