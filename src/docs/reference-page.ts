import type { Page } from './page.ts';

/** Where the page's parts are served; `routes/docs` serves them there. */
export const SWAGGER_UI = {
  script: '/docs/assets/swagger-ui.js',
  style: '/docs/assets/swagger-ui.css',
} as const;

// Keys are not kept: what is typed in is gone with the page. The validator would be another host.
const SCRIPT = `
const dark = matchMedia('(prefers-color-scheme: dark)');
const followTheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followTheme);
followTheme();
SwaggerUIBundle({
  url: '/docs/json',
  dom_id: '#reference',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 2,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** The page of `/docs`: Swagger UI, which shows the document and sends requests. */
export const REFERENCE_PAGE: Page = {
  path: '/docs',
  title: 'Reference',
  styles: [SWAGGER_UI.style],
  scripts: [SWAGGER_UI.script],
  content: `<main id="reference"></main>
<noscript><p>The reference needs JavaScript. The <a href="/docs/json">document</a> that it shows and the
<a href="/docs/examples">examples</a> do not.</p></noscript>`,
  script: SCRIPT,
};
