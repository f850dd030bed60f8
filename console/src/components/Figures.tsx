/* Amounts at a glance: side by side where there is room, two by two on a phone. */

import { Box, Paper, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Amount } from "./Amount";

export function Figures({ children }: { children: ReactNode }) {
  return <Box className="figures">{children}</Box>;
}

interface FigureProps {
  name: string;
  value: string;
  available?: boolean;
  /** What one has to know beside it. */
  children?: ReactNode;
}

export function Figure({ name, value, available, children }: FigureProps) {
  return (
    <Paper className="figure">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text className="figure-value" fw={600}>
        <Amount value={value} available={available} />
      </Text>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
    </Paper>
  );
}
