/* What is done to an account now and then: behind one button, so that the everyday deeds stay in sight. */

import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useText } from "../../../lib/i18n";
import { useMay } from "../../session/scopes";
import { messages } from "./messages";

const FILED = ["fileAdjustment", "fileRefund", "fileWithdrawal"] as const;
export type Rare = (typeof FILED)[number] | "evidence" | "closeAccount";

interface MoreActionsProps {
  isClosed: boolean;
  onChoose: (action: Rare) => void;
}

export function MoreActions({ isClosed, onChoose }: MoreActionsProps) {
  const t = useText(messages);
  const may = useMay();
  const mayFile = !isClosed && may("money:write");
  const mayClose = !isClosed && may("accounts:write");
  const mayExport = may("risk:write");
  if (!mayFile && !mayClose && !mayExport) return null;
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
          {t("more")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {mayFile && (
          <>
            <Menu.Label>{t("fileFor")}</Menu.Label>
            {FILED.map((action) => (
              <Menu.Item key={action} onClick={() => onChoose(action)}>
                {t(action)}
              </Menu.Item>
            ))}
            <Menu.Divider />
          </>
        )}
        {mayExport && <Menu.Item onClick={() => onChoose("evidence")}>{t("evidence")}</Menu.Item>}
        {mayClose && (
          <Menu.Item c="red" onClick={() => onChoose("closeAccount")}>
            {t("closeAccount")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
