/** What a table's row is, and what the rows are built of. */
import type { Json } from '../../../src/sandbox/apiserver/json.ts';

export interface TableRequest {
  /** Names the recorded answer. */
  readonly name: string;
  readonly method: string;
  /** `$(row: a.b)`, here and in the body, is what the answer to an earlier row has at `a.b`. */
  readonly path: string;
  /** Text goes as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly type?: string;
  readonly accept?: string;
  /** Impersonated, with groups. */
  readonly as?: readonly [user: string, ...groups: readonly string[]];
  /** Only the status code is compared. */
  readonly codeOnly?: boolean;
  /** What of the answer is compared. Default: all of it. */
  readonly pick?: (body: Json) => unknown;
  /** What the request started is over when this is answered so. */
  readonly awaits?: Settling;
  /** The request is a watch. */
  readonly watch?: WatchStory;
}

export interface Settling {
  readonly path: string;
  /** In the answer. */
  readonly text?: string;
  /** Of the answer. Default 200. */
  readonly code?: number;
  /** Default `GET`. */
  readonly method?: string;
  readonly body?: unknown;
  readonly as?: TableRequest['as'];
}

/** What happens while a watch is open; its answer is the list of its events. */
export interface WatchStory {
  readonly writes: readonly TableRequest[];
  /** Its last event; a watch that the server ends needs none. */
  readonly last?: (event: Json) => boolean;
}

export const apply = 'application/apply-patch+yaml';
export const merge = 'application/merge-patch+json';
export const strategic = 'application/strategic-merge-patch+json';
export const json = 'application/json-patch+json';
export const yaml = 'application/yaml';

export const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io';
export const asMetadata = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
export const asMetadataList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

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
