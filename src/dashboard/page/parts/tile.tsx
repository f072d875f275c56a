/** One number, large, and a few words on it. */
export interface TileProps {
  name: string;
  value: string;
  note: string;
}

/** Numbers side by side. */
export function Tiles({ name, tiles }: { name: string; tiles: readonly TileProps[] }) {
  return (
    <section aria-label={name}>
      <dl class="tiles">
        {tiles.map((tile) => (
          <div key={tile.name}>
            <dt>{tile.name}</dt>
            <dd>
              <span class="figure">{tile.value}</span>
              <span class="hint">{tile.note}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
