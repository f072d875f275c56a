import type { SettingSource } from './setting-sources.ts';

/** OpenTelemetry's own variables by their names, `OTEL_…`, trimmed; what is empty is left out. */
export type OtelVariables = Readonly<Record<string, string>>;

/**
 * They are a standard of their own, shared by whatever runs in one environment: none of them is a
 * setting, and none can be so wrong that the gateway does not start. The sources come in order of
 * precedence.
 */
export function readOtelVariables(sources: readonly SettingSource[]): OtelVariables {
  const found: Record<string, string> = {};
  for (const { variables } of sources) {
    for (const [name, text = ''] of Object.entries(variables)) {
      const value = text.trim();
      if (name.startsWith('OTEL_') && value !== '') found[name] ??= value;
    }
  }
  return found;
}
