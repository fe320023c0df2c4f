/** Each operation on a Rollout takes its own verb, and nobody signs for somebody else. */
import { DEPLOY_USER } from '../annotations.ts';
import { type Operation, operations } from '../operations.ts';
import { Rollout } from '../rollout.ts';
import { celText, type PolicyDefinition, type PolicyValidation } from './admission-policy.ts';
import { roleWith } from './roles.ts';

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
    { name: 'deployUser', expression: `variables.annotations[?${celText(DEPLOY_USER)}].orValue('')` },
    {
      name: 'rollout',
      expression: `authorizer.group(${celText(group)}).resource(${celText(plural)}).namespace(request.namespace).name(object.metadata.name)`,
    },
  ],
  validations: [...Object.values(operations).map(operationValidation), signature()],
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

/** Not there, or as it was: taking it back is free. */
function asksNothing(annotation: string, emptyIsNothing: boolean): string {
  const key = celText(annotation);
  const before = `variables.before[?${key}].orValue('')`;
  if (emptyIsNothing) return `variables.annotations[?${key}].orValue('') in ['', ${before}]`;
  const same = `${key} in variables.before && variables.annotations[${key}] == variables.before[${key}]`;
  return `(!(${key} in variables.annotations) || (${same}))`;
}

/** @param field its path; absent is the same as empty */
function isAsBefore(field: string): string {
  const valueIn = (object: string): string => `${object}.?${field.replaceAll('.', '.?')}.orValue('')`;
  return `${valueIn('object')} == (oldObject == null ? '' : ${valueIn('oldObject')})`;
}

function signature(): PolicyValidation {
  const user = 'variables.deployUser';
  const mayImpersonate = `authorizer.group('').resource('users').name(${user}).check('impersonate').allowed()`;
  const why = `the annotation ${DEPLOY_USER} must name you`;
  const remedy = 'leave it out, or get the verb "impersonate" on that user';
  return {
    expression: `${user} in ['', variables.before[?${celText(DEPLOY_USER)}].orValue(''), request.userInfo.username] || ${mayImpersonate}`,
    message: `${why}: ${remedy}`,
    messageExpression: `${celText(`${why}, `)} + request.userInfo.username + ', not ' + ${user} + ${celText(`: ${remedy}`)}`,
  };
}
