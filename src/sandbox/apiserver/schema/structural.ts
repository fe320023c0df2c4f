/**
 * `schema` is what a CustomResourceDefinition's OpenAPI schema does to an object: prune, default, validate. This file
 * is its door; the steps are beside it. Pure, but for `prune` and `applyDefaults`, which change the object they get.
 */

import { cause, type FieldCause } from '../field-cause.ts';
import type { Json } from '../json.ts';
import { compileRules } from './cel-rules.ts';
import { applyDefaults, type Nulls } from './defaults.ts';
import { duplicatesIn } from './list-types.ts';
import { readNode } from './node.ts';
import { eachUnknownField } from './prune.ts';
import { validateValue } from './validate.ts';

export interface StructuralSchema {
  /** Drops unknown fields, in place. */
  prune(object: Json): void;
  /** Fills absent fields that have a default, in place; by default drops nulls that are not allowed. */
  applyDefaults(object: Json, nulls?: Nulls): void;
  /**
   * Everything that is wrong with a pruned and defaulted object, empty when nothing is.
   * @param old the object before an update: what it got wrong and is unchanged is let pass, and transition rules run.
   * @param known what was found to be wrong before: rules do not run on what is too wrong for them.
   */
  validate(object: Json, old?: Json, known?: readonly FieldCause[]): FieldCause[];
  /** Dotted paths of what `prune` would drop, sorted: `spec.foo`. */
  unknownFields(object: Json): string[];
}

/** After one of these a rule could fail for a reason that is no fault of its own. */
const blocking: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const unchecked =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/** Compiles a CRD version's `schema.openAPIV3Schema`, rules included, once. */
export function compileSchema(openAPIV3Schema: unknown): StructuralSchema {
  const root = readNode(openAPIV3Schema);
  const checkRules = compileRules(root);
  return {
    prune(object) {
      eachUnknownField(root, object, true, '', (parent, key) => Reflect.deleteProperty(parent, key));
    },
    applyDefaults(object, nulls = 'drop') {
      applyDefaults(root, object, nulls);
    },
    unknownFields(object) {
      const paths: string[] = [];
      eachUnknownField(root, object, true, '', (_parent, _key, path) => paths.push(path));
      return paths.sort();
    },
    validate(object, old, known = []) {
      const errors = validateValue(root, object, old, '');
      if (old === undefined || duplicatesIn(root, old, '').length === 0) errors.push(...duplicatesIn(root, object, ''));
      if (checkRules === undefined) return errors;
      if ([...known, ...errors].some((error) => blocking.has(error.reason)))
        return [...errors, cause.invalid('', null, unchecked)];
      return [...errors, ...checkRules(object, old)];
    },
  };
}
