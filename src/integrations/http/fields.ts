/** How a question about something reaches a service: as JSON, or in the query of a GET. */
import type { GateHttp } from '../../api/rollout-gate.ts';
import type { Question } from './ask.ts';

export function withFields(
  url: URL,
  method: NonNullable<GateHttp['method']>,
  fields: Readonly<Record<string, string>>,
): Pick<Question, 'url' | 'method' | 'body'> {
  if (method !== 'GET') return { url, method, body: JSON.stringify(fields) };
  const asked = new URL(url);
  for (const [name, value] of Object.entries(fields)) asked.searchParams.set(name, value);
  return { url: asked, method };
}
