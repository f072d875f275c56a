import { bundlePage } from './bundle-page.ts' with { type: 'macro' };

/**
 * The page's script and style. Made when this file is loaded from source, and by `bun build` when
 * it is bundled: a binary has them in it. To be loaded when they are needed, not before.
 */
export const PAGE_BUNDLE = bundlePage();
