import { type Example, LANGUAGES, type Language, ORIGIN } from './examples/example.ts';
import { EXAMPLES } from './examples/examples.ts';
import type { Page } from './page.ts';

// Behind a proxy that ends TLS the server does not know the scheme that the reader used; the page does.
const SCRIPT = `
for (const place of document.querySelectorAll('.origin')) place.textContent = location.origin;
const choices = [...document.querySelectorAll('input[name="language"]')];
const chosen = choices.find(({ value }) => value === location.hash.slice(1));
if (chosen) chosen.checked = true;
for (const button of document.querySelectorAll('button.copy')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector('code').textContent);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}
`;

/** The page of `/docs/examples`; its code carries `origin`, where the gateway was reached. */
export function examplesPage(origin: string): Page {
  return {
    path: '/docs/examples',
    title: 'Examples',
    content: `<main class="examples">
<h1>Examples</h1>
<p>This gateway is at <code><span class="origin">${Bun.escapeHTML(origin)}</span></code>. The code reads the
client key from <code>GLM_API_KEY</code>; Python and JavaScript use OpenAI’s own libraries
(<code>pip install openai</code>, <code>npm install openai</code>).</p>
<fieldset class="languages"><legend>Language</legend>${languageChoices()}</fieldset>
${EXAMPLES.map((example) => renderExample(example, origin)).join('\n')}
</main>`,
    script: SCRIPT,
  };
}

function languageChoices(): string {
  return Object.entries(LANGUAGES)
    .map(([language, name], index) => {
      const checked = index === 0 ? ' checked' : '';
      return `<label><input type="radio" name="language" value="${language}"${checked}>${name}</label>`;
    })
    .join('');
}

function renderExample({ id, title, note, code }: Example, origin: string): string {
  const languages = Object.keys(LANGUAGES) as Language[];
  return `<section id="${id}">
<h2>${title}</h2>
<p>${note}</p>
${languages.map((language) => renderCode(language, code[language], origin)).join('\n')}
</section>`;
}

function renderCode(language: Language, code: string, origin: string): string {
  const place = `<span class="origin">${Bun.escapeHTML(origin)}</span>`;
  const html = Bun.escapeHTML(code).replaceAll(ORIGIN, place);
  return `<div class="code ${language}"><button class="copy" type="button" hidden>Copy</button><pre tabindex="0"><code>${html}</code></pre></div>`;
}
