/** `install` is about what stands in `deploy/kustomize`: it is accepted as it is, runs as it says, and goes again. */
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../../src/api/meta.ts';
import { define } from '../control-plane/cluster.ts';
import { run } from '../control-plane/command.ts';
import type { ComponentName } from '../control-plane/components.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';

export const root = join(import.meta.dirname, '../../..');
export const base = join(root, 'deploy/kustomize');

/** kubectl as the administrator of a control plane that may have no registry. */
export function kubectlOf({ obtained, kubeconfig }: ControlPlane): (...parameters: string[]) => Promise<string> {
  return (...parameters) => run(obtained.program('kubectl'), [`--kubeconfig=${kubeconfig}`, ...parameters]);
}

/** The kinds of a component, without anybody who serves them. */
export async function defineKinds(
  { admin, obtained }: ControlPlane,
  ...names: readonly ComponentName[]
): Promise<void> {
  for (const name of names) {
    const texts = await obtained.files(name);
    await define(
      admin,
      texts.map((text) => parse(text) as KubeObject),
    );
  }
}

export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion: string;
    readonly generation?: number;
  };
}

export interface InstalledDeployment extends Manifest {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly args: readonly string[];
          readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
          readonly startupProbe: Probe;
          readonly livenessProbe: Probe;
          readonly readinessProbe: Probe;
        }[];
      };
    };
  };
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
