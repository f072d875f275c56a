import { describe, expect, test } from 'bun:test';
import { conversationKey } from '../../src/chat/conversation-key.ts';
import type { ChatMessage } from '../../src/openai/chat-message.ts';

const ALICE = { clientKeyId: 'key-alice', clientAddress: '192.0.2.1' };

const keyOf = (...messages: ChatMessage[]) => conversationKey(ALICE, messages);
type Content = NonNullable<ChatMessage['content']>;

const system = (content: Content): ChatMessage => ({ role: 'system', content });
const user = (content: Content): ChatMessage => ({ role: 'user', content });
const assistant = (content: Content): ChatMessage => ({ role: 'assistant', content });
const image = (url: string) => ({ type: 'image_url', image_url: { url } });
const text = (words: string) => ({ type: 'text', text: words });

describe('a conversation is the same', () => {
  const first = keyOf(system('Be kind.'), user('Hello'));

  test('with every turn that follows', () => {
    const turns = [assistant('Hi.'), user('How are you?'), system('Be brief.'), user('Well?')];
    expect(keyOf(system('Be kind.'), user('Hello'), ...turns)).toBe(first);
  });

  test('when its text comes as a part', () => {
    expect(keyOf(system([text('Be kind.')]), user([text('Hello')]))).toBe(first);
  });

  test('from another address, when its client shows a key', () => {
    const elsewhere = { ...ALICE, clientAddress: '192.0.2.2' };
    expect(conversationKey(elsewhere, [system('Be kind.'), user('Hello')])).toBe(first);
  });

  test('whether an image’s address comes bare or in an object', () => {
    const bare = { type: 'image_url', image_url: 'https://example.com/a.png' };
    expect(keyOf(user([bare]))).toBe(keyOf(user([image('https://example.com/a.png')])));
  });
});

describe('a conversation is another', () => {
  const key = keyOf(system('Be kind.'), user('Hello'));

  test.each([
    ['with another first question', [system('Be kind.'), user('Hello!')]],
    ['with other instructions', [system('Be brief.'), user('Hello')]],
    ['without instructions', [user('Hello')]],
    ['when they come from somebody else', [user('Be kind.'), user('Hello')]],
    ['when its text is cut in another place', [system('Be'), system(' kind.'), user('Hello')]],
    ['with an image', [system('Be kind.'), user([text('Hello'), image('https://a.example/a')])]],
  ])('%s', (_, messages) => {
    expect(keyOf(...messages)).not.toBe(key);
  });

  test('with another image', () => {
    const [one, other] = ['data:image/png;base64,AAAA', 'data:image/png;base64,BBBB'].map((url) =>
      keyOf(user([text('What is it?'), image(url)])),
    );
    expect(one).not.toBe(other);
  });

  test.each([
    ['of another client key', { ...ALICE, clientKeyId: 'key-bob' }],
    ['of one without a key', { ...ALICE, clientKeyId: null }],
  ])('when it is that %s', (_, client) => {
    expect(conversationKey(client, [system('Be kind.'), user('Hello')])).not.toBe(key);
  });

  test('for each address, when no key is asked for', () => {
    const addresses = ['192.0.2.1', '192.0.2.2', null];
    const keys = addresses.map((clientAddress) =>
      conversationKey({ clientKeyId: null, clientAddress }, [user('Hello')]),
    );
    expect(new Set(keys).size).toBe(3);
  });
});

test('messages without any content still have a key', () => {
  expect(keyOf({ role: 'user', content: null }, { role: 'assistant' })).toMatch(
    /^key key-alice \w+$/,
  );
});

test('a long beginning does not make a long key', () => {
  expect(keyOf(user('words '.repeat(200_000))).length).toBeLessThan(40);
});
