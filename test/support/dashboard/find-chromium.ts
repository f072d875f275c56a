import { existsSync } from 'node:fs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_OS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The browser of the dashboard's tests: what `CHROMIUM` names, or the first that there is; or null. */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM;
  if (named) return named;
  for (const name of NAMES) {
    const path = Bun.which(name);
    if (path !== null) return path;
  }
  return existsSync(MAC_OS) ? MAC_OS : null;
}
