/**
 * `control-plane` obtains, starts and breaks a real Kubernetes with everything that Kuberik works with, as plain processes
 * of this machine. This file says what there is: where each program comes from, and which files are taken from its module.
 */

interface GoProgram {
  /** What it is called here and where it is installed. */
  readonly name: string;
  /** Package to build, in the wrapper module. */
  readonly package: string;
  /** Prints a text with the version in it; programs that cannot say their version are never taken from PATH. */
  readonly versionArguments?: readonly string[];
}

/** A program of a module of others, built by a wrapper module in `modules/` that pins all it is made of. */
export interface GoComponent {
  readonly name: string;
  /** Module that the files are taken from. */
  readonly module: string;
  readonly version: string;
  readonly programs: readonly GoProgram[];
  /** Linker flags beside `-s -w`. */
  readonly linkerFlags?: readonly string[];
  /** Folder of the module whose YAML files are needed beside the programs, or the one file. */
  readonly files?: string;
}

const kubernetesVersion = '1.35.1';

/** Kubernetes built without its own scripts does not know its version, and its kubectl refuses such a server. */
function stamp(version: string): string[] {
  const [major, minor] = version.split('.');
  const values = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
  return Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
}

const kubernetes = <Name extends string>(name: Name, versionArguments: readonly string[] = ['--version']) => ({
  name,
  package: `k8s.io/kubernetes/cmd/${name}`,
  versionArguments,
});

const fluxController = <Name extends string>(name: Name, version: string) => ({
  name,
  module: `github.com/fluxcd/${name}`,
  version,
  programs: [{ name, package: `github.com/fluxcd/${name}` }],
  files: 'config/crd/bases',
});

export const components = [
  {
    name: 'etcd',
    module: 'go.etcd.io/etcd/server/v3',
    version: 'v3.6.8',
    programs: [{ name: 'etcd', package: 'go.etcd.io/etcd/server/v3', versionArguments: ['--version'] }],
  },
  {
    name: 'kubernetes',
    module: 'k8s.io/kubernetes',
    version: `v${kubernetesVersion}`,
    programs: [
      kubernetes('kube-apiserver'),
      kubernetes('kube-controller-manager'),
      kubernetes('kube-scheduler'),
      kubernetes('kubectl', ['version', '--client']),
    ],
    linkerFlags: stamp(kubernetesVersion),
  },
  {
    name: 'kwok',
    module: 'sigs.k8s.io/kwok',
    version: 'v0.7.0',
    programs: [{ name: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok' }],
    files: 'kustomize/stage/pod/fast',
  },
  fluxController('image-reflector-controller', 'v1.1.1'),
  fluxController('source-controller', 'v1.7.3'),
  fluxController('kustomize-controller', 'v1.9.5'),
  {
    name: 'kruise-rollouts',
    module: 'github.com/openkruise/rollouts',
    version: 'v0.6.2',
    programs: [{ name: 'kruise-rollouts', package: 'github.com/openkruise/rollouts' }],
    files: 'config/crd/bases',
  },
  {
    // Its definitions alone: what the operator writes, tests write.
    name: 'datadog-operator',
    module: 'github.com/DataDog/datadog-operator',
    version: 'v1.30.0',
    programs: [],
    files: 'config/crd/bases/v1/datadoghq.com_datadogmonitors.yaml',
  },
  {
    name: 'distribution',
    module: 'github.com/distribution/distribution/v3',
    version: 'v3.0.0',
    programs: [{ name: 'distribution', package: 'github.com/distribution/distribution/v3/cmd/registry' }],
  },
  {
    name: 'go-containerregistry',
    module: 'github.com/google/go-containerregistry',
    version: 'v0.21.6',
    programs: [{ name: 'go-containerregistry', package: '.' }],
  },
] as const satisfies readonly GoComponent[];

/** Debian packages whose one program is taken out of the package, without installing it or starting its service. */
export const debianPrograms = ['docker-registry', 'prometheus', 'prometheus-alertmanager'] as const;

export type ComponentName = (typeof components)[number]['name'];
export type ProgramName = (typeof components)[number]['programs'][number]['name'] | (typeof debianPrograms)[number];
