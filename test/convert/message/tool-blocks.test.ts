import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Part } from '../../../src/convert/part.ts';
import type { FoundPage } from '../../../src/convert/search/search-pages.ts';
import { bestMs } from '../../support/best-ms.ts';
import { createReadMessage } from '../../support/convert/read-message.ts';

const TOOLS = new Set(['add', 'now']);

interface Call {
  id: string;
  name: string;
  arguments: string;
}

function run(pieces: readonly (readonly [text: string, index?: number])[]) {
  const pages: FoundPage[] = [];
  const read = createReadMessage({ toolNames: TOOLS, onPages: (found) => pages.push(...found) });
  for (const [text, index] of pieces) {
    if (index === undefined) read.message.append(text, 'hidden');
    else read.message.edit(index, text, 'hidden');
  }
  read.message.finish();
  const delivered: Part[] = [];
  read.reply.deliver((part) => delivered.push(part));
  const { conflicts } = read.reply;
  return { sent: fold(read.sent), delivered: fold(delivered), conflicts, pages, parts: read.sent };
}

/** The calls of a client that puts the parts together. */
function fold(parts: readonly Part[]): Call[] {
  const calls: Call[] = [];
  for (const part of parts) {
    if (part.type === 'tool-call-start') {
      calls[part.index] = { id: part.id, name: part.name, arguments: '' };
    } else if (part.type === 'tool-call-delta') {
      const call = calls[part.index];
      if (call !== undefined) call.arguments += part.arguments;
    }
  }
  return calls;
}

/** A block up to the middle of its arguments, which are JSON in a JSON string. */
function blockHead(id: string, name: string): string {
  return (
    `\n\n<glm_block view="" tool_call_name="${name}">{"type": "mcp", "data": {"metadata": ` +
    `{"id": "${id}", "name": "${name}", "arguments": "`
  );
}
const quote = (text: string) => JSON.stringify(text).slice(1, -1);
const TAIL = '", "result": null, "status": "completed"}, "browser": null}}</glm_block>';
const block = (id: string, name: string, args: string) => blockHead(id, name) + quote(args) + TAIL;

const SUM = String.raw`{"a":1,"b":"x\"\\ \n 你😀 </b>"}`;
const ADD: Call = { id: 'c1', name: 'add', arguments: SUM };

describe('a tool block', () => {
  test('is a call of the client’s, wherever it is cut', () => {
    const text = block('c1', 'add', SUM);
    for (let cut = 0; cut <= text.length; cut++) {
      const { sent, delivered, conflicts } = run([[text.slice(0, cut)], [text.slice(cut)]]);
      expect({ sent, delivered, conflicts }).toEqual({
        sent: [ADD],
        delivered: [ADD],
        conflicts: 0,
      });
    }
  });

  test.each([
    ['its closing tag', '</glm_block>'],
    ['its closing tag twice, and what is behind a string', '</glm_block>", </glm_block>"}'],
    ['whole blocks', '<glm_block view="">{"a":"\\"}</glm_block>'],
  ])('whose arguments hold %s keeps them, wherever it is cut', (_, words) => {
    const args = JSON.stringify({ content: `write ${words}\n`, mode: 1 });
    const text = block('c1', 'add', args);
    for (let cut = 0; cut <= text.length; cut++) {
      const { sent, conflicts, parts } = run([[text.slice(0, cut)], [text.slice(cut)]]);
      expect({ sent, conflicts }).toEqual({ sent: [{ ...ADD, arguments: args }], conflicts: 0 });
      expect(parts.filter(({ type }) => !type.startsWith('tool-call'))).toEqual([]);
    }
  });

  test('sends its arguments as they come', () => {
    const pieces = [blockHead('c1', 'add'), '{\\"a\\', '":1', '}', TAIL];
    expect(run(pieces.map((piece) => [piece] as const)).parts).toEqual([
      { type: 'tool-call-start', index: 0, id: 'c1', name: 'add' },
      { type: 'tool-call-delta', index: 0, arguments: '{"a' },
      { type: 'tool-call-delta', index: 0, arguments: '":1' },
      { type: 'tool-call-delta', index: 0, arguments: '}' },
    ]);
  });

  test('whose arguments are an object is a call with them as they are written', () => {
    const json =
      '{"type":"tool_call","data":{"metadata":{"id":"c1","name":"add","arguments":{"a": 1}}}}';
    expect(run([[`<glm_block>${json}</glm_block>`]]).sent).toEqual([
      { ...ADD, arguments: '{"a": 1}' },
    ]);
  });

  test('whose arguments come before its name is a call', () => {
    const json = '{"data":{"metadata":{"arguments":"{}","id":"c1","name":"now"}}}';
    expect(run([[`<glm_block>${json}</glm_block>`]]).sent).toEqual([
      { id: 'c1', name: 'now', arguments: '{}' },
    ]);
  });

  test('without arguments is a call too', () => {
    const json = '{"data":{"metadata":{"id":"c1","name":"now","arguments":null}}}';
    expect(run([[`<glm_block>${json}</glm_block>`]]).sent).toEqual([
      { id: 'c1', name: 'now', arguments: '' },
    ]);
  });

  test('without an id gets one', () => {
    const [call] = run([['<glm_block>{"data":{"metadata":{"name":"now","arguments":"{}"}}}']]).sent;
    expect(call).toEqual({
      id: expect.stringMatching(/^call_\w{20,}$/),
      name: 'now',
      arguments: '{}',
    });
  });

  test('of a function that is not the client’s is none', () => {
    expect(run([[block('c1', 'search', '{"q":"x"}')]]).parts).toEqual([]);
  });

  test('that is left open is a call as far as it goes', () => {
    expect(run([[`${blockHead('c1', 'add')}{\\"a\\":`]]).sent).toEqual([
      { ...ADD, arguments: '{"a":' },
    ]);
  });

  test('that is cut in a string, and closed there, is a call as far as it goes', () => {
    expect(run([[`${blockHead('c1', 'add')}{\\"a\\":</glm_block>`]]).sent).toEqual([
      { ...ADD, arguments: '{"a":' },
    ]);
  });

  test('beside another keeps its arguments to itself', () => {
    const text = block('c1', 'add', SUM) + block('c2', 'now', '{}') + block('c3', 'add', '{"a":2}');
    expect(run([[text]]).sent).toEqual([
      ADD,
      { id: 'c2', name: 'now', arguments: '{}' },
      { id: 'c3', name: 'add', arguments: '{"a":2}' },
    ]);
  });
});

describe('text behind a block that was cut in a string, and closed there,', () => {
  const cutBlock = `${blockHead('c1', 'add').trimStart()}{\\"a\\":</glm_block>`;

  test.each([
    ['at a line break', 'All.\n"Yes", it said.'],
    ['at a quote', 'All "is" said.'],
    ['at the end', 'All is said: C:\\'],
    ['at a quote at the end', 'All is said: "'],
    ['before another block', `All ${block('c2', 'now', '{}').trimStart()}is said.`],
  ])('is told %s, wherever it is cut', (_, words) => {
    const text = `${cutBlock}${words}`;
    for (let cut = 0; cut <= text.length; cut++) {
      const { message, reply } = createReadMessage({ toolNames: TOOLS });
      message.append(text.slice(0, cut), 'answer');
      message.append(text.slice(cut), 'answer');
      message.finish();
      const answer = words.replace(/<glm_block.*<\/glm_block>/s, '');
      expect([reply.textOf('answer'), reply.conflicts]).toEqual([answer, 0]);
    }
  });

  test('is told as soon as an answer begins', () => {
    const { message, sent } = createReadMessage({ toolNames: TOOLS });
    message.append(cutBlock, 'hidden');
    message.append('All is said.', 'answer');
    expect(sent.at(-1)).toEqual({ type: 'text-delta', text: 'All is said.' });
  });

  test('is part of the string again when an edit has it go on', () => {
    const { message, reply, sent } = createReadMessage({ toolNames: TOOLS });
    message.append(`${cutBlock}All "is`, 'hidden');
    message.edit(cutBlock.length, `1}${TAIL}`, 'hidden');
    message.finish();
    const args = '{"a":</glm_block>1}';
    expect([fold(sent), reply.conflicts]).toEqual([[{ ...ADD, arguments: args }], 0]);
  });
});

describe('the work of a block', () => {
  /** A closing tag at the beginning of a long string, which comes in small pieces. */
  function write(units: number): void {
    const { message } = createReadMessage({ toolNames: TOOLS });
    message.append(`${blockHead('c1', 'add')}</glm_block>`, 'hidden');
    for (let i = 0; i < units / 8; i++) message.append('written ', 'hidden');
    message.append(TAIL, 'hidden');
    message.finish();
  }

  test('is linear, also while a closing tag is in doubt', () => {
    const few = bestMs(() => write(100_000));
    const many = bestMs(() => write(800_000));
    // 8 when linear; 64 when each piece touches all that is in doubt.
    expect(many / few).toBeLessThan(24);
  });
});

describe('an edit of a tool block', () => {
  test('that goes on with the arguments of a complete block sends what is new', () => {
    const at = blockHead('c1', 'add').length;
    const steps = [2, 5, 9, 14, SUM.length].map((end, i, ends): [string, number] => {
      const from = ends[i - 1] ?? 0;
      return [quote(SUM.slice(from, end)) + TAIL, at + quote(SUM.slice(0, from)).length];
    });
    const { sent, conflicts } = run([[blockHead('c1', 'add') + TAIL], ...steps]);
    expect({ sent, conflicts }).toEqual({ sent: [ADD], conflicts: 0 });
  });

  test('that writes all of it once more sends nothing twice', () => {
    const text = block('c1', 'add', SUM);
    const { sent, conflicts } = run([[text], [text, 0], [`${text}${block('c2', 'now', '{}')}`, 0]]);
    expect({ sent, conflicts }).toEqual({
      sent: [ADD, { id: 'c2', name: 'now', arguments: '{}' }],
      conflicts: 0,
    });
  });

  test('a block of the same id behind it goes on with its call', () => {
    const text = block('c1', 'add', SUM.slice(0, 9)) + block('c1', 'add', SUM);
    const { sent, delivered, conflicts } = run([[text]]);
    expect({ sent, delivered, conflicts }).toEqual({ sent: [ADD], delivered: [ADD], conflicts: 0 });
  });

  test('that takes a call away is a conflict, and a whole reply is without it', () => {
    const first = block('c1', 'add', SUM);
    const { sent, delivered, conflicts } = run([
      [first + block('c2', 'now', '{}')],
      ['', first.length],
    ]);
    expect({ sent: sent.length, delivered, conflicts }).toEqual({
      sent: 2,
      delivered: [ADD],
      conflicts: 1,
    });
  });

  test('that makes another call of one is a conflict, and a new call', () => {
    const other = { id: 'c9', name: 'now', arguments: '{}' };
    const { sent, delivered, conflicts } = run([
      [block('c1', 'add', SUM)],
      [block('c9', 'now', '{}'), 0],
    ]);
    expect({ sent, delivered, conflicts }).toEqual({
      sent: [ADD, other],
      delivered: [other],
      conflicts: 1,
    });
  });

  test('that changes arguments which were sent is a conflict', () => {
    const { delivered, conflicts } = run([
      [block('c1', 'add', '{"a":1}')],
      [block('c1', 'add', '{"a":2}'), 0],
    ]);
    expect({ delivered, conflicts }).toEqual({
      delivered: [{ ...ADD, arguments: '{"a":2}' }],
      conflicts: 1,
    });
  });
});

describe('search results in a block', () => {
  const found = { ref: 'turn0search1', index: 1, title: 'One', url: 'https://one.example/' };
  const list = JSON.stringify([{ title: 'One', url: found.url, index: 1, ref_id: found.ref }]);

  test.each([
    [
      'beside its metadata',
      `{"type":"mcp","data":{"metadata":{"name":"search"},"browser":{"search_result":${list}}}}`,
    ],
    [
      'in the text of its result',
      JSON.stringify({ data: { metadata: { result: `{"search_result":${list}}` } } }),
    ],
    ['as its result', JSON.stringify({ data: { metadata: { result: list } } })],
    [
      'in the words for the model',
      JSON.stringify({
        data: { metadata: { result: `[ref_id=turn0search1†One†https://one.example/]\nDate: …` } },
      }),
    ],
  ])('are read %s, wherever it is cut', (_, json) => {
    const text = `<glm_block view="">${json}</glm_block>`;
    for (let cut = 0; cut <= text.length; cut++) {
      const { pages } = run([[text.slice(0, cut)], [text.slice(cut)]]);
      expect(pages.map(({ index: _, ...page }) => page)).toEqual([
        { ref: found.ref, title: found.title, url: found.url },
      ]);
    }
  });
});

const blocks = fc
  .array(
    fc.tuple(
      fc.constantFrom('c1', 'c2', 'c3'),
      fc.constantFrom('add', 'now', 'search'),
      fc.json({ maxDepth: 1 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((calls) => calls.map((call) => block(...call)).join('and '));
const edits = fc.array(fc.tuple(fc.nat(900), fc.oneof(blocks, fc.string())), { maxLength: 5 });

describe('whatever edits make of blocks', () => {
  test('the calls are those of the final text, and the client has them when there was no conflict', () => {
    fc.assert(
      fc.property(blocks, edits, (text, changes) => {
        const final = changes.reduce((now, [index, added]) => now.slice(0, index) + added, text);
        const edited = run([[text], ...changes.map(([index, added]) => [added, index] as const)]);
        const { delivered } = run([[final]]);
        if (edited.conflicts > 0)
          expect(withoutIds(edited.delivered)).toEqual(withoutIds(delivered));
        else {
          expect(edited.sent).toEqual(edited.delivered);
          // A call that is written anew behind others stays where the client has it.
          expect(new Set(withoutIds(edited.delivered))).toEqual(new Set(withoutIds(delivered)));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** A call whose id another one has gets a new one. */
function withoutIds(calls: readonly Call[]): object[] {
  return calls.map(({ name, arguments: args }) => ({ name, args }));
}
