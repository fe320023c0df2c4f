/**
 * Where answers may differ: Kubernetes leaves it open, or the sandbox does not claim it. A long run that never meets one
 * of these fails.
 */
import { equal, type Json, objectOf, text } from '../../../src/sandbox/apiserver/json.ts';
import type { Answer } from '../session.ts';
import type { Kind } from './kind.ts';
import { kindOf } from './kinds.ts';
import type { Step } from './step.ts';

export interface Exception {
  readonly name: string;
  readonly reason: string;
  readonly covers: (step: Step, real: Answer, sandbox: Answer) => boolean;
}

/** How Go's decoders begin to say what they cannot read. */
const decoders = [
  'json: cannot unmarshal ',
  'cannot restore ',
  'cannot convert ',
  'unrecognized type: ',
  'illegal base64 data ',
  'parsing time ',
  'expected string, got ',
  'expected map, got ',
  'expected list, got ',
  ' is invalid: patch: Invalid value: "map[',
  // In the order of a Go map, of which the rest is not looked at.
  ': field not declared in schema',
  'continue key is not valid',
  "Object 'Kind' is missing in ",
];

const messageOf = ({ body }: Answer): string => text(objectOf(body).message);
const statusWithoutWords = ({ code, warnings, body }: Answer): unknown => [code, warnings, objectOf(body).reason];
const startOf = (message: string): string | undefined => {
  const found = decoders.map((words) => message.indexOf(words)).filter((at) => at >= 0);
  return found.length === 0 ? undefined : message.slice(0, Math.min(...found));
};

export const exceptions: readonly Exception[] = [
  {
    name: 'the words of a decoder',
    reason: 'why a body, a patch or a token cannot be read is told in the words of the library that reads it',
    covers: (_step, real, sandbox) =>
      real.code >= 400 &&
      equal(statusWithoutWords(real), statusWithoutWords(sandbox)) &&
      startOf(messageOf(real)) !== undefined &&
      decoders.some((words) => messageOf(sandbox).includes(words)),
  },
  {
    name: 'another kind or version',
    reason: 'what is sent to the address of another kind is refused in words that depend on what is wrong with it else',
    covers: ({ kind, body }, real, sandbox) =>
      real.code >= 400 && sandbox.code >= 400 && isAnother(kindOf(kind), objectOf(body)),
  },
];

const isAnother = (kind: Kind, body: Json): boolean => body.kind !== kind.kind || body.apiVersion !== kind.apiVersion;

/** @returns the name of the exception that covers the difference */
export function exceptionFor(step: Step, real: Answer, sandbox: Answer): string | undefined {
  return exceptions.find(({ covers }) => covers(step, real, sandbox))?.name;
}
