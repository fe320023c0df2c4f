/**
 * Requests of our controllers, counted where they arrive: in the audit log of the API server, which knows who asked for what,
 * and when. What is killed in the middle of a line is not lost for the rest.
 */
import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { NAMESPACE } from './controller.ts';

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
  readonly verb: string;
  readonly requestURI: string;
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly stageTimestamp: string;
}

const readOnly: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
export const isWrite = ({ verb }: Request): boolean => !readOnly.has(verb);
const beginning = '{"kind":"Event"';

/** @param rest what was not a whole line the last time */
export function requestsIn(text: string, watches: Set<string>): { requests: Request[]; rest: string; torn: number } {
  const requests: Request[] = [];
  let torn = 0;
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  for (const line of lines) {
    // An API server that was killed while it wrote has the next one go on in the same line.
    const start = line.lastIndexOf(beginning);
    if (start !== 0) torn += 1;
    const request = start < 0 ? undefined : requestOf(JSON.parse(line.slice(start)) as AuditEvent, watches);
    if (request !== undefined) requests.push(request);
  }
  return { requests, rest, torn };
}

/** Undefined: about the lease, or a watch that is told of a second time, since it ends. */
function requestOf(event: AuditEvent, watches: Set<string>): Request | undefined {
  const { auditID, verb, requestURI, objectRef, responseStatus, stageTimestamp } = event;
  const { resource = requestURI, subresource } = objectRef ?? {};
  if (resource === 'leases' || watches.has(auditID)) return undefined;
  if (verb === 'watch') watches.add(auditID);
  const name = subresource === undefined ? resource : `${resource}/${subresource}`;
  return { verb, resource: name, code: responseStatus?.code ?? 0, at: Date.parse(stageTimestamp) };
}

export class AuditLog {
  readonly #path: string;
  readonly #watches = new Set<string>();
  #reading: Promise<void> = Promise.resolve();
  #requests: Request[] = [];
  #last = 0;
  #offset = 0;
  #rest = '';
  /** Lines that a kill has cut. */
  torn = 0;

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

  /** One after the other. */
  #read(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#readOn());
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    await using file = await open(this.#path, 'r').catch(() => undefined);
    if (file === undefined) return;
    const { size } = await file.stat();
    if (size === this.#offset) return;
    const { buffer } = await file.read(Buffer.alloc(size - this.#offset), 0, size - this.#offset, this.#offset);
    this.#offset = size;
    const { requests, rest, torn } = requestsIn(this.#rest + buffer.toString(), this.#watches);
    this.#rest = rest;
    this.torn += torn;
    for (const request of requests) {
      this.#last = Math.max(this.#last, request.at);
      this.#requests.push(request);
    }
  }
}
