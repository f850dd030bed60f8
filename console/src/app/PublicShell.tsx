/* Pages for everybody: a header, the content, and at the foot who runs this. */

import { Anchor, AppShell, Burger, Button, Container, Drawer, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { Banner } from "../features/announcements/Banner";
import { sessionQuery } from "../features/session/queries";
import { useSite } from "../features/site/queries";
import { useText } from "../lib/i18n";
import { messages } from "./messages";
import { Preferences } from "./Preferences";
import { PUBLIC_PAGES } from "./publicPages";

const READING = 1080;

export function PublicShell() {
  const t = useText(messages);
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell header={{ height: 56 }}>
      <a className="skip-link" href="#content">
        {t("skip")}
      </a>
      <AppShell.Header>
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
              <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("openNavigation")} />
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      <Drawer opened={opened} onClose={close} position="right" size={260} title={t("navigation")}>
        <Stack onClick={close}>
          <Pages />
          <Preferences />
        </Stack>
      </Drawer>
      <AppShell.Main id="content" tabIndex={-1}>
        <Container size={READING} py="xl">
          <Banner />
          <Outlet />
        </Container>
        <Foot />
      </AppShell.Main>
    </AppShell>
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
