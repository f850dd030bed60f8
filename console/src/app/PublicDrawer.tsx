import { Drawer, Stack } from "@mantine/core";
import type { ReactNode } from "react";

interface PublicDrawerProps {
  title: string;
  opened: boolean;
  close: () => void;
  /** Whoever goes to one of them is done here. */
  pages: ReactNode;
  children: ReactNode;
}

/** Where a narrow screen keeps what does not fit into the header. */
export default function PublicDrawer({ title, opened, close, pages, children }: PublicDrawerProps) {
  return (
    <Drawer opened={opened} onClose={close} position="right" size={260} title={title}>
      <Stack>
        <Stack onClick={close}>{pages}</Stack>
        {children}
      </Stack>
    </Drawer>
  );
}
