/** Every command of the guides works, and prints what they show. */
import { expect, test } from 'vitest';
import type { Run } from '../cli/command.ts';
import { eventually } from '../support/eventually.ts';
import { type Command, readGuide, type Step, wordsOf } from './guide.ts';
import { oneLine, patternOf } from './printed.ts';
import { Site } from './site.ts';

const guides = [
  'manual-approvals',
  'deployment-windows',
  'freeze',
  'api-checks',
  'health-checks',
  'pin-and-rollback',
  'rollback',
  'why-is-nothing-happening',
  'metrics',
];

test.concurrent.each(guides)(
  '%s',
  async (name) => {
    const steps = readGuide(name);
    expect(steps.filter(({ kind }) => kind === 'command').length).toBeGreaterThan(2);
    await using site = await Site.open();
    for (const step of steps) await take(site, step, `docs/guides/${name}.md:${step.line}`);
  },
  120_000,
);

/** What looks is tried until it sees what the guide shows; what changes something is done once. */
const looks = /^(?:curl|kuberik (?:get|explain|forecast|history)|kubectl (?:get|describe|events|auth)) /;

async function take(site: Site, step: Step, where: string): Promise<void> {
  switch (step.kind) {
    case 'event':
      return site.happens(step.text, step.json);
    case 'file':
      site.file(step.name, step.yaml);
      return;
    case 'apply':
      expectDone(await site.apply(step.yaml), where);
      return;
    case 'command':
      return command(site, step, `${where} ${step.text}`);
  }
}

async function command(site: Site, { person, text, printed }: Command, where: string): Promise<void> {
  const once = async (): Promise<void> => {
    expectPrinted(await site.run(person, wordsOf(text)), printed, where);
  };
  await (looks.test(text) ? eventually(once, 20_000, 200) : once());
}

function expectDone({ code, err }: Run, where: string): void {
  expect(code, `${where}: ${err}`).toBe(0);
}

/** A command that fails shows why. */
function expectPrinted({ code, out, err }: Run, shown: string, where: string): void {
  const text = out + err;
  const isWrong = !patternOf(shown).test(oneLine(text));
  if (isWrong) expect(text, `${where} prints something else`).toBe(shown);
  expect(/^(?:error: |Error from server|no$)/m.test(shown), where).toBe(code !== 0);
}
