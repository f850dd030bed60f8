import { SimpleGrid } from "@mantine/core";
import type { ReactNode } from "react";

/** What is asked for, and who asks: side by side where there is room. */
export function TwoSides({ children }: { children: ReactNode }) {
  return (
    <SimpleGrid cols={{ base: 1, xl: 2 }} spacing="xl">
      {children}
    </SimpleGrid>
  );
}
