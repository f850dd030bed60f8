/* New terms are read and accepted for the account. */

import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { useLanguage, useText } from "../../lib/i18n";
import { accountQuery } from "../settings/queries";
import { messages } from "./messages";
import { termsQuery } from "./queries";
import { Version } from "./TermsPage";

export function AcceptPage() {
  const t = useText(messages);
  const { language } = useLanguage();
  const isAccepted = useQuery(accountQuery).data?.terms_accepted;
  return (
    <Page title={t("acceptTitle")} lead={isAccepted === false ? t("acceptLead") : undefined}>
      {isAccepted === true && (
        <Text role="status" mb="lg">
          {t("accepted")}
        </Text>
      )}
      <Loaded query={useQuery(termsQuery(language))}>
        {({ in_force: terms }) =>
          terms !== null && (
            <Stack>
              <Version terms={terms} name="version" />
              {isAccepted === false && <Accept version={terms.version} />}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function Accept({ version }: { version: number }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const accept = useMutation({
    mutationFn: () => ask(api.POST("/api/account/terms", { body: { terms_version: version } })),
    onSuccess: (account) => cache.setQueryData(accountQuery.queryKey, account),
  });
  return (
    <Stack>
      <ActionError failure={accept.error} />
      <Group>
        <Button loading={accept.isPending} onClick={() => accept.mutate()}>
          {t("accept", { version })}
        </Button>
      </Group>
    </Stack>
  );
}
