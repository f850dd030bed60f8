/* The link of an invitation: accept it as who is signed in, or join as somebody new. */

import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../api/client";
import type { Answer } from "../../api/types";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Waiting } from "../../components/Waiting";
import { useLanguage, useText, type Say } from "../../lib/i18n";
import { sessionQuery } from "../session/queries";
import { messages } from "./messages";
import { useLinkSecret } from "./linkSecret";
import { rulesQuery, type Rules } from "./queries";
import { NOTHING_SAID, saidAs, Statements } from "./Statements";

type Invitation = Answer<"/api/invitations/look", "post">;

export function InvitationPage() {
  const t = useText(messages);
  const secret = useLinkSecret();
  return (
    <Stack>
      <Title order={1}>{t("invitedTitle")}</Title>
      {secret === undefined ? <Alert color="yellow">{t("brokenLink")}</Alert> : <Known secret={secret} />}
    </Stack>
  );
}

function Known({ secret }: { secret: string }) {
  const t = useText(messages);
  const look = useQuery({
    queryKey: ["invitation", secret],
    queryFn: ({ signal }) => ask(api.POST("/api/invitations/look", { body: { secret }, signal })),
  });
  const session = useQuery(sessionQuery).data;
  const rules = useQuery(rulesQuery);
  return (
    <Loaded query={look} waiting={<Waiting rows={2} />}>
      {(invitation) => (
        <>
          <Text>{invitedText(invitation, t)}</Text>
          {invitation.is_registered && session === undefined && (
            <>
              <Text c="dimmed">{t("signInFirst")}</Text>
              <LinkButton to="/sign-in" search={{ next: `/invitation#${secret}` }}>
                {t("toSignIn")}
              </LinkButton>
            </>
          )}
          {invitation.is_registered && session !== undefined && <Accept secret={secret} />}
          {!invitation.is_registered && (
            <Loaded query={rules}>{(known) => <Join secret={secret} rules={known} />}</Loaded>
          )}
        </>
      )}
    </Loaded>
  );
}

function invitedText(invitation: Invitation, t: Say<typeof messages>): string {
  const { email, role, account_name: account } = invitation;
  if (role === null) return t("invitedToOpen", { email });
  return t(account === "" ? "invitedToUnnamed" : "invitedTo", { account, role: t(role), email });
}

function Accept({ secret }: { secret: string }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => ask(api.POST("/api/invitations/accept", { body: { secret } })),
    onSuccess: async () => {
      await cache.invalidateQueries();
      await navigate({ to: "/dashboard" });
    },
  });
  return (
    <>
      <ActionError failure={accept.error} />
      <Button loading={accept.isPending} onClick={() => accept.mutate()}>
        {t("accept")}
      </Button>
    </>
  );
}

function Join({ secret, rules }: { secret: string; rules: Rules }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [said, setSaid] = useState(NOTHING_SAID);
  const join = useMutation({
    mutationFn: () => {
      const who = { secret, password, display_name: name.trim(), language };
      return ask(api.POST("/api/invitations/join", { body: { ...who, ...saidAs(said, rules) } }));
    },
    onSuccess: () => navigate({ to: "/sign-in" }),
  });
  const wrong = useFieldFailure(join.error, "display_name", "password");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        join.mutate();
      }}
    >
      <Stack>
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
        <ActionError failure={wrong.rest} />
        <Button type="submit" loading={join.isPending}>
          {t("join")}
        </Button>
      </Stack>
    </form>
  );
}
