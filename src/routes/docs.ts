import { Elysia } from 'elysia';
import swaggerUiStyle from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' };
import swaggerUiScript from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' };
import packageJson from '../../package.json' with { type: 'json' };
import docsStyle from '../docs/docs.css' with { type: 'text' };
import { examplesPage } from '../docs/examples-page.ts';
import {
  createOpenApiDocument,
  type OpenApiDocument,
  type OpenApiOptions,
} from '../docs/openapi-document.ts';
import { respondPage } from '../docs/page.ts';
import { createPageAsset } from '../docs/page-asset.ts';
import { REFERENCE_PAGE, SWAGGER_UI } from '../docs/reference-page.ts';
import { DOCUMENTED_SCHEMAS } from './documented-schemas.ts';

export interface DocsRouteOptions {
  /** The routes of the whole app, known once it is put together. */
  routes: () => OpenApiOptions['routes'];
}

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';
const hidden = { detail: { hide: true } };

/**
 * `GET /docs`, `GET /docs/examples`, `GET /docs/json` and what the pages load, without a key: they
 * say what the gateway can do, and nothing of this one but its version. All comes from here, and is
 * made when it is first asked for.
 */
export const docsRoutes = ({ routes }: DocsRouteOptions) => {
  const script = createPageAsset(SCRIPT, () => Bun.file(swaggerUiScript).bytes());
  const style = createPageAsset(STYLE, () => Bun.file(swaggerUiStyle).bytes());
  const ownStyle = createPageAsset(STYLE, async () => new TextEncoder().encode(docsStyle));
  let document: OpenApiDocument | null = null;
  return new Elysia({ name: 'docs-routes' })
    .get('/docs', () => respondPage(REFERENCE_PAGE), hidden)
    .get('/docs/examples', ({ request }) => respondPage(examplesPage(originOf(request))), hidden)
    .get(
      '/docs/json',
      () => {
        document ??= createOpenApiDocument({
          routes: routes(),
          schemas: DOCUMENTED_SCHEMAS,
          version: packageJson.version,
        });
        return document;
      },
      hidden,
    )
    .get(SWAGGER_UI.script, ({ request }) => script.respond(request), hidden)
    .get(SWAGGER_UI.style, ({ request }) => style.respond(request), hidden)
    .get('/docs/assets/docs.css', ({ request }) => ownStyle.respond(request), hidden);
};

function originOf({ url }: Request): string {
  return new URL(url).origin;
}
