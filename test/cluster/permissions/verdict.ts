/** What the ledger of a run says of the installation's roles: what is used and not shipped, and shipped and not used. */
import { isRecord } from '../../../src/api/json.ts';
import { type AuditEvent, controllerUser, type Volume } from './ledger.ts';
import { impliedRights, isRefused, rightOf, shippedRights } from './rights.ts';

/** Why the API server let it: https://kubernetes.io/docs/reference/labels-annotations-taints/audit-annotations/ */
const reasonKey = 'authorization.k8s.io/reason';
/** What every account of a cluster has: to ask what is served, and whether it may. */
const everybody = new Set([
  'system:discovery',
  'system:public-info-viewer',
  'system:basic-user',
  'system:service-account-issuer-discovery',
]);

/** Planes whose tests take rights away, or give others: what is refused or allowed there says nothing about the roles. */
export const unusual: Readonly<Record<string, string>> = {
  'runtime-denied': 'a test takes rights away, to see what is said',
  namespaced: 'an installation for one namespace, with roles of docs/install.md',
};
/** Kinds of tests: that they may not be read is what is tested, or a role of the test allows it, as docs/install.md says. */
const ofTests = / widgets\.example\.com$/;

export interface Verdict {
  /** Something that should not have been asked, or was allowed by a role of somebody else. */
  readonly faults: readonly string[];
  /** Shipped rights that nothing in the run needed. */
  readonly unused: readonly string[];
  /** How many rights were seen in use. */
  readonly used: number;
  readonly requests: number;
}

export function judge(volumes: readonly Volume[]): Verdict {
  const used = new Set<string>();
  const faults = new Set<string>();
  let requests = 0;
  for (const { plane, flags, events } of volumes) {
    const named = secretsNamedIn(events);
    for (const event of events) {
      if (event.user.username !== controllerUser) continue;
      requests += 1;
      const right = rightOf(event);
      for (const fault of secretFaults(event, named)) faults.add(`${plane}: ${fault}`);
      if (plane in unusual || right === undefined || ofTests.test(right)) continue;
      for (const one of [right, ...impliedRights(event, flags.join(' '))]) used.add(one);
      const fault = roleFault(event, right);
      if (fault !== undefined) faults.add(`${plane}: ${fault}`);
    }
  }
  const shipped = Object.entries(shippedRights).flatMap(([role, rights]) =>
    [...rights].map((right) => ({ right, text: `${right} (${role})` })),
  );
  const unused = shipped.filter(({ right }) => !used.has(right)).map(({ text }) => text);
  return { faults: [...faults].sort(), unused: unused.sort(), used: used.size, requests };
}

function roleFault(event: AuditEvent, right: string): string | undefined {
  if (isRefused(event)) return `it was refused ${right}: ship the right, or do not ask`;
  const reason = event.annotations?.[reasonKey] ?? '';
  // Without the annotation nobody was asked: the request itself was not understood, or the server was about to end.
  if (reason === '') return undefined;
  const [, role = ''] = / of (?:Cluster)?Role "([^"]+)"/.exec(reason) ?? [];
  if (everybody.has(role)) return undefined;
  if (shippedRights[role]?.has(right) === true) return undefined;
  return `${right} was allowed by what is not shipped: ${reason}`;
}

type Named = ReadonlyMap<string, ReadonlySet<string>>;

/** By namespace, what anybody ever wrote there as the name of a Secret. */
function secretsNamedIn(events: readonly AuditEvent[]): Named {
  const named = new Map<string, Set<string>>();
  for (const { objectRef, requestObject } of events) {
    const names = namesIn(requestObject);
    if (names.length === 0) continue;
    const namespace = objectRef?.namespace ?? '';
    const present = named.get(namespace) ?? new Set();
    for (const name of names) present.add(name);
    named.set(namespace, present);
  }
  return named;
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = /secretRef$/i.test(key) && isRecord(inner) ? inner.name : undefined;
    return typeof name === 'string' ? [name] : namesIn(inner);
  });
}

/** A Secret is read by the name that an object of its own namespace gives, and in no other way. */
function secretFaults({ verb, objectRef }: AuditEvent, named: Named): string[] {
  if (objectRef?.resource !== 'secrets' || (objectRef.apiGroup ?? '') !== '') return [];
  const { namespace = '', name = '' } = objectRef;
  if (verb !== 'get' || name === '') return [`${verb} of Secrets, which are got by name alone`];
  if (named.get(namespace)?.has(name) === true) return [];
  return [`Secret ${namespace}/${name} was read, and nothing in its namespace names it`];
}
