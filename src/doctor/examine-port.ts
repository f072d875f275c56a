import type { Config } from '../config/settings.ts';
import { findRunningInstance } from '../db/instance-lock.ts';
import { type Examination, type Finding, finding } from './diagnosis.ts';

type PortSettings = Pick<Config, 'host' | 'port' | 'serviceName' | 'databasePath'>;

/**
 * Whether a gateway can listen, or one does: a port that is taken while a gateway of this name runs on
 * this folder is taken to be that gateway's.
 */
export function examinePort(config: PortSettings): Examination {
  const { running, found } = findGateway(config);
  const port = examine(config, running);
  const findings = [found, port];
  const servable = findings.every(({ state }) => state !== 'failed');
  return { section: { title: 'Gateway', findings }, servable };
}

function findGateway(config: PortSettings): { running: string | null; found: Finding } {
  try {
    const running = findRunningInstance(config);
    const detail = running === null ? 'not running' : `running: ${running}`;
    return { running, found: finding('stated', config.serviceName, detail) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { running: null, found: finding('failed', config.serviceName, detail) };
  }
}

function examine({ host, port }: PortSettings, running: string | null): Finding {
  const subject = `${host}, port ${port}`;
  if (port === 0) return finding('ok', subject, 'any free port will do');
  const obstacle = tryToListen(host, port);
  if (obstacle === null) return finding('ok', subject, 'free');
  if (obstacle.code === 'EADDRINUSE' && running !== null) {
    return finding('ok', subject, `in use, while the gateway runs (${running})`);
  }
  return finding('failed', subject, obstacle.message);
}

/** null when nothing keeps a gateway from listening there. */
function tryToListen(host: string, port: number): { code: string; message: string } | null {
  try {
    Bun.listen({ hostname: host, port, socket: { data() {} } }).stop(true);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { code, message: error instanceof Error ? error.message : String(error) };
  }
}
