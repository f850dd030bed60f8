import { Alert, Group, Text } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { LinkButton } from "../../components/links";
import { useText } from "../../lib/i18n";
import { accountQuery } from "../settings/queries";
import { messages } from "./messages";

/** Above the customer's pages while new terms wait to be accepted. */
export function TermsNotice() {
  const t = useText(messages);
  if (useQuery(accountQuery).data?.terms_accepted !== false) return null;
  return (
    <Alert color="yellow" icon={<IconFileText aria-hidden />} mb="lg">
      <Group justify="space-between">
        <Text>{t("due")}</Text>
        <LinkButton to="/dashboard/terms" variant="default">
          {t("read")}
        </LinkButton>
      </Group>
    </Alert>
  );
}
