/** A file of a package as Bun hands it over with `type: 'file'`: its path, in a binary, too. */
declare module 'swagger-ui-dist/*' {
  const path: string;
  export = path;
}

/** A style sheet with `type: 'text'`. */
declare module '*.css' {
  const text: string;
  export = text;
}
