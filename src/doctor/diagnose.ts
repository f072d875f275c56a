import type { LoadedConfig } from '../config/load-config.ts';
import type { Diagnosis } from './diagnosis.ts';
import { examineDatabase } from './examine-database.ts';
import { examineModels } from './examine-models.ts';
import { examinePort } from './examine-port.ts';
import { examineUpstreams } from './examine-upstreams.ts';
import { listSettings } from './list-settings.ts';

/**
 * Looks at everything that a gateway with these settings needs, as a gateway that runs already does
 * not notice: nothing is written, and no completion is asked for. Takes as long as the slowest
 * upstream, 10 s for each thing it is asked at most. Never rejects for what it finds.
 */
export async function diagnose(loaded: LoadedConfig): Promise<Diagnosis> {
  const { config } = loaded;
  const [database, port] = [examineDatabase(config), examinePort(config)];
  const upstreams = await examineUpstreams(config);
  const models = examineModels(config, upstreams.lists);
  return {
    sections: [
      listSettings(loaded),
      database.section,
      port.section,
      ...upstreams.examinations.map(({ section }) => section),
      models,
    ],
    servable:
      database.servable && port.servable && upstreams.examinations.some(({ servable }) => servable),
  };
}
