/** A request as a question. */
import type { IncomingMessage } from 'node:http';
import { type ResourcePath, resourcePath } from '../http/request.ts';
import { isTrue } from '../options.ts';
import type { Question } from './question.ts';

/** @param path without a trailing slash */
export function questionOf({ method = 'GET' }: IncomingMessage, path: string, query: URLSearchParams): Question {
  const found = resourcePath(path);
  if (found === undefined || found.plural === '') return { verb: method.toLowerCase(), path };
  const { group, plural: resource, subresource, name } = found;
  const verb = verbOf(method, found, query);
  // As kube-apiserver: what is about a namespace is in it.
  const namespace = group === '' && resource === 'namespaces' ? name : found.namespace;
  return { verb, group, resource, subresource, namespace, name: name === '' ? selectedName(query) : name };
}

function verbOf(method: string, { name }: ResourcePath, query: URLSearchParams): string {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === '' ? 'deletecollection' : 'delete';
    default:
      if (isTrue(query, 'watch')) return 'watch';
      return name === '' ? 'list' : 'get';
  }
}

/** A list of one object by its name is allowed to whoever may have that one. */
function selectedName(query: URLSearchParams): string {
  return /^metadata\.name==?([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '';
}
