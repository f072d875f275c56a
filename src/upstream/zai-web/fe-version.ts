import { readLimitedText } from '../read-limited-text.ts';
import { callWeb } from './call-web.ts';
import { browserHeaders } from './headers.ts';
import type { WebSite } from './web-site.ts';

export interface FeVersionOptions {
  site: WebSite;
  /** The operator's choice (setting `ZAI_FE_VERSION`); null = discover it. */
  configured: string | null;
  /** Epoch ms; injectable for tests. */
  now?: () => number;
}

/** Claimed as long as discovery fails: the newest version found in public clients in 2026-11. */
const FALLBACK = 'prod-fe-1.1.98';

/** How long a discovered version is believed (front ends are released every few days). */
const LIFETIME_MS = 30 * 60 * 1000;

/** How soon a discovery that failed, or that brought no news, is repeated. */
const REPEAT_AFTER_MS = 60 * 1000;

/** No request waits longer than this for a discovery. */
const TIMEOUT_MS = 5 * 1000;

const MAX_PAGE_BYTES = 2 * 1024 * 1024;

/**
 * The value of `X-FE-Version`, read from the asset URLs of the site's landing page. Never a reason
 * for a request to fail: what was known before, and at first the fallback, stays in use.
 *
 *   fallback ────discovered────▶ known ⇄ (after 30 min, or a 426) discovering
 *   configured ──426, discovered───▲
 *
 * However many callers, one page is fetched at a time. A configured version is claimed until the
 * service calls it too old.
 */
export class FeVersion {
  readonly #site: WebSite;
  readonly #now: () => number;
  #version: string;
  /** When `#version` is due for another look; null = nobody has looked yet. */
  #dueAtMs: number | null = null;
  #discovering: Promise<void> | null = null;
  #lastRefresh: { outdated: string; atMs: number } | null = null;

  constructor({ site, configured, now = Date.now }: FeVersionOptions) {
    this.#site = site;
    this.#version = configured ?? FALLBACK;
    if (configured !== null) this.#dueAtMs = Number.POSITIVE_INFINITY;
    this.#now = now;
  }

  /**
   * The version to claim. Waits only for the first discovery of all, at most five seconds; later
   * ones run behind the callers' backs. Never rejects.
   */
  async current(): Promise<string> {
    if (this.#dueAtMs === null) await this.#discover();
    else if (this.#now() >= this.#dueAtMs) void this.#discover();
    return this.#version;
  }

  /**
   * The version to claim now that the service has called `outdated` too old (426). All who come
   * with the same outdated version share one discovery, even those who come after it. Never rejects.
   */
  async refresh(outdated: string): Promise<string> {
    if (this.#version === outdated && !this.#justRefreshed(outdated)) {
      this.#lastRefresh = { outdated, atMs: this.#now() };
      await this.#discover();
    } else if (this.#discovering !== null) await this.#discovering;
    return this.#version;
  }

  #justRefreshed(outdated: string): boolean {
    const last = this.#lastRefresh;
    return last?.outdated === outdated && this.#now() - last.atMs < REPEAT_AFTER_MS;
  }

  #discover(): Promise<void> {
    this.#discovering ??= this.#look().finally(() => {
      this.#discovering = null;
    });
    return this.#discovering;
  }

  async #look(): Promise<void> {
    const found = await fetchFeVersion(this.#site);
    this.#version = found ?? this.#version;
    this.#dueAtMs = this.#now() + (found === null ? REPEAT_AFTER_MS : LIFETIME_MS);
  }
}

async function fetchFeVersion(site: WebSite): Promise<string | null> {
  const call = {
    method: 'GET',
    url: `${site.baseUrl}/`,
    headers: browserHeaders(site, '/'),
    proxyUrl: site.proxyUrl,
    secret: null,
  } as const;
  try {
    const called = await callWeb(call, AbortSignal.timeout(TIMEOUT_MS));
    return called.ok ? findNewest(await readLimitedText(called.value, MAX_PAGE_BYTES)) : null;
  } catch {
    return null; // too slow, or broken off: by contract no reason to fail
  }
}

/** A page may name several builds while a release is under way; 1.0.100 is newer than 1.0.99. */
function findNewest(page: string): string | null {
  const versions = page.match(/prod-fe-\d+(?:\.\d+)+/g) ?? [];
  const { compare } = new Intl.Collator('en', { numeric: true });
  return versions.sort(compare).at(-1) ?? null;
}
