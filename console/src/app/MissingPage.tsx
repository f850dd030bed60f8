import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "../components/EmptyState";
import { useText } from "../lib/i18n";
import { messages } from "./messages";

export function MissingPage() {
  const t = useText(messages);
  return (
    <EmptyState
      whole
      icon={IconMapOff}
      title={t("missingTitle")}
      action={
        <Button component={Link} to="/">
          {t("home")}
        </Button>
      }
    >
      {t("missing")}
    </EmptyState>
  );
}
