import { Alert, Group, Text } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { LinkButton } from "../../components/links";
import { useText } from "../../lib/i18n";
import { accountQuery } from "../settings/queries";
import { messages } from "./messages";

const TERMS = "/dashboard/terms";

/** Above the customer's other pages while new terms wait to be accepted. */
export function TermsNotice() {
  const t = useText(messages);
  const isThere = useLocation({ select: ({ pathname }) => pathname === TERMS });
  const isDue = useQuery(accountQuery).data?.terms_accepted === false;
  if (isThere || !isDue) return null;
  return (
    <Alert color="yellow" icon={<IconFileText aria-hidden />} mb="lg">
      <Group justify="space-between">
        <Text>{t("due")}</Text>
        <LinkButton to={TERMS} variant="default">
          {t("read")}
        </LinkButton>
      </Group>
    </Alert>
  );
}
