/** Counts requests where they arrive: in the audit log of the API server, which knows who asked for what, and when. */
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { NAMESPACE } from '../test/cluster/support/controller.ts';

export interface Request {
  readonly verb: string;
  /** `rollouts/status`. */
  readonly resource: string;
  readonly code: number;
  /** When it was answered, in milliseconds since the epoch. */
  readonly at: number;
}

/** Flags of the API server that write down what the ServiceAccounts of Kuberik's namespace ask for. */
export function auditFlags(log: string, policyFile: string): readonly string[] {
  const rules = [{ level: 'Metadata', userGroups: [`system:serviceaccounts:${NAMESPACE}`] }, { level: 'None' }];
  const policy = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'], rules };
  writeFileSync(policyFile, JSON.stringify(policy));
  return [`--audit-log-path=${log}`, `--audit-policy-file=${policyFile}`, '--audit-log-maxsize=2000'];
}

interface AuditEvent {
  readonly auditID: string;
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly stageTimestamp: string;
}

const readOnly: ReadonlySet<string> = new Set(['get', 'list', 'watch']);

export class AuditLog {
  readonly #path: string;
  #offset = 0;
  #rest = '';
  #requests: Request[] = [];
  readonly #watches = new Set<string>();
  #last = 0;

  /** @param path may not be there yet */
  constructor(path: string) {
    this.#path = path;
  }

  /** Requests since the last call, without those that hold the lease. */
  async take(): Promise<readonly Request[]> {
    await this.#read();
    const taken = this.#requests;
    this.#requests = [];
    return taken;
  }

  /** When the last request was answered, the lease apart, in milliseconds since the epoch. */
  async last(): Promise<number> {
    await this.#read();
    return this.#last;
  }

  async #read(): Promise<void> {
    await using file = await open(this.#path, 'r').catch(() => undefined);
    if (file === undefined) return;
    const { size } = await file.stat();
    if (size === this.#offset) return;
    const { buffer } = await file.read(Buffer.alloc(size - this.#offset), 0, size - this.#offset, this.#offset);
    this.#offset = size;
    const lines = (this.#rest + buffer.toString()).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#add(JSON.parse(line) as AuditEvent);
  }

  #add(event: AuditEvent): void {
    const { resource = event.requestURI, subresource } = event.objectRef ?? {};
    if (resource === 'leases') return;
    // A watch is told of when it is answered and when it ends.
    if (event.verb === 'watch' && this.#watches.has(event.auditID)) return;
    if (event.verb === 'watch') this.#watches.add(event.auditID);
    const at = Date.parse(event.stageTimestamp);
    this.#last = Math.max(this.#last, at);
    this.#requests.push({
      verb: event.verb,
      resource: subresource === undefined ? resource : `${resource}/${subresource}`,
      code: event.responseStatus?.code ?? 0,
      at,
    });
  }
}

/** `patch rollouts/status` to how often; a refused one carries its code. */
export function countByKind(requests: readonly Request[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { verb, resource, code } of requests) {
    const kind = [verb, resource, ...(code >= 400 ? [code] : [])].join(' ');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** When the last write was answered; undefined when nothing was written. */
export function lastWrite(requests: readonly Request[]): number | undefined {
  const writes = requests.filter(({ verb }) => !readOnly.has(verb));
  return writes.length === 0 ? undefined : Math.max(...writes.map(({ at }) => at));
}
