import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconLogout, IconSettings, IconShieldCog, IconUser } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { AccountItems } from "../features/session/AccountItems";
import { useSession } from "../features/session/queries";
import { useText } from "../lib/i18n";
import { messages } from "./messages";
import { useSignOut } from "./useSignOut";

export function YourMenu() {
  const t = useText(messages);
  const session = useSession();
  const [opened, setOpened] = useState(false);
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={250} opened={opened} onChange={setOpened} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton aria-label={t("you")}>
          <Avatar size={30} radius="xl" color="gray" variant="light">
            <IconUser size={17} aria-hidden />
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text size="sm" c="dimmed" px="sm" py={6} truncate>
          {session.email}
        </Text>
        {opened && <AccountItems />}
        {session.account_id !== null && (
          <Menu.Item component={Link} to="/dashboard/settings" leftSection={<IconSettings size={16} />}>
            {t("settings")}
          </Menu.Item>
        )}
        {session.scopes.length > 0 && (
          <Menu.Item component={Link} to="/admin" leftSection={<IconShieldCog size={16} />}>
            {t("operator")}
          </Menu.Item>
        )}
        {session.scopes.length > 0 && session.account_id !== null && (
          <Menu.Item component={Link} to="/dashboard" leftSection={<IconUser size={16} />}>
            {t("backToAccount")}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()}>
          {t("signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
