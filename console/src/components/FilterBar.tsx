/* Filters of a list. What they are set to stands in the address, so that a link shows the same list. */

import { Button, Group } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useText } from "../lib/i18n";
import { messages } from "./messages";

interface FilterBarProps {
  children: ReactNode;
  /** Whether any filter is set. */
  active: boolean;
  onClear: () => void;
}

export function FilterBar({ children, active, onClear }: FilterBarProps) {
  const t = useText(messages);
  return (
    <Group role="search" aria-label={t("filters")} className="fields" gap="sm" mb="md" align="flex-end">
      {children}
      {active && (
        <Button variant="subtle" color="gray" leftSection={<IconX size={16} />} onClick={onClear}>
          {t("clearFilters")}
        </Button>
      )}
    </Group>
  );
}
