import { useMediaQuery } from "@mantine/hooks";

/** Whether this is a screen of a phone's width, where lists show only what matters. */
export function useIsNarrow(): boolean {
  return useMediaQuery("(max-width: 40em)", false, { getInitialValueInEffect: false });
}
