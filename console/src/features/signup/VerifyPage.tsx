/* The link of the first mail. A button confirms, not the visit: programs look at links in mail, too. */

import { Alert, Button, Stack, Text, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { Unreachable } from "../../api/problem";
import { ActionError } from "../../components/ErrorState";
import { LinkButton } from "../../components/links";
import { useText } from "../../lib/i18n";
import { AnotherLink } from "./AnotherLink";
import { useLinkSecret } from "./linkSecret";
import { messages } from "./messages";

export function VerifyPage() {
  const t = useText(messages);
  const secret = useLinkSecret();
  const confirm = useMutation({
    mutationFn: (known: string) => ask(api.POST("/api/sign-up/confirm", { body: { secret: known } })),
  });
  const isAway = confirm.error instanceof Unreachable;
  const hasFailed = confirm.isError && !isAway;
  return (
    <Stack>
      <Title order={1}>{t("verifyTitle")}</Title>
      {secret === undefined && <Alert color="yellow">{t("brokenLink")}</Alert>}
      {secret !== undefined && (confirm.isIdle || confirm.isPending || isAway) && (
        <Button loading={confirm.isPending} onClick={() => confirm.mutate(secret)}>
          {t("confirmAddress")}
        </Button>
      )}
      {isAway && <ActionError failure={confirm.error} />}
      {hasFailed && <Text role="alert">{t("verifyFailed")}</Text>}
      {confirm.isSuccess && <Text role="status">{t("verified")}</Text>}
      {(confirm.isSuccess || hasFailed) && (
        <LinkButton to="/sign-in" search={{ next: "/dashboard/start" }}>
          {t("toSignIn")}
        </LinkButton>
      )}
      {(secret === undefined || hasFailed) && <AnotherLink />}
    </Stack>
  );
}
