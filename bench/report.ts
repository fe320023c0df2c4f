/** The results as tables: what a release costs, what it consists of, what nothing costs, and where the time goes. */
import { cpus, loadavg } from 'node:os';
import { components } from '../test/cluster/control-plane/components.ts';
import { budgetHeading, budgetRows } from './budgets.ts';
import type { ProfileResult } from './profile.ts';
import type { RegistryCounts } from './registry.ts';
import type { RunResult } from './run.ts';
import { scenarios } from './scenarios.ts';
import { formatTable, type Row, type TableFormat } from './table.ts';

const mostFunctions = 40;

/** Read before anything is started: times of a machine that does other things at the same time mean little. */
const machine = describeMachine();

export function report(results: readonly RunResult[], format: TableFormat): string {
  const title = (text: string): string => (format === 'markdown' ? `### ${text}` : text.toUpperCase());
  const table = (text: string, heading: Row, rows: readonly Row[]): readonly string[] =>
    rows.length === 0 ? [] : [title(text), formatTable(format, heading, rows)];
  const parts = [
    machine,
    ...table(
      'A release of all Rollouts at once',
      releaseHeading,
      results.map((result) => releaseRow(result, results)),
    ),
    ...table('API requests of that release', ['request', ...results.map(nameOf)], requestRows(results)),
    ...table('Nothing to do', restHeading, results.flatMap(restRows)),
    ...table('Budgets', budgetHeading, budgetRows(results)),
    ...results.flatMap(({ profile, ...result }) =>
      profile === undefined ? [] : profileParts(`${result.scenario}, ${result.rollouts} Rollouts`, profile, format),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function describeMachine(): string {
  const [first] = cpus();
  const kubernetes = components.find(({ name }) => name === 'kubernetes')?.version ?? '';
  const load = (loadavg()[0] ?? 0).toFixed(1);
  return `${cpus().length} cores (${first?.model ?? ''}), load ${load}, Node ${process.version}, Kubernetes ${kubernetes}.`;
}

const releaseHeading = [
  'what',
  'Rollouts',
  'who',
  'API requests per release',
  'tag lists',
  'manifests',
  'p50',
  'p99',
  'last patched',
  'settled',
  'CPU',
  'peak memory',
];

function releaseRow(result: RunResult, results: readonly RunResult[]): Row {
  const { scenario, rollouts, subject, release, peakBytes } = result;
  const beside = results.find(
    (other) => other.subject === 'floor' && other.scenario === scenario && other.rollouts === rollouts,
  );
  /** With how much more that is than the floor. */
  const ratio = (value: number, floor: number | undefined, text: string): string =>
    floor === undefined || subject === 'floor' || floor === 0 ? text : `${text} (${(value / floor).toFixed(2)} x)`;
  return [
    titleOf(scenario),
    rollouts.toLocaleString('en'),
    subject,
    (sum(release.requests) / rollouts).toFixed(2),
    ...registryCells(release.registry),
    seconds(release.p50),
    seconds(release.p99),
    ratio(release.last, beside?.release.last, seconds(release.last)),
    ratio(release.settled, beside?.release.settled, seconds(release.settled)),
    ratio(release.cpuSeconds, beside?.release.cpuSeconds, seconds(release.cpuSeconds)),
    megabytes(peakBytes),
  ];
}

function requestRows(results: readonly RunResult[]): readonly Row[] {
  const kinds = [...new Set(results.flatMap(({ release }) => Object.keys(release.requests)))].toSorted();
  return kinds.map((kind) => [
    kind,
    ...results.map(({ release }) => (release.requests[kind] ?? 0).toLocaleString('en')),
  ]);
}

const restHeading = [
  'what',
  'Rollouts',
  'phase',
  'lists',
  'watches',
  'other API requests',
  'registry',
  'CPU',
  'memory',
];

function restRows({ scenario, rollouts, idle, restart }: RunResult): readonly Row[] {
  const row = (phase: string, costs: NonNullable<RunResult['idle']>, memory: string): Row => {
    const { list = 0, watch = 0, ...others } = byVerb(costs.requests);
    const counts = [list, watch, sum(others), sum({ ...costs.registry })].map((count) => count.toLocaleString('en'));
    return [titleOf(scenario), rollouts.toLocaleString('en'), phase, ...counts, seconds(costs.cpuSeconds), memory];
  };
  return [
    ...(idle === undefined ? [] : [row(`idle for ${idle.seconds} s`, idle, '')]),
    ...(restart === undefined
      ? []
      : [row(`started again, ready after ${seconds(restart.seconds)}`, restart, megabytes(restart.peakBytes))]),
  ];
}

function profileParts(name: string, { file, unit, all, functions, owners }: ProfileResult, format: TableFormat) {
  const amount = (value: number): string => (unit === 'seconds' ? `${value.toFixed(2)} s` : megabytes(value));
  const share = (value: number): string => `${((100 * value) / all).toFixed(1)} %`;
  const rows = (costs: ProfileResult['functions']): readonly Row[] =>
    costs.slice(0, mostFunctions).map(({ where, own, total }) => [amount(own), share(own), amount(total), where]);
  const heading = ['own', '', 'with what it called', 'where'];
  return [
    `${unit === 'seconds' ? 'CPU' : 'Heap'} of ${name}: ${amount(all)}, profile in ${file}`,
    formatTable(format, heading, rows(owners)),
    formatTable(format, heading, rows(functions)),
  ];
}

function byVerb(requests: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const verbs: Record<string, number> = {};
  for (const [kind, count] of Object.entries(requests)) {
    const verb = kind.split(' ')[0] ?? '';
    verbs[verb] = (verbs[verb] ?? 0) + count;
  }
  return verbs;
}

const nameOf = ({ scenario, rollouts, subject }: RunResult): string =>
  `${scenario}, ${rollouts.toLocaleString('en')}, ${subject}`;
const titleOf = (name: string): string => scenarios.find((scenario) => scenario.name === name)?.title ?? name;
const registryCells = ({ tagLists, manifests }: RegistryCounts): Row =>
  [tagLists, manifests].map((count) => count.toLocaleString('en'));
const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
const seconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} s`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
