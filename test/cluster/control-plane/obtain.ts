/**
 * Obtains the programs of the control plane, and the files that come with them: what is installed is used
 * (`KUBEBUILDER_ASSETS`, and on PATH the very version that is pinned here), the rest is built or unpacked once.
 */
import { constants } from 'node:fs';
import { access, cp, readdir, readFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { cached, hashOf } from './cache.ts';
import { run } from './command.ts';
import { type ComponentName, components, debianPrograms, type GoComponent, type ProgramName } from './components.ts';

export interface Obtained {
  /** Path of a program. */
  readonly program: (name: ProgramName) => string;
  /** The YAML files that come with a component. */
  readonly files: (name: ComponentName) => Promise<readonly string[]>;
}

export interface Progress {
  readonly name: string;
  /** `begins` is told only of what takes long. */
  readonly how: 'begins' | 'built' | 'unpacked' | 'cached' | 'installed';
  readonly seconds: number;
}
type Tell = (progress: Progress) => void;

/** A cold build of the largest module takes 4 minutes on 2 cores. */
const longestBuild = 30 * 60_000;
const modules = join(import.meta.dirname, 'modules');
const environment = { CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' };

export async function obtain(tell: Tell = () => undefined): Promise<Obtained> {
  const programs = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const component of components as readonly GoComponent[]) {
    const found = await Promise.all(component.programs.map((program) => installed(program, component.version)));
    const missing = component.programs.filter((_, index) => found[index] === undefined);
    const folder = missing.length === 0 ? undefined : await obtainPrograms(component, tell);
    if (folder === undefined) tell({ name: component.name, how: 'installed', seconds: 0 });
    for (const [index, { name }] of component.programs.entries()) {
      programs.set(name, found[index] ?? join(folder ?? '', name));
    }
    if (component.files !== undefined) folders.set(component.name, await obtainFiles(component, component.files));
  }
  for (const name of debianPrograms) programs.set(name, await obtainDebian(name, tell));
  return {
    program: (name) => known(programs, name),
    files: async (name) => {
      const folder = known(folders, name);
      const names = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).toSorted();
      return Promise.all(names.map((file) => readFile(join(folder, file), 'utf8')));
    },
  };
}

function known(map: ReadonlyMap<string, string>, name: string): string {
  const value = map.get(name);
  if (value === undefined) throw new Error(`nothing was obtained for ${name}`);
  return value;
}

async function obtainPrograms(component: GoComponent, tell: Tell): Promise<string> {
  const { name, programs, linkerFlags = [] } = component;
  const module = join(modules, name);
  const sources = await Promise.all(
    (await readdir(module)).toSorted().map((file) => readFile(join(module, file), 'utf8')),
  );
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags', ['-s', '-w', ...linkerFlags].join(' ')];
  const recipe = JSON.stringify([
    platform(),
    arch(),
    flags,
    programs.map((program) => [program.name, program.package]),
  ]);
  return timed(name, 'built', tell, `${name}-${hashOf([recipe, ...sources])}`, async (folder) => {
    // One after the other: each build takes all cores, and they share most packages.
    for (const program of programs) {
      const parameters = ['build', ...flags, '-o', join(folder, program.name), program.package];
      await run('go', parameters, { cwd: module, env: environment, timeout: longestBuild });
    }
  });
}

/** From the module cache, which holds what the pinned version says and no copy of ours can. */
function obtainFiles({ name, module, version }: GoComponent, files: string): Promise<string> {
  return cached(`${name}-files-${hashOf([module, version, files])}`, async (folder) => {
    const cwd = join(modules, name);
    await run('go', ['mod', 'download', module], { cwd, env: environment, timeout: longestBuild });
    const [directory = ''] = (
      await run('go', ['list', '-m', '-f', '{{.Dir}}', module], { cwd, env: environment })
    ).split('\n');
    await cp(join(directory, files), files.endsWith('.yaml') ? join(folder, basename(files)) : folder, {
      recursive: true,
      filter: (path) => !path.includes('testdata'),
    });
    // Files of the module cache are read-only, and so are its folders.
    await run('chmod', ['-R', 'u+w', folder]);
  });
}

/** @returns its path, when it is installed and may be used. */
async function installed(program: GoComponent['programs'][number], version: string): Promise<string | undefined> {
  const assets = process.env.KUBEBUILDER_ASSETS;
  const asset = assets === undefined ? undefined : join(assets, program.name);
  if (asset !== undefined && (await isProgram(asset))) return asset;
  if (program.versionArguments === undefined) return undefined;
  const path = await onPath(program.name);
  if (path === undefined) return undefined;
  const said = await run(path, program.versionArguments).catch(() => '');
  return said.includes(version.replace(/^v/, '')) ? path : undefined;
}

async function obtainDebian(name: string, tell: Tell): Promise<string> {
  const path = await onPath(name);
  if (path !== undefined) {
    tell({ name, how: 'installed', seconds: 0 });
    return path;
  }
  const folder = await timed(name, 'unpacked', tell, `${name}-debian-${arch()}`, async (work) => {
    await run('apt-get', ['download', name], { cwd: work, timeout: longestBuild }).catch(async () => {
      await run('apt-get', ['update', '-qq'], { timeout: longestBuild });
      await run('apt-get', ['download', name], { cwd: work, timeout: longestBuild });
    });
    const file = (await readdir(work)).find((each) => each.endsWith('.deb'));
    await run('dpkg-deb', ['--extract', file ?? name, '.'], { cwd: work });
  });
  return join(folder, 'usr/bin', name);
}

/** Fills a folder of the cache, and tells how long it took. */
async function timed(
  name: string,
  how: Progress['how'],
  tell: Tell,
  folder: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const started = performance.now();
  const filled: Progress['how'][] = [];
  const path = await cached(folder, async (work) => {
    filled.push(how);
    tell({ name, how: 'begins', seconds: 0 });
    await fill(work);
  });
  tell({ name, how: filled.at(-1) ?? 'cached', seconds: (performance.now() - started) / 1000 });
  return path;
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder !== '' && (await isProgram(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
