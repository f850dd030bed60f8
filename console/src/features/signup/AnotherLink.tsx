import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { useSendAgain } from "./useSendAgain";

/** Asks for another link to confirm an address; what it says is the same whoever is known here. */
export function AnotherLink() {
  const t = useText(messages);
  const [email, setEmail] = useState("");
  const again = useSendAgain();
  const wrong = useFieldFailure(again.error, "email");
  if (again.isSuccess) return <Text role="status">{t("anotherSent", { email: email.trim() })}</Text>;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        again.mutate(email.trim());
      }}
    >
      <Stack>
        <TextInput
          label={t("email")}
          error={wrong.at.email}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <ActionError failure={wrong.rest} />
        <Button type="submit" variant="default" loading={again.isPending}>
          {t("another")}
        </Button>
      </Stack>
    </form>
  );
}
