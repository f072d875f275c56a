import packageJson from '../../package.json' with { type: 'json' };

/** One page of the documentation. All of it comes from this gateway. */
export interface Page {
  /** Its path, which is marked among the links to all pages. */
  path: string;
  title: string;
  /** Paths of style sheets and scripts, beside those of every page. */
  styles?: readonly string[];
  scripts?: readonly string[];
  /** HTML. */
  content: string;
  /** JavaScript, run when all else is loaded. */
  script: string;
}

const LINKS = [
  ['/docs', 'Reference'],
  ['/docs/examples', 'Examples'],
  ['/docs/json', 'OpenAPI'],
] as const;

/** Answers with a page, under a policy that lets it load and ask this gateway only. */
export function respondPage(page: Page): Response {
  return new Response(renderPage(page), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': contentSecurityPolicy(page.script),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  });
}

/** The page's own script is allowed by its hash: markup that slips in cannot run. */
function contentSecurityPolicy(script: string): string {
  const hash = new Bun.CryptoHasher('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function renderPage({ path, title, styles = [], scripts = [], content, script }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${packageJson.name}</title>
<link rel="icon" href="data:,">
${[...styles, '/docs/assets/docs.css'].map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
</head>
<body>
<header>
<strong>${packageJson.name}</strong>
<nav>${LINKS.map(([href, name]) => renderLink(href, name, href === path)).join('')}</nav>
</header>
${content}
${scripts.map((src) => `<script src="${src}"></script>`).join('\n')}
<script>${script}</script>
</body>
</html>
`;
}

function renderLink(href: string, name: string, isCurrent: boolean): string {
  return `<a href="${href}"${isCurrent ? ' aria-current="page"' : ''}>${name}</a>`;
}
