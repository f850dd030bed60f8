/* The frame of a page: its name, what can be done on it, and its content. */

import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { useSite } from "../features/site/queries";

interface PageProps {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Pages of text and forms are narrow, for reading; tables take all the width there is. */
  wide?: boolean;
  children: ReactNode;
}

const READING_WIDTH = 860;

export function Page({ title, lead, actions, wide = false, children }: PageProps) {
  const site = useSite();
  const name = site?.name ?? "Farebox";
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
  return (
    <Box maw={wide ? undefined : READING_WIDTH}>
      <Group justify="space-between" align="flex-start" mb="lg" gap="md">
        <Stack gap={4} className="page-name">
          <Title order={1}>{title}</Title>
          {lead !== undefined && <Text c="dimmed">{lead}</Text>}
        </Stack>
        {actions !== undefined && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}
