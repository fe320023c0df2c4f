/** A generated file of YAML documents. */
import { Document, Scalar, visit } from 'yaml';
import { GENERATED_NOTE, type GeneratedFile } from './generated-file.ts';

/** @param path relative to the root of the repository */
export function yamlFile(path: string, ...documents: readonly unknown[]): GeneratedFile {
  return writtenFile(path, 120, documents);
}

/** With expressions as they are: no line breaks, no quotes around quotes. */
export function expressionFile(path: string, ...documents: readonly unknown[]): GeneratedFile {
  return writtenFile(path, 0, documents);
}

function writtenFile(path: string, lineWidth: number, documents: readonly unknown[]): GeneratedFile {
  const texts = documents.map((content) => {
    const document = new Document(content, { aliasDuplicateObjects: false });
    if (lineWidth === 0) visit(document, { Scalar: asBlock });
    return document.toString({ lineWidth });
  });
  return { path, text: `# ${GENERATED_NOTE}\n${texts.join('---\n')}` };
}

function asBlock(_key: unknown, node: Scalar): void {
  if (typeof node.value === 'string' && node.value.includes("'")) node.type = Scalar.BLOCK_LITERAL;
}
