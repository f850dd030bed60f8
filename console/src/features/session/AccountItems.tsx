/* In the menu: the accounts of whoever has several, the one that is looked at marked. */

import { Menu, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useFailureText } from "../../components/failure";
import { useText } from "../../lib/i18n";
import { personQuery } from "../settings/queries";
import { useSwitchAccount } from "./accounts";
import { messages } from "./messages";
import { useSession } from "./queries";

export function AccountItems() {
  const t = useText(messages);
  const here = useSession().account_id;
  const navigate = useNavigate();
  const failureText = useFailureText();
  const memberships = useQuery(personQuery).data?.memberships ?? [];
  const change = useSwitchAccount({
    onSwitched: () => navigate({ to: "/dashboard" }),
    // The menu has closed by then.
    onFailure: (failure) => notifications.show({ color: "red", message: failureText(failure) }),
  });
  if (memberships.length < 2) return null;
  return (
    <>
      <Menu.Label>{t("accounts")}</Menu.Label>
      {memberships.map(({ account_id, name, role }) => (
        <Menu.Item
          key={account_id}
          aria-current={account_id === here ? "true" : undefined}
          rightSection={account_id === here && <IconCheck size={16} aria-hidden />}
          onClick={() => account_id !== here && change.mutate(account_id)}
        >
          <Text truncate>{name || `…${account_id.slice(-8)}`}</Text>
          <Text size="xs" c="dimmed">
            {t(role)}
          </Text>
        </Menu.Item>
      ))}
      <Menu.Divider />
    </>
  );
}
