/** `allOf`, `anyOf`, `oneOf` and `not`: their errors name the path in the text and belong to the whole object. */
import { cause, type FieldCause } from '../field-cause.ts';
import type { SchemaNode } from './node.ts';

export function junctorErrors(
  schema: SchemaNode,
  path: string,
  validate: (node: SchemaNode) => FieldCause[],
): FieldCause[] {
  const fails = (text: string): FieldCause => cause.invalid('', '', `"${path}" ${text}`);
  return [
    ...anyOfErrors(schema.anyOf, validate, fails),
    ...oneOfErrors(schema.oneOf, validate, fails),
    ...allOfErrors(schema.allOf, validate, fails),
    ...(schema.not !== undefined && validate(schema.not).length === 0
      ? [fails('must not validate the schema (not)')]
      : []),
  ];
}

type Validate = (node: SchemaNode) => FieldCause[];
type Fails = (text: string) => FieldCause;

function anyOfErrors(nodes: readonly SchemaNode[], validate: Validate, fails: Fails): FieldCause[] {
  if (nodes.length === 0) return [];
  const results = nodes.map(validate);
  if (results.some((errors) => errors.length === 0)) return [];
  return [fails('must validate at least one schema (anyOf)'), ...closest(results)];
}

function oneOfErrors(nodes: readonly SchemaNode[], validate: Validate, fails: Fails): FieldCause[] {
  if (nodes.length === 0) return [];
  const results = nodes.map(validate);
  const valid = results.filter((errors) => errors.length === 0).length;
  if (valid === 1) return [];
  const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
  const error = fails(`must validate one and only one schema (oneOf). ${found}`);
  return valid === 0 ? [error, ...closest(results)] : [error];
}

function allOfErrors(nodes: readonly SchemaNode[], validate: Validate, fails: Fails): FieldCause[] {
  const results = nodes.map(validate);
  const valid = results.filter((errors) => errors.length === 0).length;
  if (valid === nodes.length) return [];
  return [fails(`must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`), ...results.flat()];
}

/** The errors of the alternative that comes nearest: the fewest, the first among equals. */
function closest(results: readonly FieldCause[][]): FieldCause[] {
  return results.reduce((best, errors) => (errors.length < best.length ? errors : best), results[0] ?? []);
}
