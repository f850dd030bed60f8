import { Box } from "@mantine/core";
import type { ReactNode } from "react";

/** What can be done by keyboard: said where there is likely to be one. */
export function KeyHint({ children }: { children: ReactNode }) {
  return (
    <Box component="span" className="key-hint">
      {children}
    </Box>
  );
}
