import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { createRevisableText } from '../../../src/convert/revisable/revisable-text.ts';
import { bestMs } from '../../support/best-ms.ts';

type Step = string | number;

/** Runs appends (texts) and truncations (lengths); what each append sent, and how it ended. */
function run(...steps: Step[]) {
  const text = createRevisableText();
  const sent: string[] = [];
  for (const step of steps) {
    if (typeof step === 'number') text.truncate(step);
    else sent.push(text.append(step));
  }
  const rest = text.finish();
  return { sent, rest, text: text.toString(), conflicts: text.conflicts };
}

describe('a revisable text', () => {
  test('sends what is appended', () => {
    expect(run('Hello', '', ' world')).toEqual({
      sent: ['Hello', '', ' world'],
      rest: '',
      text: 'Hello world',
      conflicts: 0,
    });
  });

  test('sends nothing again when an edit repeats what the client has', () => {
    expect(run('Hello', 0, 'He', 'llo', '!')).toEqual({
      sent: ['Hello', '', '', '!'],
      rest: '',
      text: 'Hello!',
      conflicts: 0,
    });
  });

  test('sends only the news of an edit that repeats and goes on', () => {
    expect(run('Hello', 2, 'llo world')).toEqual({
      sent: ['Hello', ' world'],
      rest: '',
      text: 'Hello world',
      conflicts: 0,
    });
  });

  test('sends what follows the common prefix of a changed text, and counts one conflict', () => {
    expect(run('The quick fox', 3, ' quiet', ' cat')).toEqual({
      sent: ['The quick fox', 'et', ' cat'],
      rest: '',
      text: 'The quiet cat',
      conflicts: 1,
    });
  });

  test('counts text that the client has beyond the end as a conflict', () => {
    expect(run('Hello world', 5)).toEqual({
      sent: ['Hello world'],
      rest: '',
      text: 'Hello',
      conflicts: 1,
    });
  });

  test('takes a truncation beyond its end for none', () => {
    expect(run('Hello', 9, '!')).toMatchObject({ sent: ['Hello', '!'], conflicts: 0 });
  });

  test('moves back over several truncations before anything is appended', () => {
    expect(run('abc', 2, 1, 'bcd')).toMatchObject({ sent: ['abc', 'd'], conflicts: 0 });
  });
});

describe('a surrogate pair in a revisable text', () => {
  const [first = '', second = ''] = '😀'.split('');

  test('is sent whole when its halves come apart', () => {
    expect(run(`a${first}`, `${second}b`)).toMatchObject({ sent: ['a', '😀b'], rest: '' });
  });

  test('is not in the text before its second half has come', () => {
    const text = createRevisableText();
    text.append(`a${first}`);
    const before = text.toString();
    text.append(second);
    expect([before, text.toString()]).toEqual(['a', 'a😀']);
  });

  test('whose second half never comes goes out at the end', () => {
    expect(run(`a${first}`)).toMatchObject({ sent: ['a'], rest: first, conflicts: 0 });
  });

  test('whose first half is cut again was never sent', () => {
    expect(run(`a${first}`, 1, 'b')).toMatchObject({ sent: ['a', 'b'], conflicts: 0 });
  });

  test('that an edit changes in its second half is sent whole', () => {
    const other = '😁'.charAt(1);
    expect(run('a😀', 2, other)).toMatchObject({ sent: ['a😀', '😁'], text: 'a😁', conflicts: 1 });
  });
});

describe('whatever is appended and cut', () => {
  const unit = fc.constantFrom('a', 'b', '\uD83D', '\uDE00', '\uDE01', '😀');
  const words = fc.oneof(
    { weight: 5, arbitrary: fc.string({ unit, maxLength: 6 }) },
    { weight: 1, arbitrary: fc.constantFrom('a'.repeat(1500), 'ab'.repeat(600)) },
  );
  const steps = fc.array(fc.oneof(words, fc.nat(3000)), { maxLength: 40 });

  test('the text is what the steps make of it, and the client has it when there was no conflict', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        let expected = '';
        for (const step of taken) {
          expected = typeof step === 'number' ? expected.slice(0, step) : expected + step;
        }
        const { text, sent, rest, conflicts } = run(...taken);
        expect(text).toBe(expected);
        if (conflicts === 0) expect(sent.join('') + rest).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('no pair is cut between two sends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(8), fc.string({ unit: 'binary', maxLength: 4 }).chain(halves)), {
          maxLength: 20,
        }),
        (taken) => {
          const { sent, rest } = run(...taken.flat());
          expect([...sent, rest].filter((piece) => !piece.isWellFormed())).toEqual([]);
        },
      ),
    );
  });

  /** A well-formed text, in two appends that are cut anywhere. */
  function halves(text: string) {
    return fc.nat(text.length).map((at) => [text.slice(0, at), text.slice(at)]);
  }
});

describe('the work of a revisable text', () => {
  function write(units: number, edits: number): void {
    const text = createRevisableText();
    for (let i = 0; i < units / 8; i++) text.append('written ');
    for (let i = 0; i < edits; i++) {
      text.truncate(units - 10 * (i % 90));
      text.append(`edit ${i}`);
    }
  }

  test('grows in line with its text and its edits', () => {
    const few = bestMs(() => write(100_000, 1_000));
    const many = bestMs(() => write(800_000, 8_000));
    // 8 when linear; 64 when each edit touches the whole text.
    expect(many / few).toBeLessThan(24);
  });
});
