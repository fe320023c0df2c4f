/** How kube-apiserver says no. */
import { type ApiFailure, forbidden, pathForbidden } from '../errors.ts';
import type { Question, User, Verdict } from './question.ts';

/** @returns the answer 403 */
export function refusal({ username }: User, question: Question, { reason }: Verdict): ApiFailure {
  const because = reason === '' ? '' : `: ${reason}`;
  const who = `User "${username}" cannot ${question.verb}`;
  if (!('resource' in question)) return pathForbidden(`${who} path "${question.path}"${because}`);
  const { group, resource, subresource, namespace, name } = question;
  const shown = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const why = `${who} resource "${shown}" in API group "${group}" ${where}${because}`;
  return forbidden({ group, plural: resource, kind: '' }, name, why);
}
