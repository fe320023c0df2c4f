/** Each operation on a Rollout takes its own verb, and nobody signs for somebody else. */
import { type Operation, operations } from '../operations.ts';
import { Rollout } from '../rollout.ts';
import { celText, type PolicyDefinition, type PolicyValidation } from './admission-policy.ts';
import { asksNothing, isAsBefore } from './asking.ts';
import { roleWith } from './roles.ts';
import { signature } from './signature.ts';

const { group, version, plural } = Rollout.options;

export const rolloutOperations: PolicyDefinition = {
  name: 'kuberik-rollout-operations',
  group,
  version,
  resource: plural,
  operations: ['CREATE', 'UPDATE'],
  variables: [
    { name: 'annotations', expression: 'object.metadata.?annotations.orValue({})' },
    { name: 'before', expression: 'oldObject == null ? {} : oldObject.metadata.?annotations.orValue({})' },
    {
      name: 'rollout',
      expression: `authorizer.group(${celText(group)}).resource(${celText(plural)}).namespace(request.namespace).name(object.metadata.name)`,
    },
    ...signature.variables,
  ],
  validations: [...Object.values(operations).map(operationValidation), ...signature.validations],
};

function operationValidation(operation: Operation): PolicyValidation {
  const { verb, annotations, fields = [], description, emptyIsNothing = false } = operation;
  const untouched = [...annotations.map((key) => asksNothing(key, emptyIsNothing)), ...fields.map(isAsBefore)];
  const places = [...annotations.map((key) => `annotation ${key}`), ...fields.map((field) => `field ${field}`)];
  const why = `you may not ${description}: it takes the verb "${verb}" on ${plural}.${group} (${places.join(', ')})`;
  const remedy = `the ClusterRole ${roleWith(verb)} has it`;
  return {
    expression: `${untouched.join(' && ')} || variables.rollout.check(${celText(verb)}).allowed()`,
    message: `${why}; ${remedy}`,
    messageExpression: `${celText(`${why}, which `)} + request.userInfo.username + ${celText(' does not have in the namespace ')} + request.namespace + ${celText(`; ${remedy}`)}`,
  };
}
