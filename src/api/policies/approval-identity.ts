/** An Approval is signed by whoever makes it. That it never changes afterwards is a rule of its definition. */
import { Approval } from '../approval.ts';
import type { PolicyDefinition } from './admission-policy.ts';

const { group, version, plural } = Approval.options;

export const approvalIdentity: PolicyDefinition = {
  name: 'kuberik-approval-identity',
  group,
  version,
  resource: plural,
  operations: ['CREATE'],
  variables: [],
  validations: [
    {
      expression: 'object.spec.by == request.userInfo.username',
      message: 'spec.by must be your own user name',
      messageExpression: `'spec.by must be your own user name, ' + request.userInfo.username + ', not ' + object.spec.by`,
    },
  ],
};
