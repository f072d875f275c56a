/** What the process is asked to do. */
export type Command =
  | { name: 'serve' | 'doctor' | 'help' | 'version' }
  | { name: 'unknown'; text: string };

/** Reads the arguments behind the script's name. */
export function readCommand([first, ...others]: readonly string[]): Command {
  if (first === undefined) return { name: 'serve' };
  const [unexpected] = others;
  if (unexpected !== undefined) return { name: 'unknown', text: unexpected };
  switch (first) {
    case 'doctor':
      return { name: 'doctor' };
    case '--help':
    case '-h':
    case 'help':
      return { name: 'help' };
    case '--version':
    case '-v':
    case 'version':
      return { name: 'version' };
    default:
      return { name: 'unknown', text: first };
  }
}

/** What `--help` says. */
export const HELP = `glm-gateway: OpenAI clients in, Z.ai's GLM models out.

  (nothing)   start the gateway
  doctor      look at settings, database, port, upstreams and credentials; ends with 0 when a request
              could be served, with 69 when none could, and with 78 when the settings are wrong
  --help      this
  --version   the version

Settings come from the environment, then from .env.local, .env and config.env in the working directory.
docs/configuration.md lists them.
`;
