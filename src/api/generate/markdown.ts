/** The little Markdown that the reference pages need. */

/** Blocks with an empty line between them; empty blocks are left out. */
export function document(blocks: readonly string[]): string {
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that may contain `|`, which would end the cell. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** Code in a table cell: GitHub reads `\|` as `|` there, inside code as well. */
export function code(text: string): string {
  return `\`${cell(text)}\``;
}
