/** Runs kubectl against one server, from a home of its own. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Step } from './step.ts';

export interface Said {
  readonly code: number;
  readonly text: string;
}

const longest = 60_000;

export class Runner implements Disposable {
  readonly #program: string;
  readonly #home: string;
  readonly #environment: NodeJS.ProcessEnv;
  #said = '';

  /** @param kubeconfig its path */
  constructor(program: string, kubeconfig: string) {
    this.#program = program;
    this.#home = mkdtempSync(join(tmpdir(), 'kubectl-'));
    this.#environment = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      HOME: this.#home,
      KUBECACHEDIR: join(this.#home, 'cache'),
      NO_COLOR: '1',
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.#home, { recursive: true, force: true });
  }

  /** @returns what it said, but for ages, times, uids and files of its own */
  async run(step: Step): Promise<Said> {
    const child = spawn(this.#program, [...step.args], { env: this.#environmentOf(step), timeout: longest });
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        resolve(code ?? 0);
      });
    });
    let text = '';
    let begun = false;
    const meanwhile: Promise<string>[] = [];
    const hear = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      if (!begun && step.meanwhile !== undefined) meanwhile.push(this.#all(step.meanwhile));
      begun = true;
      if (step.lines !== undefined && text.split('\n').length > step.lines) child.kill();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.stdin.on('error', () => undefined);
    child.stdin.end(inputOf(step).replaceAll('$(said)', this.#said));
    // A command that says nothing until it ends, as `wait`.
    if (step.meanwhile !== undefined && step.lines === undefined) {
      begun = true;
      meanwhile.push(this.#all(step.meanwhile));
    }
    const code = await ended;
    const complaints = (await Promise.all(meanwhile)).join('');
    this.#said = text;
    // One that was ended says what it wants about it.
    if (step.lines !== undefined) return { code: 0, text: normal(firstLines(text, step.lines)) + complaints };
    return { code, text: normal(text) + complaints };
  }

  /** @returns what those said that failed */
  async #all(steps: readonly Step[]): Promise<string> {
    let complaints = '';
    for (const one of steps) {
      const { code, text } = await this.run(one);
      if (code !== 0) complaints += `\nmeanwhile ${one.name}: ${text}`;
    }
    return complaints;
  }

  #environmentOf({ editor }: Step): NodeJS.ProcessEnv {
    if (editor === undefined) return this.#environment;
    const script = join(this.#home, 'editor.sh');
    writeFileSync(script, `#!/bin/sh\nsed -i '${editor}' "$1"\n`, { mode: 0o755 });
    return { ...this.#environment, KUBE_EDITOR: script };
  }
}

function inputOf({ input }: Step): string {
  return (input ?? []).map((object) => JSON.stringify(object)).join('\n');
}

function firstLines(text: string, count: number): string {
  return text.split('\n').slice(0, count).join('\n');
}

function normal(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '<time>')
    .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, '<time>')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [+-]\d{4}/g, '<time>')
    .replaceAll(/(resourceVersion"?: "?)\d+/gi, '$1<revision>')
    .replaceAll(/(Resource Version: +)\d+/g, '$1<revision>')
    .replaceAll(/(^| {2,})\d+[smhd](\d+[smh])?(?=$| {2,}| \(x)/gm, '$1<age>')
    .replaceAll(/\S*\/(LIVE|MERGED)-\d+\//g, '<$1>/')
    .replaceAll(/https?:\/\/127\.0\.0\.1:\d+/g, '<server>')
    .replaceAll(/-edit-\d+\.yaml/g, '-edit.yaml')
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/ +$/gm, '');
}
