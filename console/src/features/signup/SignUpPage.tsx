/* Becoming a customer. */

import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { LinkAnchor } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Waiting } from "../../components/Waiting";
import { useLanguage, useText } from "../../lib/i18n";
import { MailSent } from "./MailSent";
import { messages } from "./messages";
import { canProve, prove } from "./proof";
import { rulesQuery, type Rules } from "./queries";
import { NOTHING_SAID, saidAs, Statements } from "./Statements";

export function SignUpPage() {
  const t = useText(messages);
  const rules = useQuery(rulesQuery);
  return (
    <Stack>
      <Title order={1}>{t("title")}</Title>
      <Loaded query={rules} waiting={<Waiting rows={4} />}>
        {(known) => (known.mode === "invited" ? <Text>{t("invitedOnly")}</Text> : <Form rules={known} />)}
      </Loaded>
      <LinkAnchor to="/sign-in" size="sm">
        {t("haveOne")}
      </LinkAnchor>
    </Stack>
  );
}

function Form({ rules }: { rules: Rules }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [said, setSaid] = useState(NOTHING_SAID);
  const signUp = useMutation({
    mutationFn: async () => {
      const proof = rules.proof_of_work ? await prove() : null;
      const who = { email: email.trim(), password, display_name: name.trim(), language };
      return ask(api.POST("/api/sign-up", { body: { ...who, ...saidAs(said, rules), proof } }));
    },
  });
  const wrong = useFieldFailure(signUp.error, "email", "display_name", "password");
  if (signUp.isSuccess) return <MailSent email={email.trim()} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signUp.mutate();
      }}
    >
      <Stack>
        {rules.mode === "approved" && <Text c="dimmed">{t("approved")}</Text>}
        <TextInput
          label={t("email")}
          error={wrong.at.email}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextInput
          label={t("name")}
          error={wrong.at.display_name}
          autoComplete="name"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("password")}
          error={wrong.at.password}
          description={t("passwordRule")}
          autoComplete="new-password"
          required
          minLength={10}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Statements rules={rules} said={said} onSay={setSaid} />
        {rules.proof_of_work && !canProve() && <Alert color="yellow">{t("noCrypto")}</Alert>}
        <ActionError failure={wrong.rest} />
        <Button type="submit" loading={signUp.isPending}>
          {t("signUp")}
        </Button>
        {signUp.isPending && rules.proof_of_work && (
          <Text role="status" size="sm" c="dimmed">
            {t("working")}
          </Text>
        )}
      </Stack>
    </form>
  );
}
