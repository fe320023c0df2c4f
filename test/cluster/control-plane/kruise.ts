/** OpenKruise Rollouts outside of a cluster, with the webhooks without which it does nothing. */
import type { KubeObject } from '../../../src/api/meta.ts';
import type { Administrator } from './cluster.ts';
import type { ApiServer } from './kubernetes.ts';
import type { Obtained } from './obtain.ts';
import type { Part } from './part.ts';
import { answers } from './probe.ts';
import type { Run } from './run.ts';

/** @param webhook where it listens; the CRDs must be established */
export async function startKruise(
  run: Run,
  obtained: Obtained,
  api: ApiServer,
  admin: Administrator,
  webhook: string,
): Promise<Part> {
  for (const object of configurations(webhook)) await admin.apply(object);
  const health = `127.0.0.1:${await run.port()}`;
  return run.start({
    name: 'kruise-rollouts',
    program: obtained.program('kruise-rollouts'),
    parameters: [
      `--kubeconfig=${api.kubeconfig}`,
      '--metrics-bind-address=0',
      `--health-probe-bind-address=${health}`,
      '--feature-gates=AdvancedDeployment=true',
    ],
    // It makes its certificate for this host and writes the authority into the configurations.
    env: {
      WEBHOOK_HOST: '127.0.0.1',
      WEBHOOK_PORT: new URL(webhook).port,
      WEBHOOK_CERT_DIR: run.folder('kruise'),
    },
    ready: () => answers(`http://${health}/readyz`),
  });
}

function configurations(url: string): readonly KubeObject[] {
  const webhook = { admissionReviewVersions: ['v1', 'v1beta1'], failurePolicy: 'Fail', sideEffects: 'None' };
  const configuration = (kind: string, name: string, webhooks: readonly object[]): KubeObject => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name },
    webhooks: webhooks.map((each) => ({ ...webhook, ...each })),
  });
  return [
    configuration('MutatingWebhookConfiguration', 'kruise-rollout-mutating-webhook-configuration', [
      {
        name: 'mdeployment.kb.io',
        clientConfig: { url: `${url}/mutate-apps-v1-deployment` },
        objectSelector: { matchExpressions: [{ key: 'rollouts.kruise.io/workload-type', operator: 'Exists' }] },
        rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['deployments'] }],
      },
    ]),
    configuration('ValidatingWebhookConfiguration', 'kruise-rollout-validating-webhook-configuration', [
      {
        name: 'vrollout.kb.io',
        clientConfig: { url: `${url}/validate-rollouts-kruise-io-rollout` },
        rules: [
          {
            apiGroups: ['rollouts.kruise.io'],
            apiVersions: ['v1alpha1', 'v1beta1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['rollouts'],
          },
        ],
      },
    ]),
  ];
}

/** Two of its kinds convert between their versions through the same server. */
export function definitionsWithConversion(definitions: readonly KubeObject[], url: string): readonly KubeObject[] {
  const webhook = { clientConfig: { url: `${url}/convert` }, conversionReviewVersions: ['v1', 'v1beta1'] };
  const conversion = { strategy: 'Webhook', webhook };
  return definitions.map((definition) => {
    if (!/^(rollouts|batchreleases)\./.test(definition.metadata.name)) return definition;
    const { spec = {} } = definition as { readonly spec?: object };
    return { ...definition, spec: { ...spec, conversion } };
  });
}
