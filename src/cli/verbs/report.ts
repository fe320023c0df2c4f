/** What a verb prints: sentences for people, or one document for programs at the end. */
import { keyText } from '../../api/meta.ts';
import type { CliContext } from '../context.ts';
import { CliError, ExitCode } from '../errors.ts';
import { type Flags, outputFlag } from '../flags.ts';
import { type OutputFormat, renderData } from '../output.ts';
import { oneLine } from '../paint.ts';
import { StatusLine } from '../status-line.ts';
import type { Planned } from './change.ts';
import type { Ending } from './follow.ts';

export class Report {
  readonly #context: CliContext;
  readonly #format: OutputFormat;
  readonly #user: string;
  readonly #line: StatusLine;
  #planned: Planned | undefined;
  #written: readonly string[] = [];
  #dryRun = false;

  constructor(context: CliContext, flags: Flags, user: string) {
    this.#context = context;
    this.#format = outputFlag(flags);
    this.#user = user;
    this.#line = new StatusLine(context);
  }

  get #forPeople(): boolean {
    return this.#format === 'table';
  }

  /** @param again something has changed since it was said first */
  announce(planned: Planned, again: boolean): void {
    const { plan, facts } = planned;
    this.#planned = planned;
    const notes = [...plan.notes, ...(facts?.unread ?? [])];
    if (this.#forPeople) {
      if (again) this.#context.out('Something has changed in the meantime. Now it is this:\n');
      this.#context.out(`${oneLine(plan.sentence)}.\n`);
      for (const note of notes) this.#context.out(`  ${this.#context.paint('faint', `note: ${oneLine(note)}`)}\n`);
      return;
    }
    for (const note of notes) this.#context.note(`note: ${oneLine(note)}\n`);
  }

  written(names: readonly string[], dryRun: boolean): void {
    this.#written = names;
    this.#dryRun = dryRun;
    if (!this.#forPeople) return;
    const done = this.#planned?.plan.done ?? '';
    const how = dryRun ? ' (server dry run: nothing was changed)' : '';
    this.#context.out(`${done} by ${this.#user}: ${names.join(', ')}${how}\n`);
  }

  /** Told while it is waited for: data keeps standard output for itself. */
  progress(text: string): void {
    if (this.#forPeople) this.#line.show(text);
    else this.#context.note(`${oneLine(text)}\n`);
  }

  /** @throws CliError when the request had not the effect that it was meant to have */
  finish(ending?: Ending): void {
    this.#line.clear();
    if (!this.#forPeople) this.#context.out(renderData(this.#data(ending), this.#format) ?? '');
    if (ending === undefined) return;
    const text = oneLine(ending.text);
    const name = this.#planned?.facts?.rollout.metadata.name ?? '';
    switch (ending.state) {
      case 'done':
        if (this.#forPeople) this.#context.out(`${this.#context.paint('good', text)}\n`);
        return;
      case 'failed':
        throw new CliError(ExitCode.Failure, text, `see what it is doing now: kuberik explain rollout ${name}`);
      case 'late':
        throw new CliError(
          ExitCode.Failure,
          `not done yet: ${text}`,
          `the request stays; kuberik cancel ${name} takes it back`,
        );
      case 'stopped':
        throw new CliError(
          ExitCode.Failure,
          'stopped waiting; the request stays',
          `kuberik explain rollout ${name} says how it goes, kuberik cancel ${name} takes it back`,
        );
    }
  }

  #data(ending: Ending | undefined): unknown {
    const { plan, facts } = this.#planned ?? {};
    if (plan === undefined) return {};
    return {
      operation: plan.operation,
      ...(facts !== undefined && {
        rollout: keyText({ namespace: facts.rollout.metadata.namespace ?? '', name: facts.rollout.metadata.name }),
      }),
      ...(plan.version !== undefined && { version: plan.version }),
      user: this.#user,
      sentence: plan.sentence,
      passesOver: plan.passesOver,
      ...(plan.undoes !== undefined && { undoes: plan.undoes }),
      notes: plan.notes,
      objects: this.#written,
      result: this.#dryRun ? 'dry-run' : (ending?.state ?? 'requested'),
      ...(ending !== undefined && { message: ending.text }),
    };
  }
}
