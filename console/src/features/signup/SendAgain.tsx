import { Button, Text } from "@mantine/core";
import { ActionError } from "../../components/ErrorState";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { useSendAgain } from "./useSendAgain";

/** The mail to confirm this address, once more. */
export function SendAgain({ email }: { email: string }) {
  const t = useText(messages);
  const again = useSendAgain();
  return (
    <>
      <ActionError failure={again.error} />
      {again.isSuccess ? (
        <Text role="status" c="dimmed">
          {t("sentAgain")}
        </Text>
      ) : (
        <Button variant="default" loading={again.isPending} onClick={() => again.mutate(email)}>
          {t("sendAgain")}
        </Button>
      )}
    </>
  );
}
