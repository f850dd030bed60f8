/* Pages for everybody: a header, the content, and at the foot who runs this. */

import { Anchor, Burger, Button, Container, Group, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { Banner } from "../features/announcements/Banner";
import { PublishedLinks } from "../features/legal/published/PublishedLinks";
import { sessionQuery } from "../features/session/queries";
import { useSite } from "../features/site/queries";
import { useText } from "../lib/i18n";
import { messages } from "./messages";
import { Preferences } from "./Preferences";
import { PUBLIC_PAGES } from "./publicPages";

// Loaded when it is first opened.
const PublicDrawer = lazy(() => import("./PublicDrawer"));
const READING = 1080;

export function PublicShell() {
  const t = useText(messages);
  const [opened, { open, close }] = useDisclosure(false);
  const [isDrawerWanted, setDrawerWanted] = useState(false);
  const openDrawer = () => {
    setDrawerWanted(true);
    open();
  };
  return (
    <>
      <a className="skip-link" href="#content">
        {t("skip")}
      </a>
      <header className="public-header">
        <Container size={READING} h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="xl" wrap="nowrap">
              <Brand />
              <Group component="nav" aria-label={t("navigation")} gap="lg" visibleFrom="sm">
                <Pages />
              </Group>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <Group gap="xs" wrap="nowrap" visibleFrom="xs">
                <Preferences />
              </Group>
              <Entrance />
              <Burger opened={opened} onClick={openDrawer} hiddenFrom="sm" size="sm" aria-label={t("openNavigation")} />
            </Group>
          </Group>
        </Container>
      </header>
      {isDrawerWanted && (
        <Suspense>
          <PublicDrawer title={t("navigation")} opened={opened} close={close} pages={<Pages />}>
            <Preferences />
          </PublicDrawer>
        </Suspense>
      )}
      <main id="content" tabIndex={-1}>
        <Container size={READING} py="xl">
          <Banner />
          <Outlet />
        </Container>
        <Foot />
      </main>
    </>
  );
}

function Brand() {
  const site = useSite();
  return (
    <UnstyledButton component={Link} to="/">
      <Group gap={8} wrap="nowrap">
        <img src="/favicon.svg" alt="" width={24} height={24} />
        <Text fw={600}>{site?.name ?? "Farebox"}</Text>
      </Group>
    </UnstyledButton>
  );
}

function Pages() {
  const t = useText(messages);
  return PUBLIC_PAGES.map(({ to, name }) => (
    <Anchor key={to} component={Link} to={to} c="inherit" underline="hover">
      {t(name)}
    </Anchor>
  ));
}

function Entrance() {
  const t = useText(messages);
  const session = useQuery(sessionQuery).data;
  if (session !== undefined) {
    return (
      <Button component={Link} to="/dashboard">
        {t("dashboard")}
      </Button>
    );
  }
  return (
    <>
      <Button component={Link} to="/sign-in" variant="default">
        {t("signIn")}
      </Button>
      <Button component={Link} to="/sign-up" visibleFrom="xs">
        {t("signUp")}
      </Button>
    </>
  );
}

function Foot() {
  const t = useText(messages);
  const site = useSite();
  return (
    <Container size={READING} component="footer" py="xl">
      <Group justify="space-between" gap="md">
        <Text size="sm" c="dimmed">
          {site?.operator || site?.name}
        </Text>
        <Group gap="lg">
          <Anchor component={Link} to="/terms" size="sm" c="dimmed">
            {t("terms")}
          </Anchor>
          <PublishedLinks size="sm" c="dimmed" />
          <Anchor component={Link} to="/announcements" size="sm" c="dimmed">
            {t("announcements")}
          </Anchor>
          <Anchor component={Link} to="/contact" size="sm" c="dimmed">
            {t("contact")}
          </Anchor>
        </Group>
      </Group>
    </Container>
  );
}
