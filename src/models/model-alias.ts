/** A name of the operator's for a model (setting `MODEL_ALIASES`). */
export interface ModelAlias {
  /** May hold `*`, which stands for any text: `claude-*`. */
  readonly name: string;
  /** What it stands for: any name that a client could use, suffixes and upstream included. */
  readonly target: string;
}

/** Whether an alias stands for one name only. */
export function isPlainAlias({ name }: ModelAlias): boolean {
  return !name.includes('*');
}

/** The first alias that a name fits, whatever its case. */
export function findAlias(name: string, aliases: readonly ModelAlias[]): ModelAlias | undefined {
  const wanted = name.trim();
  return aliases.find((alias) => toPattern(alias).test(wanted));
}

function toPattern({ name }: ModelAlias): RegExp {
  const parts = name.split('*').map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join('.*')}$`, 'is');
}
