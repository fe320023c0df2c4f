/** Who may speak to the API server: the administrator by a token, a certificate authority for clients, kubeconfig files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';

export const ADMIN_TOKEN = 'admin-token';

/** What the API server and the controller manager need before they start. */
export interface Keys {
  /** Signs and verifies service account tokens. */
  readonly serviceAccountKey: string;
  readonly serviceAccountPublicKey: string;
  /** Users by token. */
  readonly tokens: string;
  /** Signs client certificates. */
  readonly clientCa: string;
  readonly clientCaKey: string;
}

export async function writeKeys(folder: string): Promise<Keys> {
  const file = (name: string): string => join(folder, name);
  const keys = {
    serviceAccountKey: file('service-account.key'),
    serviceAccountPublicKey: file('service-account.pub'),
    tokens: file('tokens.csv'),
    clientCa: file('client-ca.crt'),
    clientCaKey: file('client-ca.key'),
  };
  const key = ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out'];
  await run('openssl', [...key, keys.serviceAccountKey]);
  await run('openssl', ['pkey', '-in', keys.serviceAccountKey, '-pubout', '-out', keys.serviceAccountPublicKey]);
  await run('openssl', [...key, keys.clientCaKey]);
  const subject = ['-subj', '/CN=client-ca', '-days', '2'];
  await run('openssl', ['req', '-x509', '-new', '-key', keys.clientCaKey, ...subject, '-out', keys.clientCa]);
  writeFileSync(keys.tokens, `${ADMIN_TOKEN},admin,admin,"system:masters"\n`, { mode: 0o600 });
  return keys;
}

/** How a kubeconfig proves who it is. */
export type User =
  | { readonly token: string }
  | { readonly tokenFile: string }
  | { readonly 'client-certificate': string; readonly 'client-key': string };

/** @returns the path of the file */
export function writeKubeconfig(
  path: string,
  server: string,
  caFile: string,
  user: User,
  namespace = 'default',
): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'it', cluster: { server, 'certificate-authority-data': readFileSync(caFile).toString('base64') } },
    ],
    users: [{ name: 'it', user }],
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it', namespace } }],
    'current-context': 'it',
  };
  writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
  return path;
}
