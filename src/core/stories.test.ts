/**
 * Everything that a Rollout says and does in many small stories: whole statuses, events, reasons and remedies, compared
 * with what is recorded in `testing/told`. A change of words shows there, line by line, where a person reviews it.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groups } from './testing/stories/groups.ts';
import { tell } from './testing/teller.ts';

/** Sections begin with their titles. */
function recorded(group: string): Map<string, string> {
  const text = readFileSync(new URL(`testing/told/${group}.txt`, import.meta.url), 'utf8');
  const sections = text.split(/^(?=# )/m).map((section) => section.trimEnd());
  return new Map(sections.map((section) => [section.slice(2).split('\n', 1)[0] ?? '', section]));
}

describe.each(Object.entries(groups))('%s', (group, stories) => {
  const sections = recorded(group);

  it.each(Object.entries(stories))('%s', (title, story) => {
    // After a change that is meant: `node src/core/testing/record.ts`, and review what it wrote.
    expect(tell(title, story).trimEnd()).toBe(sections.get(title));
  });

  it('has no record of a story that is not told any more', () => {
    expect([...sections.keys()]).toEqual(Object.keys(stories));
  });
});
