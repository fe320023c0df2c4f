/** Tokens that live in a file which somebody else renews: the kubelet for a pod, a person's login helper. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { User } from '@kubernetes/client-node';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { parse } from 'yaml';

const Users = Compile(
  Type.Object({
    users: Type.Array(
      Type.Object({
        name: Type.String(),
        user: Type.Optional(Type.Object({ tokenFile: Type.Optional(Type.String()) })),
      }),
    ),
  }),
);

/**
 * `users[].user.tokenFile`, which the official client leaves out, or the projected token of the pod. As in client-go it
 * goes before `token`, and a relative path starts at the kubeconfig's folder.
 */
export function tokenFileOf(user: User, kubeconfig: string | undefined): string | undefined {
  const provider: unknown = user.authProvider;
  if (isProjected(provider)) return provider.config.tokenFile;
  for (const file of kubeconfig === undefined ? defaultFiles() : [kubeconfig]) {
    const found = usersOf(file).find(({ name }) => name === user.name)?.user?.tokenFile;
    if (found !== undefined) return resolve(dirname(file), found);
  }
  return undefined;
}

const Projected = Compile(
  Type.Object({ name: Type.Literal('tokenFile'), config: Type.Object({ tokenFile: Type.String() }) }),
);
const isProjected = (value: unknown) => Projected.Check(value);

function defaultFiles(): readonly string[] {
  const { KUBECONFIG } = process.env;
  if (KUBECONFIG === undefined || KUBECONFIG === '') return [join(homedir(), '.kube', 'config')];
  return KUBECONFIG.split(delimiter).filter((file) => file !== '');
}

function usersOf(file: string) {
  try {
    const config: unknown = parse(readFileSync(file, 'utf8'));
    return Users.Check(config) ? config.users : [];
  } catch {
    // The official client has said what is wrong with it, or it is one of several that need not be there.
    return [];
  }
}
