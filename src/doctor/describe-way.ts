import { showUrl } from '../config/show-url.ts';
import { type Finding, finding } from './diagnosis.ts';

/** The way to an upstream. */
export function describeWay(proxyUrl: string | null): Finding {
  if (proxyUrl === null) return finding('ok', 'proxy', 'none');
  return finding('ok', 'proxy', showUrl(proxyUrl));
}
