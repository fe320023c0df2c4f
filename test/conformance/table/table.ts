/**
 * One table of requests that is put to a real kube-apiserver and to ours: the answers must be the same but for what is
 * random. Requests run in their order on one server.
 */
import { admissionRows } from './admission.ts';
import { applyRows } from './applies.ts';
import { authorizationRows } from './authorization.ts';
import { bodyRows } from './bodies.ts';
import { customRows } from './custom.ts';
import { decisionRows } from './decisions.ts';
import { deletionRows } from './deletion.ts';
import { discoveryRows } from './discovery.ts';
import { eventRows } from './events.ts';
import { exempt } from './exempt.ts';
import { formRows } from './forms.ts';
import { foundRows } from './found.ts';
import { kindRows } from './kinds.ts';
import { kuberikRows } from './kuberik.ts';
import { listRows } from './lists.ts';
import { lockRows } from './locks.ts';
import { patchRows } from './patches.ts';
import type { TableRequest } from './request.ts';
import { watchRows } from './watches.ts';
import { workloadRows } from './workloads.ts';

const rows: readonly TableRequest[] = [
  ...bodyRows,
  ...workloadRows,
  ...kindRows,
  ...customRows,
  ...deletionRows,
  ...patchRows,
  ...applyRows,
  ...listRows,
  ...lockRows,
  ...formRows,
  ...kuberikRows,
  ...decisionRows,
  ...eventRows,
  ...watchRows,
  ...discoveryRows,
  ...authorizationRows,
  ...admissionRows,
  ...foundRows,
];

export const requestTable = rows.map((row) => (exempt.has(row.name) ? { ...row, codeOnly: true } : row));
