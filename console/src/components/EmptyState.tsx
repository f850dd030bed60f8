/* What would be here, and the one thing to do next. */

import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface EmptyStateProps {
  icon: Icon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** Where it is all there is of a page, its title is the page's. */
  whole?: boolean;
}

export function EmptyState({ icon: Picture, title, children, action, whole = false }: EmptyStateProps) {
  return (
    <Stack align="center" gap="sm" py={whole ? 56 : "xl"} px="md" ta="center">
      <ThemeIcon size={44} radius="xl" variant="light" color="gray">
        <Picture size={22} aria-hidden />
      </ThemeIcon>
      <Title order={whole ? 1 : 2} size="h4">
        {title}
      </Title>
      {children !== undefined && (
        <Text component="div" className="empty-why" c="dimmed" maw={520} w="100%">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  );
}
