import { useEffect, useState } from 'preact/hooks';
import { type Live, useLive } from '../live-feed.ts';
import { useWording } from '../text/text-context.ts';
import { Brand } from './brand.tsx';
import { Choices, type LanguageChoice } from './choices.tsx';
import { CredentialsView } from './credentials-view.tsx';
import { NowView } from './now-view.tsx';
import { RequestsView } from './requests-view.tsx';
import { SystemView } from './system-view.tsx';

const VIEWS = ['now', 'requests', 'credentials', 'system'] as const;

type View = (typeof VIEWS)[number];

/** Everything behind the login: the bar, and the view that the address names. */
export function Shell({ logOut, ...choice }: LanguageChoice & { logOut: () => void }) {
  const { text } = useWording();
  const view = useView();
  const live = useLive();
  return (
    <>
      <button type="button" class="skip" onClick={focusContent}>
        {text.skipToContent}
      </button>
      <header class="bar">
        <Brand />
        <nav aria-label={text.views}>
          {VIEWS.map((one) => (
            <a key={one} href={`#${one}`} aria-current={one === view ? 'page' : undefined}>
              {text[one]}
            </a>
          ))}
        </nav>
        <div class="choices">
          <LiveSign state={live.state} />
          <Choices {...choice} />
          <button type="button" onClick={logOut}>
            {text.logOut}
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <h1 class="unseen">{text[view]}</h1>
        {live.snapshot?.draining === true && (
          <p class="notice" role="status">
            {text.draining}
          </p>
        )}
        <Content view={view} live={live} />
      </main>
    </>
  );
}

function Content({ view, live }: { view: View; live: Live }) {
  switch (view) {
    case 'now':
      return <NowView snapshot={live.snapshot} />;
    case 'requests':
      return <RequestsView snapshot={live.snapshot} />;
    case 'credentials':
      return <CredentialsView />;
    case 'system':
      return <SystemView snapshot={live.snapshot} />;
    default:
      return view satisfies never;
  }
}

function LiveSign({ state }: Pick<Live, 'state'>) {
  const { text } = useWording();
  const words = {
    connecting: text.loading,
    live: text.live,
    polling: text.polling,
    offline: text.offline,
  };
  return (
    <span class={`sign ${state}`} role="status">
      {words[state]}
    </span>
  );
}

function useView(): View {
  const [view, setView] = useState(readView);
  useEffect(() => {
    const follow = () => setView(readView());
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return view;
}

function readView(): View {
  return VIEWS.find((view) => `#${view}` === location.hash) ?? 'now';
}

/** Not a link: the address names the view, and must go on doing so. */
function focusContent(): void {
  document.getElementById('content')?.focus();
}
