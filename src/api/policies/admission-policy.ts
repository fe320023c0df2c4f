/**
 * `policies` is who may do what, as data: admission policies that the API server enforces by itself, and ready-made roles.
 * Both are made of the table in `operations.ts`, and generated into `deploy/`. Here: what a policy is.
 */
import type { KubeObject } from '../meta.ts';

const apiVersion = 'admissionregistration.k8s.io/v1';

/** A name for the expressions after it. */
export interface PolicyVariable {
  readonly name: string;
  readonly expression: string;
}

export interface PolicyValidation {
  /** CEL that holds when the request may go on. */
  readonly expression: string;
  /** Where `messageExpression` cannot be evaluated. */
  readonly message: string;
  readonly messageExpression?: string;
}

export interface PolicyDefinition {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly operations: readonly ('CREATE' | 'UPDATE')[];
  readonly variables: readonly PolicyVariable[];
  readonly validations: readonly PolicyValidation[];
}

/** admissionregistration.k8s.io/v1, as far as we use it. */
export interface ValidatingAdmissionPolicy extends KubeObject {
  readonly apiVersion: typeof apiVersion;
  readonly kind: 'ValidatingAdmissionPolicy';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly failurePolicy: 'Fail';
    readonly matchConstraints: {
      readonly matchPolicy: 'Equivalent';
      readonly namespaceSelector: Readonly<Record<string, never>>;
      readonly objectSelector: Readonly<Record<string, never>>;
      readonly resourceRules: readonly {
        readonly apiGroups: readonly string[];
        readonly apiVersions: readonly string[];
        readonly operations: readonly string[];
        readonly resources: readonly string[];
        readonly scope: '*';
      }[];
    };
    readonly variables?: readonly PolicyVariable[];
    readonly validations: readonly (PolicyValidation & { readonly reason: 'Forbidden' })[];
  };
}

/** Makes a policy work. */
export interface ValidatingAdmissionPolicyBinding extends KubeObject {
  readonly apiVersion: typeof apiVersion;
  readonly kind: 'ValidatingAdmissionPolicyBinding';
  readonly metadata: { readonly name: string };
  readonly spec: { readonly policyName: string; readonly validationActions: readonly ['Deny'] };
}

export function policyObject(definition: PolicyDefinition): ValidatingAdmissionPolicy {
  const { name, group, version, resource, operations, variables, validations } = definition;
  return {
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      // A request that cannot be judged is refused.
      failurePolicy: 'Fail',
      matchConstraints: {
        // With its defaults: applied as a whole, it would differ from what is stored each time.
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        resourceRules: [{ apiGroups: [group], apiVersions: [version], operations, resources: [resource], scope: '*' }],
      },
      ...(variables.length > 0 && { variables }),
      validations: validations.map((validation) => ({ ...validation, reason: 'Forbidden' })),
    },
  };
}

export function bindingObject({ name }: PolicyDefinition): ValidatingAdmissionPolicyBinding {
  return {
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
}

/** A text as CEL writes it. */
export function celText(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
