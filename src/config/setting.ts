/** How the text of a setting becomes its value. */
export interface SettingType<T> {
  /** What is allowed, in words; completes the sentence "allowed: …". */
  readonly allowed: string;
  /** The value, or undefined when the text is not allowed. The text comes trimmed. */
  parse(text: string): T | undefined;
}

/** What defaults may depend on. */
export interface Machine {
  /** CPU cores this process may use. */
  readonly cores: number;
  readonly stdoutIsTerminal: boolean;
}

/** One setting: everything that the loader, the error report and the documentation know of it. */
export interface Setting<T> {
  /** The canonical name, as in the environment. */
  readonly name: string;
  /** Names other gateways gave it. They count as much as the canonical one and must agree with it. */
  readonly aliases?: readonly string[];
  /**
   * Aliases that programs of other kinds set as well (`TOKEN`, `http_proxy`). They count only when
   * the setting has none of its other names, so a stranger's variable can't contradict ours.
   */
  readonly sharedAliases?: readonly string[];
  /** Aliases that are booleans: true stands for this text of the setting, false for nothing. */
  readonly switches?: Readonly<Record<string, string>>;
  /**
   * Names that stand for one entry of a list each: with `THINKING_MODEL: 'GLM-4.5-Thinking'`,
   * `THINKING_MODEL=deep` adds `deep=GLM-4.5-Thinking` to the setting.
   */
  readonly entries?: Readonly<Record<string, string>>;
  readonly type: SettingType<T>;
  /** As an operator would write it. null = the value is null when nothing is set. */
  readonly default: string | null | ((machine: Machine) => string);
  /** For the documentation, where the default is computed, or stands for something else. */
  readonly defaultInWords?: string;
  /** Its value never appears in an error, a log or the documentation. */
  readonly secret?: boolean;
  /** What it does, in one line. */
  readonly doc: string;
}

/** The value of a setting once it is loaded. */
export type SettingValue<S> = S extends { type: SettingType<infer T>; default: infer D }
  ? null extends D
    ? T | null
    : T
  : never;

/** Every name a setting can be set under, the canonical one first. */
export function namesOf(setting: Setting<unknown>): string[] {
  const { sharedAliases = [], entries = {} } = setting;
  return [...ownNamesOf(setting), ...sharedAliases, ...Object.keys(entries)];
}

/** The names that count as much as the canonical one, which comes first. */
export function ownNamesOf(setting: Setting<unknown>): string[] {
  return [setting.name, ...(setting.aliases ?? []), ...Object.keys(setting.switches ?? {})];
}
