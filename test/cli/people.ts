/** People of a sandbox: each with a kubeconfig of their own and a role in one namespace. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Space } from '../support/space.ts';
import type { World } from '../support/world.ts';
import { openKubeconfig, type Run, start, wordsOf } from './command.ts';

export type Say = (line: string) => Promise<Run>;

/** Gives a person a role in a namespace. @returns runs their command lines there */
export async function person(world: World, space: Space, folder: string, name: string, role: string): Promise<Say> {
  const rbac = 'rbac.authorization.k8s.io';
  await space.put({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: `${name}-${role}` },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: rbac, kind: 'User', name }],
  });
  const config = join(folder, `${name}.yaml`);
  writeFileSync(config, world.sandbox.kubeconfigOf(name));
  return says(config, space);
}

/** Whoever may do everything, in one namespace. */
export function administrator(world: World, space: Space, folder: string): Say {
  return says(administratorConfig(world, folder), space);
}

/** The same without a namespace, for what belongs to none. */
export function administratorOf(world: World, folder: string): Say {
  const config = administratorConfig(world, folder);
  return (line) => start(['--kubeconfig', config, ...wordsOf(line)]).ended;
}

export function administratorConfig(world: World, folder: string): string {
  return openKubeconfig(join(folder, 'administrator.yaml'), world.sandbox.api.url);
}

function says(config: string, { namespace }: Space): Say {
  return (line) => start(['-n', namespace, '--kubeconfig', config, ...wordsOf(line)]).ended;
}
