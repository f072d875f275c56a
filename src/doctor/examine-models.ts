import { configuredDialect, configuredUpstreams } from '../chat/upstreams/configured-upstreams.ts';
import type { Config } from '../config/settings.ts';
import { isPlainAlias } from '../models/model-alias.ts';
import { createModelDirectory } from '../models/model-directory.ts';
import type { LiveModel } from '../upstream/live-model.ts';
import type { UpstreamId } from '../upstream-id.ts';
import { type Finding, finding, type Section } from './diagnosis.ts';

/** What clients can ask for: as far as is known from the table and from the upstreams' own lists. */
export function examineModels(
  config: Config,
  lists: ReadonlyMap<UpstreamId, readonly LiveModel[]>,
): Section {
  const { modelAliases: aliases, defaultModel } = config;
  const directory = createModelDirectory({
    upstreams: configuredUpstreams(config),
    aliases,
    apiServesAnyName: configuredDialect(config) === 'openai-compatible',
  });
  for (const [upstream, live] of lists) directory.mergeLive(upstream, live);
  const describe = (subject: string, name: string): Finding => {
    const found = directory.find(name);
    if (found === null) return finding('warning', subject, `no upstream has a model '${name}'`);
    const { publicName, offers } = found;
    const servers = Object.entries(offers).flatMap(([id, offer]) => (offer === null ? [] : id));
    return finding('ok', subject, `${publicName}, of ${servers.join(' and ')}`);
  };
  const shown = directory.list().length;
  return {
    title: 'Models',
    findings: [
      finding(shown > 0 ? 'ok' : 'warning', 'shown', `${shown}, as GET /v1/models lists them`),
      describe('DEFAULT_MODEL', defaultModel),
      ...aliases.map(({ name, target }) =>
        describe(name, isPlainAlias({ name, target }) ? name : target),
      ),
    ],
  };
}
