import packageJson from '../../package.json' with { type: 'json' };

/** Where the page's parts are served; `routes/dashboard` serves them there. */
export const PAGE_PATHS = {
  page: '/dashboard',
  script: '/dashboard/assets/page.js',
  style: '/dashboard/assets/page.css',
} as const;

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%230f766e'/%3E%3Cpath d='M6 19h5l3-9 4 13 3-8h5' fill='none' stroke='%23fff' stroke-width='2.6' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

const SHELL = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${packageJson.name}</title>
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="${PAGE_PATHS.style}">
<script src="${PAGE_PATHS.script}" defer></script>
</head>
<body>
<noscript><p>The dashboard needs JavaScript.</p></noscript>
</body>
</html>
`;

/**
 * Answers with the page, which is empty until its script runs, for everyone: the script asks for the
 * admin key when there is no session. It may load and ask this gateway only.
 */
export function respondPageShell(): Response {
  return new Response(SHELL, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  });
}
