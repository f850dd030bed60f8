/* One click away from every page of the operator's, and two steps away from stopping anything. */

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHandStop } from "@tabler/icons-react";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import { StopDialog } from "./StopDialog";

export function StopButton() {
  const t = useText(messages);
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        variant="light"
        color="red"
        leftSection={<IconHandStop size={16} aria-hidden />}
        onClick={open}
        className="stop-button"
        aria-label={t("open")}
      >
        <span className="stop-label">{t("open")}</span>
      </Button>
      {opened && <StopDialog onClose={close} />}
    </>
  );
}
