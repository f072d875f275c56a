const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_OS = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * The browser of the dashboard's tests: what `CHROMIUM` names, or the first that this machine has.
 *
 * @throws Error that says how to get one. A test that was left out would look like one that passed.
 */
export async function findChromium(): Promise<string> {
  const named = process.env.CHROMIUM;
  if (named) return named;
  for (const name of NAMES) {
    const path = Bun.which(name);
    if (path !== null) return path;
  }
  if (await Bun.file(MAC_OS).exists()) return MAC_OS;
  throw new Error(
    "The dashboard's tests need Chromium: `apt-get install chromium` on Debian or Ubuntu, " +
      '`brew install --cask google-chrome` on macOS, or its path in the variable CHROMIUM.',
  );
}
