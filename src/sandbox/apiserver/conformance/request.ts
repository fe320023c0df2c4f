/** What a table's row is, and what the rows are built of. */

export interface TableRequest {
  /** Names the recorded answer. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly type?: string;
  readonly accept?: string;
  /** Compare the status code alone: the body is about something we do not claim. */
  readonly codeOnly?: boolean;
}

export const apply = 'application/apply-patch+yaml';
export const merge = 'application/merge-patch+json';
export const strategic = 'application/strategic-merge-patch+json';
export const json = 'application/json-patch+json';

export const ns = '/api/v1/namespaces/table';
export const configMaps = `${ns}/configmaps`;
export const deployments = '/apis/apps/v1/namespaces/table/deployments';
export const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const widgets = '/apis/table.example.com/v1/namespaces/table/widgets';

export const map = (name: string, data: object, rest: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...rest },
  data,
});

export const row = (name: string, method: string, path: string, body?: unknown, type?: string): TableRequest => ({
  name,
  method,
  path,
  ...(body === undefined ? {} : { body }),
  ...(type === undefined ? {} : { type }),
});

/** Only the status code is compared: the body is about something we do not claim. */
export const codeOnly = (one: TableRequest): TableRequest => ({ ...one, codeOnly: true });
