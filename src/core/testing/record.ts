/** Writes anew what is told in each story: `node src/core/testing/record.ts`. */
import { writeFileSync } from 'node:fs';
import { groups } from './stories/groups.ts';
import { tell } from './teller.ts';

for (const [group, stories] of Object.entries(groups)) {
  const sections = Object.entries(stories).map(([title, story]) => tell(title, story).trimEnd());
  writeFileSync(new URL(`told/${group}.txt`, import.meta.url), `${sections.join('\n\n')}\n`);
}
