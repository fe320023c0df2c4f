/**
 * The real process as the installation runs it: the command line of its Deployment, the ServiceAccount and the roles of
 * `deploy/kustomize`, never an administrator.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Connection } from '../control-plane/control-plane.ts';
import { writeKubeconfig } from '../control-plane/credentials.ts';
import type { Part } from '../control-plane/part.ts';
import { answers } from '../control-plane/probe.ts';
import { Run } from '../control-plane/run.ts';
import { kubectl } from './kubectl.ts';

export const NAMESPACE = 'kuberik-system';
const root = join(import.meta.dirname, '../../..');

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly containers: readonly { readonly args: string[] }[];
      };
    };
  };
}

/** What the shipped Deployment runs. */
export function shipped(): { readonly parameters: readonly string[]; readonly serviceAccount: string } {
  const deployment = parse(readFileSync(join(root, 'deploy/kustomize/deployment.yaml'), 'utf8')) as Deployment;
  const { serviceAccountName, containers } = deployment.spec.template.spec;
  return { parameters: containers[0]?.args ?? [], serviceAccount: serviceAccountName };
}

export interface ControllerProcess extends AsyncDisposable {
  readonly part: Part;
  /** Where its probes are. */
  readonly health: string;
  readonly metrics: string;
  /** That it shows the API server. */
  readonly token: string;
}

/** @param name of its log @param flags after those of the Deployment, which they override */
export async function startController(
  connection: Connection,
  name: string,
  flags: readonly string[] = [],
): Promise<ControllerProcess> {
  const run = await Run.create(name);
  const { parameters, serviceAccount } = shipped();
  const tokenFile = join(run.directory, 'token');
  const token = await serviceAccountToken(connection, serviceAccount);
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const kubeconfig = join(run.directory, 'kubeconfig');
  writeKubeconfig(kubeconfig, connection.server, connection.caFile, { tokenFile }, NAMESPACE);
  const health = `127.0.0.1:${await run.port()}`;
  const metrics = `127.0.0.1:${await run.port()}`;
  const part = await run.start({
    name,
    program: process.execPath,
    parameters: [
      join(root, 'src/cli/main.ts'),
      ...parameters,
      `--kubeconfig=${kubeconfig}`,
      `--health-probe-bind-address=${health}`,
      `--metrics-bind-address=${metrics}`,
      ...flags,
    ],
    ready: () => answers(`http://${health}/readyz`),
  });
  return { part, health, metrics, token, [Symbol.asyncDispose]: () => run[Symbol.asyncDispose]() };
}

/** As the kubelet gets one for a pod. */
export async function serviceAccountToken(
  connection: Connection,
  name: string,
  namespace = NAMESPACE,
): Promise<string> {
  const token = await kubectl(connection, '-n', namespace, 'create', 'token', name, '--duration=24h');
  return token.trim();
}
