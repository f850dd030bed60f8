/* The operator's area: a rail and an accent of its own, and the emergency stop on every page. */

import "./operator.css";
import {
  IconBox,
  IconBuildingBank,
  IconGauge,
  IconGavel,
  IconLifebuoy,
  IconListDetails,
  IconPlugConnected,
  IconSettings,
} from "@tabler/icons-react";
import { useLayoutEffect } from "react";
import { messages as words } from "../features/admin/messages";
import { mayOpen, OPERATOR_GROUPS } from "../features/admin/pages";
import { StopButton } from "../features/admin/stop/StopButton";
import { StopNotice } from "../features/admin/stop/StopNotice";
import { useOtherTabs } from "../features/session/otherTabs";
import { useSession } from "../features/session/queries";
import { useMay } from "../features/session/scopes";
import { useText } from "../lib/i18n";
import { Frame } from "./Frame";
import { messages } from "./messages";

const ICONS = {
  overview: IconGauge,
  jobs: IconListDetails,
  review: IconGavel,
  support: IconLifebuoy,
  accounts: IconBuildingBank,
  channels: IconPlugConnected,
  models: IconBox,
  settings: IconSettings,
} as const;
const GROUPS = ["watch", "people", "supply"] as const;

export function AdminShell() {
  const t = useText(messages);
  const say = useText(words);
  useOtherTabs("operator");
  const { scopes } = useSession();
  const may = useMay();
  useLayoutEffect(() => {
    document.documentElement.dataset["area"] = "operator";
    return () => {
      delete document.documentElement.dataset["area"];
    };
  }, []);
  return (
    <Frame
      home="/admin"
      area={t("operator")}
      top={may("stop:write") && may("catalogue:read") && <StopButton />}
      notice={may("catalogue:read") && <StopNotice />}
      groups={GROUPS.map((group) => ({
        label: say(group),
        items: OPERATOR_GROUPS[group]
          .filter((page) => mayOpen(scopes, page))
          .map(({ to, name }) => ({ to, label: say(name), icon: ICONS[name], exact: to === "/admin" })),
      })).filter(({ items }) => items.length > 0)}
    />
  );
}
