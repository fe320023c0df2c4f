/** What can be said of a policy before its first request. What the sandbox cannot enforce it does not take. */
import { cause, type FieldCause } from '../field-cause.ts';
import { type Json, objectOf, objects, optionalText, text } from '../json.ts';
import { objectMatcher } from '../object-selector.ts';
import { compile, problemOf } from './environment.ts';

const noParameters = 'the API server of the sandbox knows no parameters of policies';

const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];

export function checkPolicy({ spec }: Json): FieldCause[] {
  const { matchConstraints, matchConditions, variables, validations, paramKind } = objectOf(spec);
  const constraints = objectOf(matchConstraints);
  return [
    ...(paramKind === undefined ? [] : [cause.forbidden('spec.paramKind', noParameters)]),
    ...(matchConstraints === undefined ? [cause.required('spec.matchConstraints')] : []),
    ...(matchConstraints !== undefined && objects(constraints.resourceRules).length === 0
      ? [cause.required('spec.matchConstraints.resourceRules')]
      : []),
    ...selectorFaults(constraints, 'spec.matchConstraints'),
    ...objects(matchConditions).flatMap((one, index) => faults(one, `spec.matchConditions[${index}]`, 'expression')),
    ...objects(variables).flatMap((one, index) => faults(one, `spec.variables[${index}]`, 'expression')),
    ...objects(validations).flatMap((one, index) => [
      ...faults(one, `spec.validations[${index}]`, 'expression'),
      ...faults(one, `spec.validations[${index}]`, 'messageExpression'),
      ...(one.reason === undefined || reasons.includes(text(one.reason))
        ? []
        : [cause.notSupported(`spec.validations[${index}].reason`, one.reason, reasons)]),
    ]),
  ];
}

export function checkBinding({ spec }: Json): FieldCause[] {
  const { policyName, paramRef, matchResources, validationActions } = objectOf(spec);
  return [
    ...(optionalText(policyName) === undefined ? [cause.required('spec.policyName')] : []),
    ...(paramRef === undefined ? [] : [cause.forbidden('spec.paramRef', noParameters)]),
    ...selectorFaults(objectOf(matchResources), 'spec.matchResources'),
    ...(validationActions === undefined ? [cause.required('spec.validationActions')] : []),
  ];
}

function faults(owner: Json, path: string, field: string): FieldCause[] {
  const source = text(owner[field]);
  if (source.trim() === '')
    return field === 'expression' ? [cause.required(`${path}.${field}`, `${field} is not specified`)] : [];
  try {
    compile(source, field === 'expression' ? 'rule' : 'message');
    return [];
  } catch (error) {
    return [cause.invalid(`${path}.${field}`, source, `compilation failed: ${problemOf(error)}`)];
  }
}

function selectorFaults(owner: Json, path: string): FieldCause[] {
  return ['namespaceSelector', 'objectSelector'].flatMap((field) => {
    try {
      objectMatcher(objectOf(owner[field]));
      return [];
    } catch (error) {
      return [cause.invalid(`${path}.${field}`, objectOf(owner[field]), problemOf(error))];
    }
  });
}
