/**
 * A HealthCheck makes the controller run Jobs and read Secrets. Whoever writes one must be allowed to do so themselves,
 * or it would be a way to do with the controller's rights what one's own do not allow.
 */
import { HEALTH_CHECK_PROMETHEUS_URL } from '../annotations.ts';
import { HealthCheck } from '../health-check.ts';
import { celText, type PolicyDefinition, type PolicyValidation } from './admission-policy.ts';

const { group, version, plural } = HealthCheck.options;

/** The classes that read Secrets, and the fields that name them. */
const readers = [
  { field: 'prometheusAlert', secrets: ['secretRef'], annotation: HEALTH_CHECK_PROMETHEUS_URL },
  { field: 'prometheusQuery', secrets: ['secretRef'], annotation: HEALTH_CHECK_PROMETHEUS_URL },
  { field: 'http', secrets: ['secretRef', 'headersSecretRef'] },
] as const;

function part(object: string, field: string): string {
  return `${object}.?spec.?${field}.orValue({})`;
}

function annotationOf(object: string, key: string): string {
  return `${object}.metadata.?annotations[?${celText(key)}].orValue('')`;
}

/** Nothing about it changes: neither what is run or sent, nor where to. */
function isAsBefore(field: string, annotation?: string): string {
  const sameField = `${part('object', field)} == ${part('oldObject', field)}`;
  if (annotation === undefined) return `(oldObject != null && ${sameField})`;
  return `(oldObject != null && ${sameField} && ${annotationOf('object', annotation)} == ${annotationOf('oldObject', annotation)})`;
}

const job: PolicyValidation = {
  expression:
    `${part('object', 'job')} == {} || ${isAsBefore('job')} || ` +
    `authorizer.group('batch').resource('jobs').namespace(request.namespace).check('create').allowed()`,
  ...refusal('\'you may not have a HealthCheck run a Job: it takes the verb "create" on jobs.batch\''),
};

/** With the address: who may change only that could have the Secret sent to themselves. */
function secretValidations(reader: (typeof readers)[number]): readonly PolicyValidation[] {
  const unchanged = isAsBefore(reader.field, 'annotation' in reader ? reader.annotation : undefined);
  return reader.secrets.map((field) => {
    const name = `object.?spec.?${reader.field}.?${field}.?name.orValue('')`;
    return {
      expression:
        `${name} == '' || ${unchanged} || ` +
        `authorizer.group('').resource('secrets').namespace(request.namespace).name(${name}).check('get').allowed()`,
      ...refusal(
        `'you may not have a HealthCheck read the Secret ' + ${name} + ': it takes the verb "get" on that Secret'`,
        `you may not have a HealthCheck read a Secret (spec.${reader.field}.${field}): it takes the verb "get" on that Secret`,
      ),
    };
  });
}

/** @param what CEL @param message where it cannot be evaluated */
function refusal(what: string, message = what.slice(1, -1)) {
  return {
    message,
    messageExpression: `${what} + ', which ' + request.userInfo.username + ' does not have in the namespace ' + request.namespace`,
  };
}

export const healthCheckAccess: PolicyDefinition = {
  name: 'kuberik-health-check-access',
  group,
  version,
  resource: plural,
  operations: ['CREATE', 'UPDATE'],
  variables: [],
  validations: [job, ...readers.flatMap(secretValidations)],
};
