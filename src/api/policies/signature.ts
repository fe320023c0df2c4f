/**
 * `deploy-user` is a signature: history tells it, and an approval gate with `notBy: deployer` goes by it. Whoever asks for
 * something signs with their own name or not at all, and nobody signs what was asked for before.
 */
import { DEPLOY_USER } from '../annotations.ts';
import { type Operation, operations } from '../operations.ts';
import { celText, type PolicyValidation, type PolicyVariable } from './admission-policy.ts';
import { asksNothing, isAsBefore } from './asking.ts';

const { deploy, forceDeploy, bypassGates, rollback, pin, unblock, retry, revoke } = operations;
/** They wait for their deployment, and are signed as long as they do. */
const lasting: readonly Operation[] = [deploy, forceDeploy, bypassGates, rollback];
const passing: readonly Operation[] = [unblock, retry, revoke];

const key = celText(DEPLOY_USER);
const user = 'variables.deployUser';
const mayImpersonate = `authorizer.group('').resource('users').name(${user}).check('impersonate').allowed()`;

const variables: readonly PolicyVariable[] = [
  { name: 'deployUser', expression: `variables.annotations[?${key}].orValue('')` },
  { name: 'isSigned', expression: `!(${user} in ['', variables.before[?${key}].orValue('')])` },
  { name: 'isPending', expression: lasting.flatMap(({ annotations }) => annotations.map(isUnchanged)).join(' || ') },
  { name: 'asksToDeploy', expression: `!(${[...lasting, pin].map(nothing).join(' && ')})` },
  { name: 'asksOther', expression: `!(${passing.map(nothing).join(' && ')})` },
];

function nothing({ annotations, fields = [], emptyIsNothing = false }: Operation): string {
  return [...annotations.map((one) => asksNothing(one, emptyIsNothing)), ...fields.map(isAsBefore)].join(' && ');
}

function isUnchanged(annotation: string): string {
  const text = celText(annotation);
  return `(${text} in variables.annotations && ${text} in variables.before && variables.annotations[${text}] == variables.before[${text}])`;
}

const asks = '(variables.asksToDeploy || (variables.asksOther && !variables.isPending))';
const notYou = `the annotation ${DEPLOY_USER} must name you`;
const leaveOut = 'leave it out, or get the verb "impersonate" on that user';
const another = `the annotation ${DEPLOY_USER} signs what is asked for in the same write, and a request is waiting already`;
const takeBack = 'take that one back first';

const validations: readonly PolicyValidation[] = [
  {
    expression: `${user} in ['', request.userInfo.username] || (!variables.isSigned && !${asks}) || ${mayImpersonate}`,
    message: `${notYou}: ${leaveOut}`,
    messageExpression: `${celText(`${notYou}, `)} + request.userInfo.username + ', not ' + ${user} + ${celText(`: ${leaveOut}`)}`,
  },
  {
    expression: `!variables.isSigned || !variables.isPending || ${mayImpersonate}`,
    message: `${another}: ${takeBack}`,
  },
];

export const signature = { variables, validations };
