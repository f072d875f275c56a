import type { ComponentChildren } from 'preact';

/** Holds what may be wider than the screen. It takes the focus, so that keyboards can scroll it. */
export function ScrollBox({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <section class="scroll" aria-label={name} tabIndex={0}>
      {children}
    </section>
  );
}
