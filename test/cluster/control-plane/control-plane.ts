/** A control plane of real parts, or of those that a test needs, wired together and ready. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from '../../../src/api/meta.ts';
import { auditFlags } from '../permissions/ledger.ts';
import { type Administrator, administrator, clusterAt, define } from './cluster.ts';
import { run as command } from './command.ts';
import { type Flux, fluxControllers, startFlux } from './flux.ts';
import { definitionsWithConversion, startKruise } from './kruise.ts';
import { type ApiServer, startApiServer, startControllerManager, startKwok, startScheduler } from './kubernetes.ts';
import { type Obtained, obtain } from './obtain.ts';
import type { Part } from './part.ts';
import { type RunningRegistry, startRegistry } from './registries.ts';
import { Run } from './run.ts';

export interface ControlPlaneOptions {
  /** Of the folder that its logs are in. */
  readonly name: string;
  /** Deployments roll out on pods that say they run. Default true. */
  readonly workloads?: boolean;
  /** Flux, its CRDs, and a registry to work with. Default true. */
  readonly flux?: boolean;
  /** The definition of DatadogMonitor; what its operator writes, tests write. Default: as `flux`. */
  readonly datadog?: boolean;
  /** OpenKruise Rollouts. Default false. */
  readonly kruise?: boolean;
  /** Kuberik installed from `deploy/kustomize`, as a user would; its Deployment's pods only say that they run. Default true. */
  readonly install?: boolean;
  /** Further flags of kube-apiserver. */
  readonly apiServerFlags?: readonly string[];
}

export interface ControlPlane extends ApiServer, AsyncDisposable {
  readonly run: Run;
  readonly obtained: Obtained;
  readonly admin: Administrator;
  readonly controllerManager?: Part;
  readonly kwok?: Part;
  readonly flux?: Flux;
  readonly registry?: RunningRegistry;
}

/** Starts what is wanted, and resolves when all of it is ready. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { name, workloads = true, flux = true, datadog = flux, kruise = false, install = true } = options;
  const obtained = await obtain();
  await using parts = new AsyncDisposableStack();
  const run = parts.use(await Run.create(name));
  const registry = flux ? await startRegistry(run, obtained, 'docker-registry') : undefined;
  const { apiServerFlags = [] } = options;
  const api = await startApiServer(run, obtained, [...apiServerFlags, ...auditFlags(name, apiServerFlags)]);
  const admin = parts.use(administrator(clusterAt(api.server, api.caFile)));
  const started = await Promise.all([
    workloads ? startWorkloads(run, obtained, api, admin) : undefined,
    flux ? startFluxWithDefinitions(run, obtained, api, admin) : undefined,
    install ? installKuberik(obtained, api) : undefined,
    datadog ? defineDatadog(obtained, admin) : undefined,
  ]);
  if (kruise) await startKruiseWithDefinitions(run, obtained, api, admin);
  const owned = parts.move();
  const [workload, running] = started;
  return {
    ...api,
    run,
    obtained,
    admin,
    ...(workload !== undefined && workload),
    ...(running !== undefined && { flux: running }),
    ...(registry !== undefined && { registry }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function startWorkloads(run: Run, obtained: Obtained, api: ApiServer, admin: Administrator) {
  const [controllerManager, , kwok] = await Promise.all([
    startControllerManager(run, obtained, api),
    startScheduler(run, obtained, api),
    startKwok(run, obtained, api),
    admin.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } }),
  ]);
  return { controllerManager, kwok };
}

async function installKuberik(obtained: Obtained, { kubeconfig }: ApiServer): Promise<void> {
  const base = join(import.meta.dirname, '../../../deploy/kustomize');
  const kubectl = (...parameters: string[]): Promise<string> =>
    command(obtained.program('kubectl'), [`--kubeconfig=${kubeconfig}`, ...parameters]);
  await kubectl('apply', '--server-side', '-k', base);
  await kubectl('wait', '--for=condition=Established', '--timeout=30s', 'customresourcedefinitions', '--all');
}

async function startFluxWithDefinitions(
  run: Run,
  obtained: Obtained,
  api: ApiServer,
  admin: Administrator,
): Promise<Flux> {
  await define(admin, (await Promise.all(fluxControllers.map((name) => definitionsOf(obtained, name)))).flat());
  return startFlux(run, obtained, api);
}

/** From now on the cluster knows monitors. */
export async function defineDatadog(obtained: Obtained, admin: Administrator): Promise<void> {
  await define(admin, await definitionsOf(obtained, 'datadog-operator'));
}

async function startKruiseWithDefinitions(run: Run, obtained: Obtained, api: ApiServer, admin: Administrator) {
  const webhook = `https://127.0.0.1:${await run.port()}`;
  await define(admin, definitionsWithConversion(await definitionsOf(obtained, 'kruise-rollouts'), webhook));
  await startKruise(run, obtained, api, admin, webhook);
}

async function definitionsOf(
  obtained: Obtained,
  component: Parameters<Obtained['files']>[0],
): Promise<readonly KubeObject[]> {
  return (await obtained.files(component)).map((text) => parse(text) as KubeObject);
}

/** What another process needs to use a control plane that is running. */
export interface Connection {
  readonly server: string;
  readonly caFile: string;
  readonly kubeconfig: string;
  /** `host:port` of the registry. */
  readonly registry: string;
  readonly kubectl: string;
}

export function connectionTo(plane: ControlPlane): Connection {
  if (plane.registry === undefined) throw new Error('this control plane has no registry');
  return {
    server: plane.server,
    caFile: plane.caFile,
    kubeconfig: plane.kubeconfig,
    registry: plane.registry.host,
    kubectl: plane.obtained.program('kubectl'),
  };
}

const connectionFile = (): string => join(process.cwd(), '.cache', 'control-plane', 'connection.json');

/** For tests that are started by hand while the control plane keeps running. */
export function publishConnection(connection: Connection): string {
  writeFileSync(connectionFile(), JSON.stringify(connection), { mode: 0o600 });
  return connectionFile();
}

export function readConnection(path: string): Connection {
  return JSON.parse(readFileSync(path, 'utf8')) as Connection;
}
