/** What is measured. */
import type { RunPlan } from './run.ts';
import type { SubjectName } from './subject.ts';

interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Numbers of Rollouts that are released at once. */
  readonly sizes: readonly number[];
  /** Default 50. */
  readonly namespaces?: number;
  readonly ownImages?: boolean;
  readonly judged?: boolean;
  readonly registryDelay?: number;
  /** Measured beside ours. */
  readonly floor?: boolean;
  readonly idle?: boolean;
  readonly restart?: boolean;
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'release',
    title: 'one image, spread over 50 namespaces',
    sizes: [1, 100, 1000],
    floor: true,
    idle: true,
    restart: true,
  },
  { name: 'one-namespace', title: 'one image, one namespace', sizes: [1000], namespaces: 1 },
  { name: 'images', title: 'an image each', sizes: [1000], ownImages: true },
  {
    name: 'slow-registry',
    title: 'an image each, 25 ms added to each answer of the registry',
    sizes: [1000],
    ownImages: true,
    registryDelay: 25,
  },
  { name: 'health', title: 'a bake and a health check each', sizes: [1000], judged: true, idle: true },
];

export interface Choice {
  /** Empty: all. */
  readonly names: readonly string[];
  /** Empty: those of each scenario. */
  readonly sizes: readonly number[];
  readonly subjects: readonly SubjectName[];
  readonly profile: RunPlan['profile'];
  readonly nodeFlags: readonly string[];
}

/** @throws for a name that is none */
export function plansOf(choice: Choice): readonly RunPlan[] {
  const unknown = choice.names.find((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown !== undefined) {
    throw new Error(`no scenario is called ${unknown}: there are ${scenarios.map(({ name }) => name).join(', ')}`);
  }
  const chosen = scenarios.filter(({ name }) => choice.names.length === 0 || choice.names.includes(name));
  return chosen.flatMap((scenario) => {
    const sizes = choice.sizes.length === 0 ? scenario.sizes : choice.sizes;
    const subjects = choice.subjects.filter((subject) => subject === 'ours' || scenario.floor === true);
    return sizes.flatMap((rollouts) =>
      subjects.map((subject) => planOf(scenario, rollouts, subject, rollouts === Math.max(...sizes), choice)),
    );
  });
}

function planOf(
  scenario: Scenario,
  rollouts: number,
  subject: SubjectName,
  isLargest: boolean,
  { profile, nodeFlags }: Choice,
): RunPlan {
  const { name, namespaces = 50, ownImages = false, judged = false, registryDelay = 0 } = scenario;
  const isOurs = subject === 'ours';
  const stays = isOurs && isLargest && profile === 'none';
  return {
    scenario: name,
    shape: { rollouts, namespaces: Math.min(namespaces, rollouts), ownImages, judged },
    registryDelay,
    subject,
    idle: stays && scenario.idle === true,
    restart: stays && scenario.restart === true,
    profile: isOurs ? profile : 'none',
    nodeFlags: isOurs ? nodeFlags : [],
  };
}
