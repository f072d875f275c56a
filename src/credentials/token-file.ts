import { readFileSync, statSync } from 'node:fs';
import { repeat } from '../lib/repeat.ts';
import type { Schedule } from '../lib/schedule.ts';
import type { Credential } from './credential.ts';
import { parseTokenFile } from './parse-token-file.ts';

export interface TokenFileOptions {
  path: string;
  /** The operator named it: then its absence is worth a warning. */
  isExpected: boolean;
  /** The accounts the file holds now, when they may be others than before. */
  onAccounts: (accounts: readonly Credential[]) => void;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  schedule?: Schedule;
}

/** A change is read at the second look after it: within 2 s, however busy the thread is. */
const LOOK_EVERY_MS = 500;
/** Some 30,000 tokens. A larger file is something else, named by mistake. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Enough to find what is wrong. */
const MAX_LOGGED_LINES = 20;

/**
 * Reads the token file at once, and again within 2 s of a change; tokens that can't be any are
 * logged by their lines. Runs until disposed.
 *
 *   same ──it differs──▶ changing ──it has not changed since──▶ read ──▶ same
 *                           └──it differs again: somebody writes──▶ changing
 *
 * An empty file means no tokens. One that is missing, can't be read, or has nothing but what can't be
 * tokens keeps what was read last: while an editor replaces it, it looks the same.
 */
export function watchTokenFile(options: TokenFileOptions): Disposable {
  const { path, isExpected, schedule } = options;
  let known = look(path);
  let changing: string | null = null;
  if (known !== MISSING) read(options);
  else if (isExpected) options.log.warn({ path }, 'there is no token file');

  return repeat(
    () => {
      const found = look(path);
      if (found === known) {
        changing = null;
      } else if (found !== changing) {
        changing = found;
      } else {
        known = found;
        changing = null;
        if (known !== MISSING) read(options);
        else
          options.log.warn({ path }, 'the token file is gone; its tokens are kept until a restart');
      }
    },
    LOOK_EVERY_MS,
    schedule,
  );
}

const MISSING = 'missing';

/** What tells one state of the file from the next, a file that took its place included. */
function look(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch {
    // A folder that can't be entered hides the file as well as its absence would.
    return MISSING;
  }
}

function read({ path, onAccounts, log }: TokenFileOptions): void {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    // Takes a byte order mark away.
    text = new TextDecoder().decode(readFileSync(path));
  } catch (error) {
    log.warn({ path, err: error }, 'the token file could not be read; what it held before is kept');
    return;
  }
  const { accounts, refusedLines } = parseTokenFile(text);
  if (refusedLines.length > 0) {
    const fields = {
      path,
      lines: refusedLines.slice(0, MAX_LOGGED_LINES),
      count: refusedLines.length,
    };
    log.warn(fields, 'the token file has lines that hold no token of a chat.z.ai account');
    // Saved in another encoding, or another file by mistake.
    if (accounts.length === 0) return;
  }
  log.info({ path, accounts: accounts.length }, 'token file read');
  onAccounts(accounts);
}
