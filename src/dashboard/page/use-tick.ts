import { useEffect, useState } from 'preact/hooks';

/** Another number every `periodMs`, while the page is seen. */
export function useTick(periodMs: number): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setTick((before) => before + 1);
    }, periodMs);
    return () => clearInterval(timer);
  }, [periodMs]);
  return tick;
}
