import { safeJson } from '../../cli/render/safe-json';
import { sparkline } from '../../cli/render/sparkline';
import { table } from '../../cli/render/table';
import { wrap } from '../../cli/render/wrap';
import { processIo } from '../../cli/process-io';
import { PassThrough } from 'node:stream';

describe('sparkline', () => {
  it('draws each number against the highest', () => {
    expect(sparkline([0, 1, 2, 4, 8], 10)).toBe('▁▁▂▄█');
  });

  it('leaves a gap where nothing was measured', () => {
    expect(sparkline([8, null, 8], 10)).toBe('█ █');
  });

  it('shows the highest number of each part when there is less room, so that no peak is lost', () => {
    expect(sparkline([0, 0, 0, 9, 0, 0, 0, 0], 2)).toBe('█▁');
  });

  it('draws silence flat and nothing as nothing', () => {
    expect(sparkline([0, 0], 5)).toBe('▁▁');
    expect(sparkline([], 5)).toBe('');
  });

  it('keeps to a top that is given', () => {
    expect(sparkline([0.5, 2], 5, 1)).toBe('▄█');
  });
});

describe('wrap', () => {
  it('breaks at spaces and indents what follows', () => {
    expect(wrap('one two three four', 9, 2)).toEqual(['one two', '  three', '  four']);
  });

  it('never breaks a word, so that it can be copied', () => {
    expect(wrap('see aaaaaaaaaaaaaaaa', 8)).toEqual(['see', 'aaaaaaaaaaaaaaaa']);
  });
});

describe('table', () => {
  it('shortens only the last column', () => {
    expect(table(['A', 'B'], [['a-long-first', 'and a last that is too long']], 26)).toBe('A             B\na-long-first  and a last …\n');
  });

  it('pads before it paints, so that colours do not shift columns', () => {
    expect(table(['A', 'B'], [[{ text: 'x', paint: (text) => `<${text}>` }, 'y']], 80)).toBe('A  B\n<x>  y\n');
  });
});

describe('safeJson', () => {
  it('escapes what JSON leaves alone but a terminal obeys, and parses to the same value', () => {
    const value = { a: '\u009b2J\u202e\u2028\u{e0001}\u007f', b: ['ü'] };
    expect(safeJson(value)).toBe('{"a":"\\u009b2J\\u202e\\u2028\\udb40\\udc01\\u007f","b":["ü"]}');
    expect(JSON.parse(safeJson(value))).toEqual(value);
  });
});

describe('processIo', () => {
  const streams = (): Parameters<typeof processIo>[0] =>
    ({ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() }) as unknown as Parameters<typeof processIo>[0];

  it('takes pipes for no terminal', () => {
    expect(processIo(streams(), true, () => undefined)).toMatchObject({
      stdinIsTty: false,
      stdoutIsTty: false,
      stderrIsTty: false,
      columns: 100,
      color: false,
    });
  });

  it('tells when the reader of stdout has gone', () => {
    const given = streams();
    let gone = 0;
    processIo(given, false, () => (gone += 1));
    given.stdout.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    expect(gone).toBe(1);
  });
});
