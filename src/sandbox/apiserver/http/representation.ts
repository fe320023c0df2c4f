/** In which form a client wants objects: as they are, as a table, or only their metadata. */
import { ApiFailure, notAcceptable } from '../errors.ts';

export type Form = 'object' | 'table' | 'metadata';

export interface Representation {
  readonly form: Form;
  readonly yaml: boolean;
}

/** Picks the first form we can give, in the client's order. @throws ApiFailure 406 */
export function representation(accept: string | undefined, custom = false): Representation {
  if (accept === undefined || accept.trim() === '') return { form: 'object', yaml: false };
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const found = offered(type, new Map(parameters.map((parameter) => splitOnce(parameter))));
    if (found !== undefined) return found;
  }
  if (custom) throw notAcceptable(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
  throw new ApiFailure(
    406,
    'NotAcceptable',
    '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    {},
  );
}

function splitOnce(parameter: string): [string, string] {
  const at = parameter.indexOf('=');
  return at === -1 ? [parameter, ''] : [parameter.slice(0, at), parameter.slice(at + 1)];
}

function offered(type: string, parameters: ReadonlyMap<string, string>): Representation | undefined {
  const yaml = type === 'application/yaml';
  if (!yaml && type !== 'application/json' && type !== '*/*' && type !== 'application/*') return undefined;
  switch (parameters.get('as')) {
    case undefined:
      return { form: 'object', yaml };
    case 'table':
      return parameters.get('g') === 'meta.k8s.io' && parameters.get('v') === 'v1'
        ? { form: 'table', yaml }
        : undefined;
    case 'partialobjectmetadata':
    case 'partialobjectmetadatalist':
      return parameters.get('g') === 'meta.k8s.io' ? { form: 'metadata', yaml } : undefined;
    default:
      return undefined;
  }
}
