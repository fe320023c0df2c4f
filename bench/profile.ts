/** Where the time of a process goes, or who allocated what it holds: profiles of V8, and the functions at their top. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Inspector } from './inspector.ts';
import type { Subject } from './subject.ts';

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame; readonly children?: number[] }[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

interface HeapNode {
  readonly callFrame: CallFrame;
  readonly selfSize: number;
  readonly children: readonly HeapNode[];
}

/** A call tree with an amount at each node: seconds, or bytes. */
interface Tree {
  readonly frame: CallFrame;
  readonly own: number;
  readonly children: readonly Tree[];
}

export interface Cost {
  /** `function file:line`. */
  readonly where: string;
  readonly own: number;
  /** With all that it called. */
  readonly total: number;
}

export interface ProfileResult {
  readonly file: string;
  /** `seconds` of one core, or `bytes` that are held. */
  readonly unit: 'seconds' | 'bytes';
  readonly all: number;
  /** By own cost, the most expensive first. */
  readonly functions: readonly Cost[];
  /** By room of our sources, package, or part of Node. */
  readonly owners: readonly Cost[];
}

export interface Profiling extends Disposable {
  /** @param file where the profile is written, for the browser's tools */
  readonly stop: (file: string) => Promise<ProfileResult>;
}

/** Every half millisecond, which costs a few percent. */
const interval = 500;

/** Watches what it does from now on. */
export async function profileCpu(subject: Subject): Promise<Profiling> {
  const inspector = await Inspector.connect(subject);
  await inspector.send('Profiler.enable');
  await inspector.send('Profiler.setSamplingInterval', { interval });
  await inspector.send('Profiler.start');
  return {
    async stop(file) {
      const { profile } = (await inspector.send('Profiler.stop')) as { profile: CpuProfile };
      writeFileSync(file, JSON.stringify(profile));
      return summarize(file, 'seconds', treeOf(profile));
    },
    [Symbol.dispose]: () => {
      inspector[Symbol.dispose]();
    },
  };
}

/** Remembers who allocates from now on, and says what of it is still held at the end. */
export async function profileHeap(subject: Subject): Promise<Profiling> {
  const inspector = await Inspector.connect(subject);
  await inspector.send('HeapProfiler.startSampling', { samplingInterval: 8192 });
  return {
    async stop(file) {
      await inspector.send('HeapProfiler.collectGarbage');
      const { profile } = (await inspector.send('HeapProfiler.stopSampling')) as { profile: { head: HeapNode } };
      writeFileSync(file, JSON.stringify(profile));
      return summarize(file, 'bytes', heapTree(profile.head));
    },
    [Symbol.dispose]: () => {
      inspector[Symbol.dispose]();
    },
  };
}

function treeOf({ nodes, samples, timeDeltas }: CpuProfile): Tree {
  const own = new Map<number, number>();
  for (const [index, id] of samples.entries()) {
    own.set(id, (own.get(id) ?? 0) + (timeDeltas[index] ?? 0) / 1e6);
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const build = (id: number): Tree => {
    const { callFrame, children = [] } = byId.get(id) ?? { callFrame: { functionName: '', url: '', lineNumber: 0 } };
    return { frame: callFrame, own: own.get(id) ?? 0, children: children.map(build) };
  };
  return build(nodes[0]?.id ?? 0);
}

function heapTree({ callFrame, selfSize, children }: HeapNode): Tree {
  return { frame: callFrame, own: selfSize, children: children.map(heapTree) };
}

function summarize(file: string, unit: ProfileResult['unit'], tree: Tree): ProfileResult {
  const functions = costs(tree, describe);
  const busy = functions.filter(({ where }) => where !== '(idle)' && where !== '(root)');
  const all = busy.reduce((sum, { own }) => sum + own, 0);
  return { file, unit, all, functions: busy, owners: costs(tree, ownerOf).filter(({ where }) => where !== '(idle)') };
}

/** Sums up nodes of the same name; a function that calls itself counts once in its total. */
function costs(tree: Tree, nameOf: (frame: CallFrame) => string): readonly Cost[] {
  const found = new Map<string, { own: number; total: number }>();
  const visit = ({ frame, own, children }: Tree, above: ReadonlySet<string>): number => {
    const name = nameOf(frame);
    const below = above.has(name) ? above : new Set([...above, name]);
    const sum = children.reduce((total, child) => total + visit(child, below), own);
    const cost = found.get(name) ?? { own: 0, total: 0 };
    found.set(name, { own: cost.own + own, total: cost.total + (above.has(name) ? 0 : sum) });
    return sum;
  };
  visit(tree, new Set());
  return [...found].map(([where, cost]) => ({ where, ...cost })).toSorted((a, b) => b.own - a.own);
}

function describe({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === '' ? name : `${name} ${pathOf(url)}:${lineNumber + 1}`;
}

function ownerOf({ functionName, url }: CallFrame): string {
  if (url === '') return functionName.startsWith('(') ? functionName : 'V8';
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/');
  const path = pathOf(url);
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
  return inPackage ?? path.split('/').slice(0, 2).join('/');
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url;
}
