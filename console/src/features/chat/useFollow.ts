/* Keeps the newest words in sight while they come, unless the reader has scrolled up to earlier ones. */

import { useEffect, useRef } from "react";

const NEAR_PX = 120;

export function useFollow(changed: unknown): void {
  const isNear = useRef(true);
  useEffect(() => {
    const look = () => {
      isNear.current = document.documentElement.scrollHeight - scrollY - innerHeight < NEAR_PX;
    };
    addEventListener("scroll", look, { passive: true });
    return () => removeEventListener("scroll", look);
  }, []);
  useEffect(() => {
    if (isNear.current) scrollTo({ top: document.documentElement.scrollHeight });
  }, [changed]);
}
