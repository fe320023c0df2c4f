import { expect, it } from 'vitest';
import { createPaint } from '../paint.ts';
import { Screen } from './screen.ts';

function screen(live: boolean) {
  const seen = { text: '', seconds: 0 };
  const start = Temporal.Instant.from('2026-01-01T00:00:00Z');
  const made = new Screen({
    out: (text) => {
      seen.text += text;
    },
    paint: createPaint(false),
    live,
    width: 40,
    now: () => start.add({ seconds: seen.seconds }),
  });
  return { seen, screen: made };
}

it('tells what happened, when, within the width', () => {
  const { seen, screen: made } = screen(false);
  seen.seconds = 75;
  made.tell({ what: 'deploy', tone: 'plain', text: 'v1.0.0: a message\nthat is far too long for one line' });
  expect(seen.text).toBe(
    [
      '01:15  deploy    v1.0.0: a message that',
      '                 is far too long for one',
      '                 line',
      '',
    ].join('\n'),
  );
  seen.text = '';
  made.tell({ what: 'failed', tone: 'bad', text: 'x'.repeat(80) });
  expect(seen.text.split('\n').at(-2)).toBe(`${' '.repeat(17)}${'x'.repeat(22)}…`);
});

it('draws a line over where it can, and removes it before the next one that stays', () => {
  const { seen, screen: made } = screen(true);
  made.draw('baking');
  made.print('done');
  expect(seen.text.split('\r\x1b[2K')).toEqual(['', '      ⠋ baking', 'done\n']);
});

it('draws nothing over where it cannot', () => {
  const { seen, screen: made } = screen(false);
  made.draw('baking');
  expect(seen.text).toBe('');
});
