/** What goes wrong with one request on its way: which ones it may hit, and what becomes of them. */
import { type Call, isWrite } from '../call.ts';
import type { Fate, Refused } from '../client.ts';

interface RequestFault {
  readonly fits: (call: Call) => boolean;
  /** @param salt below 1000 */
  readonly fate: (salt: number) => Fate;
}

const timeout = 30_000;
/** Within which a connection breaks that is not answered by silence. */
const reset = 3;

const isLease = ({ kind }: Call): boolean => kind === 'Lease';
const isEvent = ({ kind }: Call): boolean => kind === 'Event';
const isWork = (call: Call): boolean => !isLease(call) && !isEvent(call);
const anyWork = isWork;
const aRead = (call: Call): boolean => isWork(call) && !isWrite(call);
const aWrite = (call: Call): boolean => isWork(call) && isWrite(call);
const aCreation = (call: Call): boolean => isWork(call) && call.verb === 'create';
const aList = (call: Call): boolean => isWork(call) && call.verb === 'list';
const anEvent = (call: Call): boolean => isEvent(call);

const refused = (status: number, reason: string, more: Partial<Refused> = {}): RequestFault['fate'] => {
  const answer = { status, reason, ...more };
  return () => ({ is: 'refused', answer });
};
const lost = (done: boolean, after: number) => (): Fate => ({ is: 'lost', done, after });
const killed = (done: boolean) => (): Fate => ({ is: 'killed', done });
const served = (): Fate => ({ is: 'served' });
const late = (salt: number): Fate => ({ is: 'late', by: 1_000 + salt * 20 });

export const requestFaults = {
  'kill-at-read': { fits: aRead, fate: killed(true) },
  'kill-before-write': { fits: aWrite, fate: killed(false) },
  'kill-after-write': { fits: aWrite, fate: killed(true) },
  conflict: { fits: aWrite, fate: refused(409, 'Conflict') },
  throttled: { fits: anyWork, fate: refused(429, 'TooManyRequests', { retryAfter: '7' }) },
  'server-error': { fits: anyWork, fate: refused(500, 'InternalError') },
  unavailable: { fits: anyWork, fate: refused(503, 'ServiceUnavailable') },
  'timeout-before-write': { fits: aWrite, fate: lost(false, timeout) },
  'timeout-after-write': { fits: aWrite, fate: lost(true, timeout) },
  'timeout-of-read': { fits: aRead, fate: lost(true, timeout) },
  'reset-before-write': { fits: aWrite, fate: lost(false, reset) },
  'reset-after-write': { fits: aWrite, fate: lost(true, reset) },
  'reset-of-read': { fits: aRead, fate: lost(true, reset) },
  'lost-creation': { fits: aCreation, fate: lost(true, reset) },
  // It stands still with the write in its hands, after it was checked that it may be sent.
  'paused-at-write': { fits: aWrite, fate: served },
  'late-answer': { fits: anyWork, fate: late },
  'late-list': { fits: aList, fate: late },
  'event-lost': { fits: anEvent, fate: lost(true, reset) },
  'event-refused': { fits: anEvent, fate: refused(500, 'InternalError') },
} as const satisfies Record<string, RequestFault>;

export type RequestFaultKind = keyof typeof requestFaults;

export const isRequestFault = (kind: string): kind is RequestFaultKind => kind in requestFaults;

/** What one target answers for a while: somebody took a right away, an admission webhook refuses, the server is at odds. */
export const refusals: readonly Refused[] = [
  { status: 403, reason: 'Forbidden' },
  { status: 422, reason: 'Invalid' },
  { status: 500, reason: 'InternalError' },
];
