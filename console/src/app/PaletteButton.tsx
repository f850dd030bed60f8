/* Opens the command palette, which is loaded when it is first wanted: by this button, ⌘K or Ctrl-K. */

import { ActionIcon, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useText } from "../lib/i18n";
import { messages } from "./messages";

const Palette = lazy(() => import("./Palette"));

export function PaletteButton() {
  const t = useText(messages);
  const [opened, setOpened] = useState(false);
  useHotkeys([["mod+K", () => setOpened(true)]], []);
  return (
    <>
      <Tooltip label={`${t("palette")} Ctrl K`}>
        <ActionIcon color="gray" size="lg" aria-label={t("palette")} onClick={() => setOpened(true)}>
          <IconSearch size={18} />
        </ActionIcon>
      </Tooltip>
      {opened && (
        <Suspense>
          <Palette onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
