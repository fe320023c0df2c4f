/**
 * The store on disk: a snapshot and, after it, one line for each write. A line is on the platter before its request is
 * answered; writes that come together share one flush. A torn last line belongs to no answered request and is dropped.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, truncateSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, type Json, numberOf, text } from './json.ts';
import { metadataOf, Store, type StoreEvent } from './store.ts';

// After a crash readers may know revisions that were never flushed; going on above them lets no revision mean two things.
const revisionGap = 10_000;
const linesBeforeSnapshot = 20_000;

export interface Durable {
  readonly store: Store;
  /** Resolves when everything written so far is on disk. */
  flushed(): Promise<void>;
  close(): Promise<void>;
}

export function inMemory(window: number): Durable {
  return { store: new Store({ window }), flushed: async () => {}, close: async () => {} };
}

/** Reads `directory` (made if absent) and keeps it up to date from then on. */
export async function onDisk(directory: string, window: number): Promise<Durable> {
  mkdirSync(directory, { recursive: true });
  const files = { snapshot: join(directory, 'snapshot.jsonl'), log: join(directory, 'log.jsonl'), directory };
  const { store, lines } = read(files, window);
  const journal = new Journal(files, store, await open(files.log, 'a'), lines);
  store.subscribe((event) => {
    journal.add(event);
  });
  return { store, flushed: () => journal.flushed(), close: () => journal.close() };
}

interface Files {
  readonly snapshot: string;
  readonly log: string;
  readonly directory: string;
}

function read(files: Files, window: number): { store: Store; lines: number } {
  const { records: base } = readLines(files.snapshot);
  const { records: log, intact } = readLines(files.log);
  if (intact !== undefined) truncateSync(files.log, intact);
  const head = base.length > 0 ? numberOf(base[0]?.revision, 0) : 0;
  const later = log.filter((record) => numberOf(record.revision, 0) > head);
  const last = later.reduce((highest, record) => Math.max(highest, numberOf(record.revision, 0)), head);
  const store = new Store({ window, revision: last === 0 ? 1 : last + revisionGap });
  for (const record of [...base.slice(1), ...later]) {
    const object = isObject(record.object) ? record.object : undefined;
    store.restore(text(record.resource), text(record.namespace), text(record.name), object);
  }
  return { store, lines: log.length };
}

/** `intact` is the length up to the last whole line when the file ends in a torn one. */
function readLines(file: string): { records: Json[]; intact: number | undefined } {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return { records: [], intact: undefined };
  }
  const records: Json[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    const record = parsed(bytes.toString('utf8', start, end));
    if (record === undefined) return { records, intact: start };
    records.push(record);
    start = end + 1;
  }
  return { records, intact: start === bytes.length ? undefined : start };
}

function parsed(line: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

class Journal {
  readonly #files: Files;
  readonly #store: Store;
  #log: FileHandle;
  #lines: number;
  #pending: string[] = [];
  #flush: Promise<void> | undefined;

  constructor(files: Files, store: Store, log: FileHandle, lines: number) {
    this.#files = files;
    this.#store = store;
    this.#log = log;
    this.#lines = lines;
  }

  add(event: StoreEvent): void {
    const { revision, resource, namespace, name } = event;
    const object = event.type === 'DELETED' ? null : event.object;
    this.#pending.push(`${JSON.stringify({ revision, resource, namespace, name, object })}\n`);
  }

  async flushed(): Promise<void> {
    // A flush under way may have taken its lines before ours were added: then one more is needed.
    while (this.#pending.length > 0 || this.#flush !== undefined) {
      this.#flush ??= this.#write().finally(() => {
        this.#flush = undefined;
      });
      await this.#flush;
    }
  }

  async close(): Promise<void> {
    await this.flushed();
    await this.#log.close();
  }

  async #write(): Promise<void> {
    const lines = this.#pending;
    this.#pending = [];
    await this.#log.appendFile(lines.join(''));
    await this.#log.datasync();
    this.#lines += lines.length;
    if (this.#lines >= linesBeforeSnapshot) await this.#snapshot();
  }

  /** Crash-safe at every step: replaying the old log over the new snapshot skips the revisions it already holds. */
  async #snapshot(): Promise<void> {
    const fresh = `${this.#files.snapshot}.new`;
    const file = openSync(fresh, 'w');
    writeSync(file, `${JSON.stringify({ revision: this.#store.revision })}\n`);
    for (const resource of this.#store.resources()) {
      for (const object of this.#store.list(resource)) {
        const { namespace = '', name } = metadataOf(object);
        writeSync(file, `${JSON.stringify({ resource, namespace, name, object })}\n`);
      }
    }
    fsyncSync(file);
    closeSync(file);
    renameSync(fresh, this.#files.snapshot);
    syncDirectory(this.#files.directory);
    // What was added meanwhile is in the snapshot too, and in the fresh log again: both say the same.
    await this.#log.truncate(0);
    this.#lines = 0;
  }
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
