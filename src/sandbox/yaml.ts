/** YAML that others wrote: what cannot be read, or is no tree, is refused, with its place as far as there is one. */
import { type Document, LineCounter, parseAllDocuments, parseDocument } from 'yaml';

/** A document with more aliases than this is refused: they could expand without end. */
const maxAliasCount = 100;

/** The one document. @throws Error with the place of the first fault; for what is nested too deeply without one */
export function valueIn(source: string): unknown {
  const lineCounter = new LineCounter();
  return valueOf(parseDocument(source, { merge: true, ...placedBy(lineCounter) }), lineCounter);
}

/** Every document. @throws as `valueIn` */
export function valuesIn(source: string): readonly unknown[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(source, { merge: true, ...placedBy(lineCounter) });
  // Without any document it is an object that says so.
  return 'empty' in documents ? [] : documents.map((document) => valueOf(document, lineCounter));
}

/** What a document without faults stands for. @throws Error for aliases that expand, or never end */
export function plainValueOf(document: Document.Parsed): unknown {
  const value: unknown = document.toJS({ maxAliasCount });
  refuseCycles(value, new Set());
  return value;
}

/** Options of a parser. A picture of every fault would take seconds where there are thousands. */
export function placedBy(lineCounter: LineCounter) {
  return { prettyErrors: false, lineCounter } as const;
}

function valueOf(document: Document.Parsed, lineCounter: LineCounter): unknown {
  const [fault] = document.errors;
  if (fault === undefined) return plainValueOf(document);
  const { line, col } = lineCounter.linePos(fault.pos[0]);
  throw new SyntaxError(`${fault.message} at line ${line}, column ${col}`);
}

function refuseCycles(value: unknown, above: Set<object>): void {
  if (typeof value !== 'object' || value === null) return;
  if (above.has(value)) throw new SyntaxError('an anchor contains itself');
  above.add(value);
  for (const part of Object.values(value)) refuseCycles(part, above);
  above.delete(value);
}
