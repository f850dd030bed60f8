/* Details of a row, beside its list. Which row is open stands in the address. */

import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../lib/i18n";
import { messages } from "./messages";
import { isShowingOnce } from "./shownOnce";

interface SideDrawerProps {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
}

export function SideDrawer({ opened, onClose, title, children }: SideDrawerProps) {
  const t = useText(messages);
  return (
    <Drawer
      opened={opened}
      onClose={() => {
        if (!isShowingOnce()) onClose();
      }}
      position="right"
      size={520}
      title={title}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {children}
    </Drawer>
  );
}
