/** Kubernetes itself: etcd, API server, controllers, scheduler, and a node whose pods only say that they run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN_TOKEN, type Keys, writeKeys, writeKubeconfig } from './credentials.ts';
import type { Obtained } from './obtain.ts';
import type { Part } from './part.ts';
import { answers } from './probe.ts';
import type { Run } from './run.ts';
import { podStages } from './stages.ts';

export interface ApiServer {
  readonly etcd: Part;
  readonly apiServer: Part;
  readonly etcdUrl: string;
  readonly server: string;
  /** PEM file that the server's certificate is checked with. */
  readonly caFile: string;
  /** Of the administrator. */
  readonly kubeconfig: string;
  readonly keys: Keys;
}

/** @param flags further flags of kube-apiserver */
export async function startApiServer(run: Run, obtained: Obtained, flags: readonly string[] = []): Promise<ApiServer> {
  const keys = await writeKeys(run.folder('keys'));
  const etcdUrl = `http://127.0.0.1:${await run.port()}`;
  const peerUrl = `http://127.0.0.1:${await run.port()}`;
  const etcd = await run.start({
    name: 'etcd',
    program: obtained.program('etcd'),
    parameters: [
      `--data-dir=${run.folder('etcd')}`,
      `--listen-client-urls=${etcdUrl}`,
      `--advertise-client-urls=${etcdUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    ready: () => answers(`${etcdUrl}/health`),
  });
  const port = await run.port();
  const server = `https://127.0.0.1:${port}`;
  const certificates = run.folder('certificates');
  const caFile = join(certificates, 'apiserver.crt');
  const apiServer = await run.start({
    name: 'kube-apiserver',
    program: obtained.program('kube-apiserver'),
    parameters: [
      `--etcd-servers=${etcdUrl}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${certificates}`,
      '--authorization-mode=RBAC',
      `--token-auth-file=${keys.tokens}`,
      `--client-ca-file=${keys.clientCa}`,
      '--service-cluster-ip-range=10.0.0.0/24',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-signing-key-file=${keys.serviceAccountKey}`,
      `--service-account-key-file=${keys.serviceAccountPublicKey}`,
      '--advertise-address=127.0.0.1',
      '--endpoint-reconciler-type=none',
      ...flags,
    ],
    ready: () => answers(`${server}/readyz`),
  });
  const kubeconfig = writeKubeconfig(join(run.directory, 'admin.kubeconfig'), server, caFile, { token: ADMIN_TOKEN });
  return { etcd, apiServer, etcdUrl, server, caFile, kubeconfig, keys };
}

export async function startControllerManager(run: Run, obtained: Obtained, api: ApiServer): Promise<Part> {
  const port = await run.port();
  return run.start({
    name: 'kube-controller-manager',
    program: obtained.program('kube-controller-manager'),
    parameters: [
      `--kubeconfig=${api.kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--service-account-private-key-file=${api.keys.serviceAccountKey}`,
      `--root-ca-file=${api.caFile}`,
      '--leader-elect=false',
      // Its default is a folder that only root can make.
      `--flex-volume-plugin-dir=${run.folder('flex-volumes')}`,
    ],
    ready: () => answers(`https://127.0.0.1:${port}/healthz`),
  });
}

export async function startScheduler(run: Run, obtained: Obtained, api: ApiServer): Promise<Part> {
  const port = await run.port();
  return run.start({
    name: 'kube-scheduler',
    program: obtained.program('kube-scheduler'),
    parameters: [
      `--kubeconfig=${api.kubeconfig}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      '--leader-elect=false',
    ],
    ready: () => answers(`https://127.0.0.1:${port}/readyz`),
  });
}

/** The node itself is an object with nothing but a name. */
export async function startKwok(run: Run, obtained: Obtained, api: ApiServer): Promise<Part> {
  const port = await run.port();
  const stages = join(run.directory, 'stages.yaml');
  writeFileSync(stages, podStages(await obtained.files('kwok')));
  return run.start({
    name: 'kwok',
    program: obtained.program('kwok'),
    parameters: [
      `--kubeconfig=${api.kubeconfig}`,
      `--config=${stages}`,
      '--manage-all-nodes',
      // With the default of 0 the node is lost after 50 s, and its pods never come back.
      '--node-lease-duration-seconds=40',
      '--node-ip=127.0.0.1',
      `--server-address=127.0.0.1:${port}`,
    ],
    ready: () => answers(`http://127.0.0.1:${port}/healthz`),
  });
}
