/** In which form a client wants objects: as they are, as a table, or only their metadata. */
import { ApiFailure, notAcceptable } from '../errors.ts';

export type Form = 'object' | 'table' | 'metadata';

export interface Representation {
  readonly form: Form;
  readonly yaml: boolean;
}

/** What is answered: one object, a list of them, or what happens to them. */
export type Shape = 'one' | 'list' | 'watch';

const media = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const streams = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];

/** @param kind of the objects, `custom` when a definition made it. @throws ApiFailure 406 */
export function representation(
  accept: string | undefined,
  shape: Shape,
  { kind, custom }: { readonly kind: string; readonly custom: boolean },
): Representation {
  if (accept === undefined || accept.trim() === '') return { form: 'object', yaml: false };
  const ranges = accept.split(',').map(rangeOf);
  for (const range of ranges) {
    const found = offered(range, shape, kind);
    if (found !== undefined) return found;
  }
  if (custom || ranges.some(({ type }) => types.has(type))) throw notAcceptable(media);
  const available = shape === 'one' ? media : [...media, ...streams];
  const text = `406: Not Acceptable\n\nAvailable representations: ${available.join(', ')}`;
  throw new ApiFailure(406, 'NotAcceptable', text, {});
}

const types = new Set(['application/json', 'application/yaml', '*/*']);

interface Range {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  return { type, parameters: new Map(parameters.map((parameter) => splitOnce(parameter))) };
}

function splitOnce(parameter: string): [string, string] {
  const at = parameter.indexOf('=');
  return at === -1 ? [parameter, ''] : [parameter.slice(0, at), parameter.slice(at + 1)];
}

function offered({ type, parameters }: Range, shape: Shape, kind: string): Representation | undefined {
  if (!types.has(type)) return undefined;
  const yaml = type === 'application/yaml';
  const wanted = parameters.get('as');
  if (wanted === undefined) return { form: 'object', yaml };
  if (parameters.get('g') !== 'meta.k8s.io' || parameters.get('v') !== 'v1') return undefined;
  switch (wanted) {
    case 'table':
      return { form: 'table', yaml };
    case 'partialobjectmetadata':
      if (shape === 'list') throw wrongShape('PartialObjectMetadata', `a list (*core.${kind}List)`);
      return { form: 'metadata', yaml };
    case 'partialobjectmetadatalist':
      if (shape === 'one') throw wrongShape('PartialObjectMetadataList', `not a list (*core.${kind})`);
      return { form: 'metadata', yaml };
    default:
      return undefined;
  }
}

function wrongShape(asked: string, found: string): ApiFailure {
  return new ApiFailure(406, 'NotAcceptable', `you requested ${asked}, but the requested object is ${found}`);
}
