import { useEffect, useMemo, useState } from 'preact/hooks';
import { ask, SESSION_OVER } from './ask.ts';
import { keepLanguage, readLanguage } from './preferences.ts';
import type { Language } from './text/languages.ts';
import { WordingContext, wordingOf } from './text/text-context.ts';
import { Login } from './views/login.tsx';
import { Shell } from './views/shell.tsx';

/**
 *   asking ──there is a session──▶ open ──it is over, or left──▶ closed ──right key──▶ open
 */
type Session = 'asking' | 'open' | 'closed' | 'over';

/** The page: the login, or everything behind it, in the language that is chosen. */
export function App() {
  const [language, setLanguage] = useState<Language>(readLanguage);
  const [session, setSession] = useState<Session>('asking');
  const wording = useMemo(() => wordingOf(language), [language]);

  useEffect(() => {
    const close = () => setSession((before) => (before === 'open' ? 'over' : 'closed'));
    window.addEventListener(SESSION_OVER, close);
    ask<{ open: boolean }>('/dashboard/session').then(
      ({ open }) => setSession(open ? 'open' : 'closed'),
      // Without an answer, the views show that, and come to life when there is one.
      () => setSession('open'),
    );
    return () => window.removeEventListener(SESSION_OVER, close);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : language;
    document.title = `${wording.text.dashboard} · glm-gateway`;
  }, [language, wording]);

  const chooseLanguage = (chosen: Language) => {
    keepLanguage(chosen);
    setLanguage(chosen);
  };
  const logOut = () =>
    void ask('/dashboard/session', { method: 'DELETE' }).finally(() => setSession('closed'));
  const choice = { language, chooseLanguage };
  return (
    <WordingContext.Provider value={wording}>
      {session === 'open' && <Shell {...choice} logOut={logOut} />}
      {(session === 'closed' || session === 'over') && (
        <Login {...choice} isOver={session === 'over'} onOpen={() => setSession('open')} />
      )}
    </WordingContext.Provider>
  );
}
