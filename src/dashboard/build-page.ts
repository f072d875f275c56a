import { join } from 'node:path';

/** What the dashboard's page loads. */
export interface PageBundle {
  script: string;
  style: string;
}

/** Run by `bundlePage` as a program of its own; it writes the bundle to stdout as JSON. */
if (import.meta.main) await Bun.write(Bun.stdout, JSON.stringify(await buildPage()));

async function buildPage(): Promise<PageBundle> {
  const { outputs } = await Bun.build({
    entrypoints: [join(import.meta.dir, 'page/main.tsx')],
    target: 'browser',
    format: 'iife',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const textOf = async (extension: string) =>
    (await outputs.find(({ path }) => path.endsWith(extension))?.text()) ?? '';
  return { script: await textOf('.js'), style: await textOf('.css') };
}
