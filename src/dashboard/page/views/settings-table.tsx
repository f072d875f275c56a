import { useState } from 'preact/hooks';
import type { SettingInForce } from '../../../config/settings-in-force.ts';
import { ScrollBox } from '../parts/scroll-box.tsx';
import { useWording, type Wording } from '../text/text-context.ts';

/** Every setting, what it is, and who said so. Secrets come without their values. */
export function SettingsTable({ settings }: { settings: readonly SettingInForce[] }) {
  const wording = useWording();
  const { text } = wording;
  const [wanted, setWanted] = useState('');
  const [onlyChanged, setOnlyChanged] = useState(false);
  const shown = settings.filter(
    ({ name, doc, source }) =>
      `${name} ${doc}`.toLowerCase().includes(wanted.trim().toLowerCase()) &&
      !(onlyChanged && source === 'default'),
  );
  return (
    <section class="panel">
      <div class="headline">
        <h2>{text.settings}</h2>
        <div class="filters">
          <input
            type="search"
            aria-label={text.findSetting}
            placeholder={text.findSetting}
            value={wanted}
            onInput={({ currentTarget }) => setWanted(currentTarget.value)}
          />
          <label class="check">
            <input
              type="checkbox"
              checked={onlyChanged}
              onChange={({ currentTarget }) => setOnlyChanged(currentTarget.checked)}
            />
            <span>{text.onlyChanged}</span>
          </label>
        </div>
      </div>
      {shown.length === 0 ? (
        <p class="hint">{text.noSetting}</p>
      ) : (
        <ScrollBox name={text.settings}>
          <table class="settings">
            <thead>
              <tr>
                <th scope="col">{text.setting}</th>
                <th scope="col">{text.value}</th>
                <th scope="col">{text.origin}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((setting) => (
                <tr key={setting.name} class={setting.source === 'default' ? '' : 'changed'}>
                  <th scope="row">
                    <code>{setting.name}</code>
                    <span class="hint" lang="en">
                      <WithCode text={setting.doc} />
                    </span>
                  </th>
                  <td>{setting.value === '' ? text.none : <WithCode text={setting.value} />}</td>
                  <td>{originOf(setting, wording)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  );
}

/** What stands between backquotes is code. */
function WithCode({ text }: { text: string }) {
  const parts = text.split('`').map((part, index) => ({ part, isCode: index % 2 === 1 }));
  return <>{parts.map(({ part, isCode }) => (isCode ? <code>{part}</code> : part))}</>;
}

function originOf({ source, alias }: SettingInForce, { text }: Wording): string {
  if (source === 'default') return text.originDefault;
  return alias === null ? source : text.asAlias(source, alias);
}
