import { ActionIcon, Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { copyText } from "../lib/copy";
import { useText } from "../lib/i18n";
import { messages } from "./messages";

const SHOWN_MS = 1_500;

interface CopyButtonProps {
  value: string;
  /** Names what is copied; without `full`, only assistive technology reads it. */
  label?: string;
  full?: boolean;
}

export function CopyButton({ value, label, full = false }: CopyButtonProps) {
  const t = useText(messages);
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    if (await copyText(value)) setDone(true);
    else notifications.show({ color: "red", message: t("cannotCopy") });
  };
  const icon = done ? <IconCheck size={16} /> : <IconCopy size={16} />;
  const name = done ? t("copied") : (label ?? t("copy"));
  if (full) {
    return (
      <Button variant="default" leftSection={icon} onClick={copy}>
        {name}
      </Button>
    );
  }
  return (
    <ActionIcon variant="subtle" color="gray" size="sm" title={name} aria-label={name} onClick={copy}>
      {icon}
    </ActionIcon>
  );
}
