/** A body that was nested too deeply for the YAML parser, or contained itself, was an internal error. Found by the fuzzers. */
import { expect, it } from 'vitest';
import { ApiFailure } from '../errors.ts';
import { readYaml } from './request.ts';

it.each([
  ['keys that are never closed', `x: {"b": 1, ${'a": '.repeat(9000)}\ny:\n`],
  ['lists', `x: ${'['.repeat(20_000)}`],
  ['blocks', '- '.repeat(30_000)],
  ['anchors that contain themselves', 'a: &a { b: [*a] }'],
])('%s are refused', (_, body) => {
  expect(() => readYaml(body)).toThrow(ApiFailure);
});
