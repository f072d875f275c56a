import { useState } from 'preact/hooks';
import type { LogLevelObject } from '../../../routes/log-schema.ts';
import { AskError, ask } from '../ask.ts';
import { useWording } from '../text/text-context.ts';
import { useAnswer } from '../use-answer.ts';

const PATH = '/v1/log-level';
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** How much is logged, from now on. */
export function LogLevelChoice() {
  const { text, format } = useWording();
  const { answer, refresh } = useAnswer<LogLevelObject>(PATH);
  const [outcome, setOutcome] = useState('');
  if (answer === null) return null;

  const choose = async (level: string) => {
    try {
      await ask(PATH, { method: 'PUT', body: { level } });
      setOutcome(text.logLevelChanged(level));
    } catch (error) {
      setOutcome(error instanceof AskError ? error.message : String(error));
    }
    refresh();
  };
  const { level, configured, until } = answer;
  const hint =
    until === null
      ? text.logLevelConfigured(configured)
      : text.logLevelUntil(format.time(until), configured);
  return (
    <div class="filters log-level">
      <label>
        <span>{text.logLevel}</span>
        <select value={level} onChange={({ currentTarget }) => void choose(currentTarget.value)}>
          {LEVELS.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <span class="hint">{hint}</span>
      <span class="hint" role="status">
        {outcome}
      </span>
    </div>
  );
}
