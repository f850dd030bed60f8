import { Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useUnit } from "../../components/unit";
import { abridge, written } from "../../lib/amount";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";

/** A code brings credit once; the API sees to it that the same code again changes nothing. */
export function CodeForm() {
  const t = useText(messages);
  const { language } = useLanguage();
  const unit = useUnit();
  const cache = useQueryClient();
  const [code, setCode] = useState("");
  const redeem = useMutation({
    mutationFn: () => ask(api.POST("/api/codes/redeem", { body: { code: code.trim() } })),
    onSuccess: () => cache.invalidateQueries(),
  });
  const done = redeem.data;
  return (
    <section>
      <Title order={2} mb="sm">
        {t("codeTitle")}
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          redeem.mutate();
        }}
      >
        <Stack gap="sm">
          <Group align="flex-end" className="fields">
            <TextInput
              label={t("code")}
              required
              maxLength={80}
              autoComplete="off"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              w={240}
            />
            <Button type="submit" variant="default" loading={redeem.isPending}>
              {t("redeem")}
            </Button>
          </Group>
          <ActionError failure={redeem.error} money />
          {done !== undefined && (
            <Text role="status">
              {done.repeated
                ? t("redeemedBefore")
                : t("redeemed", { amount: written(abridge(done.amount).text, unit, language) })}
            </Text>
          )}
        </Stack>
      </form>
    </section>
  );
}
