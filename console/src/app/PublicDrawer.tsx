import { Drawer, Stack } from "@mantine/core";
import type { ReactNode } from "react";

interface PublicDrawerProps {
  title: string;
  opened: boolean;
  close: () => void;
  children: ReactNode;
}

/** Where a narrow screen keeps what does not fit into the header. */
export default function PublicDrawer({ title, opened, close, children }: PublicDrawerProps) {
  return (
    <Drawer opened={opened} onClose={close} position="right" size={260} title={title}>
      <Stack onClick={close}>{children}</Stack>
    </Drawer>
  );
}
