import { Box, Button, Group, Select, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { Facts } from "../../components/Facts";
import { Id } from "../../components/Id";
import { Loaded } from "../../components/Loaded";
import { Waiting } from "../../components/Waiting";
import { countries } from "../../lib/countries";
import { useLanguage, useText } from "../../lib/i18n";
import { mayManageMoney, useSession } from "../session/queries";
import { CloseAccount } from "./CloseAccount";
import { messages } from "./messages";
import { accountQuery, type Account } from "./queries";
import { useSaved } from "./useSaved";

export function AccountTab() {
  const session = useSession();
  return (
    <Stack gap={40}>
      <Loaded query={useQuery(accountQuery)} waiting={<Waiting rows={5} />}>
        {(account) => <Form account={account} mayChange={mayManageMoney(session)} />}
      </Loaded>
      {session.role === "owner" && <CloseAccount />}
    </Stack>
  );
}

function Form({ account, mayChange }: { account: Account; mayChange: boolean }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const cache = useQueryClient();
  const saved = useSaved();
  const [name, setName] = useState(account.name);
  const [billing, setBilling] = useState(account.billing);
  const save = useMutation({
    mutationFn: () => ask(api.PUT("/api/account", { body: { name, billing } })),
    onSuccess: (changed) => {
      cache.setQueryData(accountQuery.queryKey, changed);
      saved();
    },
  });
  const wrong = useFieldFailure(save.error, "tax_id", "address");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack maw={480}>
        <Facts facts={[[t("accountId"), <Id key="id" value={account.id} full />]]} />
        {!mayChange && <Text c="dimmed">{t("onlyOwnerBilling")}</Text>}
        <TextInput
          label={t("accountName")}
          maxLength={200}
          readOnly={!mayChange}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Box mt="lg">
          <Title order={2}>{t("billingTitle")}</Title>
          <Text c="dimmed">{t("billingWhat")}</Text>
        </Box>
        <TextInput
          label={t("billingName")}
          maxLength={200}
          readOnly={!mayChange}
          value={billing.name}
          onChange={(event) => setBilling({ ...billing, name: event.currentTarget.value })}
        />
        <TextInput
          label={t("taxId")}
          error={wrong.at.tax_id}
          maxLength={200}
          readOnly={!mayChange}
          value={billing.tax_id}
          onChange={(event) => setBilling({ ...billing, tax_id: event.currentTarget.value })}
        />
        <Textarea
          label={t("address")}
          error={wrong.at.address}
          autosize
          minRows={2}
          maxLength={500}
          readOnly={!mayChange}
          value={billing.address}
          onChange={(event) => setBilling({ ...billing, address: event.currentTarget.value })}
        />
        <Select
          label={t("country")}
          data={countries(language)}
          searchable
          clearable
          readOnly={!mayChange}
          value={billing.country || null}
          onChange={(country) => setBilling({ ...billing, country: country ?? "" })}
        />
        <ActionError failure={wrong.rest} />
        {mayChange && (
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t("save")}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
