/* The frame of both signed-in areas: header, rail, content. */

import { AppShell, Box, Burger, Group, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useSite } from "../features/site/queries";
import { useText } from "../lib/i18n";
import { messages } from "./messages";
import { PaletteButton } from "./PaletteButton";
import { Rail, type RailGroup } from "./Rail";
import { Preferences } from "./Preferences";
import { YourMenu } from "./YourMenu";

interface FrameProps {
  home: LinkProps["to"];
  groups: readonly RailGroup[];
  /** Beside the name: which area this is. */
  area?: string;
  /** At the top right, before everybody's own menus. */
  top?: ReactNode;
  /** Above the content of every page. */
  notice?: ReactNode;
}

export function Frame({ home, groups, area, top, notice }: FrameProps) {
  const t = useText(messages);
  const site = useSite();
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: "md", collapsed: { mobile: !opened } }}
      padding={{ base: "md", md: "xl" }}
    >
      <a className="skip-link" href="#content">
        {t("skip")}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="md" size="sm" aria-label={t("openNavigation")} />
            <UnstyledButton component={Link} to={home}>
              <Group gap={8} wrap="nowrap">
                <img src="/favicon.svg" alt="" width={24} height={24} />
                <Text fw={600} className="brand-name" truncate>
                  {site?.name ?? "Farebox"}
                </Text>
                {area !== undefined && (
                  <Text c="var(--mantine-primary-color-light-color)" fw={600} size="sm">
                    {area}
                  </Text>
                )}
              </Group>
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {top}
            <PaletteButton />
            <Box visibleFrom="sm">
              <Preferences />
            </Box>
            <YourMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label={t("navigation")} className="rail">
        <Rail groups={groups} onGo={close} />
        <Box hiddenFrom="sm" mt="md">
          <Preferences />
        </Box>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {notice}
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
