/** Every target, room by room. */
import type { Target } from '../engine/target.ts';
import { apiTargets } from './api.ts';
import { cliTargets } from './cli.ts';
import { controllerTargets } from './controllers.ts';
import { coreTargets } from './core.ts';
import { httpTargets } from './http.ts';
import { integrationTargets } from './integrations.ts';
import { kubeTargets } from './kube.ts';
import { ociTargets } from './oci.ts';
import { sandboxTargets } from './sandbox.ts';

export const targets: readonly Target[] = [
  ...[
    apiTargets,
    ociTargets,
    integrationTargets,
    httpTargets,
    controllerTargets,
    kubeTargets,
    coreTargets,
    sandboxTargets,
    cliTargets,
  ].flat(),
];
