/* Oneself and the account, by tabs; each tab has an address of its own. */

import { Tabs } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { Page } from "../../components/Page";
import { useText } from "../../lib/i18n";
import { AccountTab } from "./AccountTab";
import { MembersTab } from "./MembersTab";
import { messages } from "./messages";
import { NotificationsTab } from "./NotificationsTab";
import { ProfileTab } from "./ProfileTab";
import { SecurityTab } from "./SecurityTab";
import { SessionsTab } from "./SessionsTab";

const TABS = {
  profile: ProfileTab,
  account: AccountTab,
  security: SecurityTab,
  sessions: SessionsTab,
  members: MembersTab,
  notifications: NotificationsTab,
} as const satisfies Readonly<Record<string, ComponentType>>;
const NAMES = Object.keys(TABS) as (keyof typeof TABS)[];

export function SettingsPage() {
  const t = useText(messages);
  const params = useParams({ strict: false });
  const navigate = useNavigate();
  const open = NAMES.find((name) => name === params.tab) ?? "profile";
  return (
    <Page title={t("title")} wide={open === "members"}>
      <Tabs
        value={open}
        onChange={(tab) => void navigate({ to: "/dashboard/settings/$tab", params: { tab: tab ?? "profile" } })}
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          {NAMES.map((name) => (
            <Tabs.Tab key={name} value={name} px="sm">
              {t(name)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {NAMES.map((name) => {
          const Tab = TABS[name];
          return (
            <Tabs.Panel key={name} value={name}>
              <Tab />
            </Tabs.Panel>
          );
        })}
      </Tabs>
    </Page>
  );
}
