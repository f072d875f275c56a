import { filterPaths, registerSchemaPath } from '@elysiajs/swagger/utils';
import type { InternalRoute } from 'elysia';
import { describeGateway, SHARED_COMPONENTS } from './document-head.ts';
import { type NamedSchemas, toJsonSchemas } from './json-schema.ts';

/** An OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1). */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

export interface OpenApiOptions {
  /** As Elysia's `app.routes` lists them. */
  routes: readonly Pick<InternalRoute, 'method' | 'path' | 'hooks'>[];
  /** What the routes' `detail` refers to. */
  schemas: NamedSchemas;
  /** The gateway's. */
  version: string;
}

/**
 * Writes the document of all routes but those whose `detail` says `hide`. All that is to be said of
 * a route is in its `detail`; the generator of Elysia's plugin makes paths and operations of that.
 *
 * The generator only: the plugin has a page that loads its script from another host, offers every
 * body as a form as well, and takes 10 ms and 8 MB to load.
 */
export function createOpenApiDocument({
  routes,
  schemas,
  version,
}: OpenApiOptions): OpenApiDocument {
  const paths = {};
  for (const { method, path, hooks } of routes) {
    const { detail } = hooks;
    if (detail?.hide === true) continue;
    registerSchemaPath({ schema: paths, method, path, hook: { detail }, models: {} });
  }
  return {
    ...describeGateway(version),
    paths: filterPaths(paths, { excludeStaticFile: false, exclude: [] }),
    components: { ...SHARED_COMPONENTS, schemas: toJsonSchemas(schemas) },
  };
}
