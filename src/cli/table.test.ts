import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPaint, oneLine, wantsColor } from './paint.ts';
import { type Column, createTable } from './table.ts';
import { renderSections, wrap } from './text.ts';

const plain = createPaint(false);

interface Row {
  readonly name: string;
  readonly state: string;
}

const columns: readonly Column<Row>[] = [
  { heading: 'NAME', cell: (row) => row.name },
  { heading: 'STATE', cell: (row) => ({ text: row.state, tone: 'good' }) },
  { heading: 'LENGTH', wide: true, cell: (row) => String(row.name.length) },
];

describe('createTable', () => {
  it('aligns columns as kubectl does', () => {
    const rows = [
      { name: 'a', state: 'Open' },
      { name: 'long-name', state: 'Closed' },
    ];
    expect(createTable(columns, false, plain).lines(rows)).toEqual([
      'NAME        STATE',
      'a           Open',
      'long-name   Closed',
    ]);
  });

  it('shows more with wide', () => {
    expect(createTable(columns, true, plain).lines([{ name: 'a', state: 'Open' }])).toEqual([
      'NAME   STATE   LENGTH',
      'a      Open    1',
    ]);
  });

  it('prints rows that come later without headings, under the same columns', () => {
    const table = createTable(columns, false, plain);
    table.lines([{ name: 'long-name', state: 'Open' }]);
    expect(table.lines([{ name: 'b', state: 'Open' }])).toEqual(['b           Open']);
  });

  it('prints nothing for no rows, and <none> for an empty cell', () => {
    const table = createTable(columns, false, plain);
    expect(table.lines([])).toEqual([]);
    expect(table.lines([{ name: '', state: '' }])[1]).toBe('<none>   <none>');
  });

  it('keeps colours out of the alignment', () => {
    const coloured = createTable([...columns].reverse(), true, createPaint(true)).lines([{ name: 'a', state: 'Open' }]);
    const bare = coloured.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''));
    expect(bare[1]).toBe('1        Open    a');
    expect(coloured[1]).not.toBe(bare[1]);
  });

  it('lets no text of the cluster steer the terminal', () => {
    const lines = createTable(columns, false, plain).lines([{ name: 'a\u001b[2Jb\nc', state: 'x' }]);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe('a [2Jb c   x');
  });
});

describe('wantsColor', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('%j on a terminal: %s -> %s', (environment, isTerminal, expected) => {
    expect(wantsColor(environment, isTerminal)).toBe(expected);
  });
});

describe('wrap', () => {
  it('keeps every word in order and every line within the width, unless a word is longer', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(words, fc.integer({ min: 5, max: 60 }), (list, width) => {
        const lines = wrap(list.join(' '), width);
        expect(lines.join(' ')).toBe(list.join(' '));
        for (const line of lines) expect(line.length <= width || !line.includes(' ')).toBe(true);
      }),
    );
  });
});

describe('renderSections', () => {
  it('sets labels apart, wraps, and leaves empty sections out', () => {
    const text = renderSections(
      [
        {
          label: 'One',
          lines: [{ text: 'a first line that is too long for the narrow page' }, { text: 'b', indent: 2 }],
        },
        { label: 'Nothing', lines: [] },
        { label: 'Three', lines: [{ text: 'c' }] },
      ],
      47,
      plain,
    );
    expect(text).toBe(
      'One    a first line that is too long for the\n' + '         narrow page\n' + '         b\n' + 'Three  c\n',
    );
  });
});

describe('oneLine', () => {
  it('turns control characters into spaces', () => {
    expect(oneLine(' a\r\n\tb\u0007 ')).toBe('a b');
  });
});
