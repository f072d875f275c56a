import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseError } from '../../src/db/database-error.ts';
import {
  findRunningInstance,
  InstanceLockedError,
  lockInstance,
} from '../../src/db/instance-lock.ts';

const HOLDER = join(import.meta.dir, 'fixtures/hold-instance-lock.ts');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glm-gateway-lock-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function lock(serviceName = 'gateway', file = 'gateway.db'): Disposable {
  return lockInstance({ serviceName, databasePath: join(folder, file) });
}

function lockError(...place: Parameters<typeof lock>): Error {
  try {
    lock(...place)[Symbol.dispose]();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('locking succeeded');
}

/** Another process that holds the lock until it is killed. */
async function spawnHolder() {
  const command = [process.execPath, HOLDER, join(folder, 'gateway.db'), 'gateway'];
  const child = Bun.spawn(command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { value } = await child.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe('locked\n');
  const kill = async () => {
    child.kill('SIGKILL');
    await child.exited;
  };
  return { pid: child.pid, kill, [Symbol.asyncDispose]: kill };
}

describe('the lock of an instance', () => {
  test('is had by one, and the second is told whose it is, where, and what to do', () => {
    using _held = lock();
    const error = lockError();
    expect(error).toBeInstanceOf(InstanceLockedError);
    expect(error.message).toContain(`pid ${process.pid} on ${hostname()}`);
    expect(error.message).toContain(join(folder, 'gateway.lock'));
    expect(error.message).toMatch(/SERVICE_NAME.*DATABASE_PATH/);
  });

  test('is of the folder, whatever the database in it is called', () => {
    using _held = lock();
    expect(lockError('gateway', 'other.db')).toBeInstanceOf(InstanceLockedError);
  });

  test.each([
    ['another name', 'other', 'gateway.db'],
    ['another folder', 'gateway', 'sub/gateway.db'],
  ])('does not keep out %s', (_case, serviceName, file) => {
    using _held = lock();
    using _other = lock(serviceName, file);
    expect(readdirSync(folder)).toContain('gateway.pid');
  });

  test('is free again once it was disposed of, and its pid is gone', () => {
    const held = lock();
    const whileHeld = existsSync(join(folder, 'gateway.pid'));
    held[Symbol.dispose]();
    held[Symbol.dispose]();
    expect([whileHeld, readdirSync(folder)]).toEqual([true, ['gateway.lock']]);
    lock()[Symbol.dispose]();
  });

  test('is held by another process, also when nothing there refers to it, until it is killed', async () => {
    await using holder = await spawnHolder();
    const error = lockError();
    await holder.kill();
    expect(error.message).toContain(`pid ${holder.pid} on`);
    using _taken = lock();
    expect(readFileSync(join(folder, 'gateway.pid'), 'utf8')).toStartWith(`${process.pid}\n`);
  });

  test('does not believe a pid without a lock, even of a living process', () => {
    writeFileSync(join(folder, 'gateway.pid'), `${process.ppid}\n${hostname()}\n`);
    using _taken = lock();
    expect(readFileSync(join(folder, 'gateway.pid'), 'utf8')).toStartWith(`${process.pid}\n`);
  });

  test('is refused also when whose it is cannot be read', () => {
    using _held = lock();
    rmSync(join(folder, 'gateway.pid'));
    const error = lockError();
    expect(error).toBeInstanceOf(InstanceLockedError);
    expect(error.message).toContain(join(folder, 'gateway.pid'));
  });

  test('that can’t be written names the file and the reason', () => {
    writeFileSync(join(folder, 'file'), '');
    const error = lockError('gateway', 'file/gateway.db');
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toStartWith(`Cannot lock ${join(folder, 'file/gateway.lock')}: `);
  });

  test('is not taken for a database in memory', () => {
    const inMemory = { serviceName: 'gateway', databasePath: ':memory:' };
    using _one = lockInstance(inMemory);
    using _other = lockInstance(inMemory);
    expect(existsSync('gateway.lock')).toBe(false);
  });
});

describe('who runs', () => {
  const running = (serviceName = 'gateway') =>
    findRunningInstance({ serviceName, databasePath: join(folder, 'gateway.db') });

  test('is nobody before a first start, and nothing is made to find out', () => {
    expect([running(), readdirSync(folder)]).toEqual([null, []]);
  });

  test('is told by pid and host while it runs, to this process and to others', async () => {
    const holder = await spawnHolder();
    expect(running()).toBe(`pid ${holder.pid} on ${hostname()}`);
    expect(running('other')).toBeNull();
    await holder.kill();
    expect(running()).toBeNull();
  });

  test('does not keep a gateway from starting', () => {
    lock()[Symbol.dispose]();
    expect(running()).toBeNull();
    using held = lock();
    expect([held, running()]).toEqual([held, `pid ${process.pid} on ${hostname()}`]);
  });

  test('is nobody for a database in memory', () => {
    expect(findRunningInstance({ serviceName: 'gateway', databasePath: ':memory:' })).toBeNull();
  });
});
