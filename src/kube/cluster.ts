/** Where an API server is, and how to prove who we are; `kube-config.ts` finds it. */

export interface KubeCluster {
  /** Base URL without a trailing slash; plain `http:` is for servers on this machine. */
  readonly server: string;
  /** PEM of the certificate authority. Absent: the system's. */
  readonly ca?: string | Buffer;
  /** The client certificate as it is now; `rejected` as for `headers`. Absent: there is none. */
  readonly certificate?: (rejected?: boolean) => Promise<ClientCertificate>;
  /** Name to expect in the server's certificate. Default: the host of `server`. */
  readonly serverName?: string;
  /** `insecure-skip-tls-verify` of the kubeconfig. Default false. */
  readonly insecure?: boolean;
  /** HTTP proxy that leads to `server`. */
  readonly proxyUrl?: string;
  /** Namespace of the context. Default: `default`. */
  readonly namespace: string;
  /** Who to act as, beside who we are: the API server asks whether we may. Absent: as ourselves. */
  readonly impersonate?: Impersonation;
  /** Headers for one request: the present credentials. `rejected`: the last ones were answered with 401. */
  readonly headers: (rejected?: boolean) => Promise<Readonly<Record<string, string>>>;
  /** What can be seen from here to be wrong with the credentials, and the remedy; for the message of a 401. */
  readonly complaint?: () => string | undefined;
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
export interface Impersonation {
  readonly user: string;
  readonly groups: readonly string[];
}

/** PEM of both. */
export interface ClientCertificate {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** A server that asks for no credentials, for example the sandbox's: `http://127.0.0.1:8080`. */
export function openCluster(
  server: string,
  options: { readonly ca?: string; readonly namespace?: string } = {},
): KubeCluster {
  return {
    server: server.replace(/\/+$/, ''),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    namespace: options.namespace ?? 'default',
    headers: () => Promise.resolve({}),
  };
}
