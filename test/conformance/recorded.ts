/** `recorded.json`: what a real kube-apiserver answered, one line for each row. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Answer } from './session.ts';

const file = new URL('recorded.json', import.meta.url);

export function readRecorded(): ReadonlyMap<string, Answer> {
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Answer>));
}

export function writeRecorded(answers: ReadonlyMap<string, Answer>): void {
  const lines = [...answers].map(([name, answer]) => `${JSON.stringify(name)}: ${JSON.stringify(answer)}`);
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}
