/**
 * One table of requests that is put to a real kube-apiserver (`record.ts`) and to ours (`conformance.test.ts`): the
 * answers must be the same but for what is random. Requests run in their order on one server.
 */
import { bodyRows } from './bodies.ts';
import { customRows } from './custom.ts';
import { deletionRows } from './deletion.ts';
import { kindRows } from './kinds.ts';
import type { TableRequest } from './request.ts';
import { workloadRows } from './workloads.ts';

export const requestTable: readonly TableRequest[] = [
  ...bodyRows,
  ...workloadRows,
  ...kindRows,
  ...customRows,
  ...deletionRows,
];
