/**
 * Counts which blocks of the sources run. A loader adds a counter to each block, branch and right-hand side; the fuzzer
 * reads the counters after each input, which is a thousand times faster than asking the inspector.
 */

import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A counter for each block; they wrap around. */
export const counters = new Uint8Array(1 << 16);
/** Texts in the sources, by the first counter of their file: words that a parser may be looking for. */
export const words = new Map<number, readonly string[]>();

let used = 0;

/** How many of the counters belong to a block. */
export function blockCount(): number {
  return used;
}

/**
 * The sources, and libraries that are the parser of a target: js-yaml reads a kubeconfig, re2js a filter of tags. Not
 * yaml: counting makes it several times slower where its time grows with the square of its faults, above what is allowed.
 */
const instrumented = [
  /^(?!.*\/node_modules\/).*\/src\/.*\.ts$/,
  /\/node_modules\/(@marcbachmann\/cel-js|js-yaml|re2js|semver)\/.*\.m?js$/,
];

/** What `instrument` made can run from now on. */
export function exposeCounters(): void {
  Object.defineProperty(globalThis, 'fuzzCounters', { value: counters, configurable: true });
}

/** Every module that is imported from now on counts. */
export function startCounting(): void {
  exposeCounters();
  registerHooks({
    load(url, context, next) {
      if (!url.startsWith('file:') || !instrumented.some((pattern) => pattern.test(url))) return next(url, context);
      const file = fileURLToPath(url);
      const source = instrument(readFileSync(file, 'utf8'), file);
      // What is required, not imported, is given no format.
      const format = file.endsWith('.ts') ? 'module' : (next(url, context).format ?? 'commonjs');
      return { format, source, shortCircuit: true };
    },
  });
}

/** JavaScript that counts; the file is for its name and what its ending says. */
export function instrument(text: string, file: string): string {
  const first = used;
  const found = new Set<string>();
  const { outputText } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
    transformers: { before: [(context) => (source) => withCounters(source, context, found)] },
  });
  words.set(first, [...found]);
  // On the first line, so that lines of the map stay right; a script that is strict must say so before anything else.
  const strict = /^\s*['"]use strict['"]/.test(text) ? '"use strict";' : '';
  return `${strict}const fuzzCounters = globalThis.fuzzCounters;${outputText}`;
}

const shortCircuits = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);
const longestWord = 60;

function withCounters(source: ts.SourceFile, context: ts.TransformationContext, found: Set<string>): ts.SourceFile {
  const { factory } = context;
  const count = (): ts.Expression => {
    if (used === counters.length) throw new Error('the sources have more blocks than there are counters');
    const counter = factory.createElementAccessExpression(factory.createIdentifier('fuzzCounters'), used++);
    return factory.createPostfixIncrement(counter);
  };
  const counted = (expression: ts.Expression): ts.Expression =>
    factory.createParenthesizedExpression(factory.createComma(count(), expression));
  const statements = (list: ts.NodeArray<ts.Statement>): ts.Statement[] => [
    factory.createExpressionStatement(count()),
    ...list,
  ];
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isStringLiteral(node) && node.text !== '' && node.text.length <= longestWord) found.add(node.text);
    const inner = ts.visitEachChild(node, visit, context);
    if (ts.isBlock(inner)) return factory.updateBlock(inner, statements(inner.statements));
    if (ts.isCaseClause(inner)) return factory.updateCaseClause(inner, inner.expression, statements(inner.statements));
    if (ts.isDefaultClause(inner)) return factory.updateDefaultClause(inner, statements(inner.statements));
    if (ts.isIfStatement(inner)) {
      const { expression, thenStatement, elseStatement } = inner;
      return factory.updateIfStatement(inner, expression, block(thenStatement), elseStatement && block(elseStatement));
    }
    if (ts.isArrowFunction(inner) && !ts.isBlock(inner.body)) {
      const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken, body } = inner;
      const arrow = equalsGreaterThanToken;
      return factory.updateArrowFunction(inner, modifiers, typeParameters, parameters, type, arrow, counted(body));
    }
    if (ts.isConditionalExpression(inner)) {
      const { condition, questionToken, whenTrue, colonToken, whenFalse } = inner;
      const [yes, no] = [counted(whenTrue), counted(whenFalse)];
      return factory.updateConditionalExpression(inner, condition, questionToken, yes, colonToken, no);
    }
    if (ts.isBinaryExpression(inner) && shortCircuits.has(inner.operatorToken.kind)) {
      return factory.updateBinaryExpression(inner, inner.left, inner.operatorToken, counted(inner.right));
    }
    return inner;
  };
  /** A branch without braces gets them; one with braces counts already. */
  const block = (statement: ts.Statement): ts.Statement =>
    ts.isBlock(statement) || ts.isIfStatement(statement)
      ? statement
      : factory.createBlock(statements(factory.createNodeArray([statement])), true);
  return ts.visitEachChild(source, visit, context);
}
