/** Differences, for people. */
import { isObject } from '../../../src/sandbox/apiserver/json.ts';
import type { Difference } from './play.ts';
import type { Asked } from './side.ts';

const longest = 4;

/** The requests that lead to a difference, and what differs. */
export function printed({ asked, what, real, sandbox }: Difference): string {
  const places = differences(real, sandbox);
  const lines = places.map(
    ([path, left, right]) => `  at ${path || 'the top'}\n    real:    ${left}\n    sandbox: ${right}`,
  );
  return [...asked.map(printedRequest), `the last differs in its ${what}:`, ...lines].join('\n');
}

function printedRequest({ method, url, type, accept, body }: Asked, index: number): string {
  const patch = type === undefined || type === 'application/json' ? '' : ` (${type})`;
  return `${index + 1}. ${method} ${decodeURIComponent(url)}${patch}${accept === undefined ? '' : ` as ${accept}`}${body === undefined ? '' : `\n   ${body}`}`;
}

/** Where two values differ, and how, from the top down. */
export function differences(left: unknown, right: unknown, path = ''): [path: string, left: string, right: string][] {
  const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value)).slice(0, 1500);
  if (JSON.stringify(left) === JSON.stringify(right)) return [];
  if (Array.isArray(left) && Array.isArray(right) && (left.length === right.length || left.length > longest)) {
    const all: [string, string, string][] =
      left.length === right.length ? [] : [[`${path}.length`, String(left.length), String(right.length)]];
    const most = Math.max(left.length, right.length);
    for (let index = 0; index < most && all.length < longest; index += 1) {
      all.push(...differences(left[index], right[index], `${path}[${index}]`));
    }
    return all;
  }
  if (!isObject(left) || !isObject(right)) return [[path, shown(left), shown(right)]];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return keys.flatMap((key) => differences(left[key], right[key], path === '' ? key : `${path}.${key}`));
}
