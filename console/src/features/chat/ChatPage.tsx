/* Chat: one model, or two side by side. */

import "./chat.css";
import { Box, Group, Stack, Text } from "@mantine/core";
import { IconMessage } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ActionError } from "../../components/ErrorState";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { useText } from "../../lib/i18n";
import { chats, modelsQuery } from "../models/queries";
import { mayManageKeys, useSession } from "../session/queries";
import { Composer } from "./Composer";
import { blankConversation, type Question, type Settings } from "./conversation";
import { HistoryMenu } from "./HistoryMenu";
import { messages } from "./messages";
import { Parameters } from "./Parameters";
import { TurnView } from "./TurnView";
import { useChat } from "./useChat";
import { useFollow } from "./useFollow";

export function ChatPage() {
  const t = useText(messages);
  const session = useSession();
  const models = useQuery(modelsQuery);
  if (!mayManageKeys(session)) return <Page title={t("title")}>{t("notAllowed")}</Page>;
  return (
    <Loaded query={models}>
      {({ data }) => {
        const names = data.filter(chats).map((model) => model.name);
        const [first] = names;
        if (first === undefined) return <Page title={t("title")}>{t("noModels")}</Page>;
        const settings = { models: [first], system: "", temperature: null, mostTokens: null };
        return <Chat account={session.account_id ?? ""} names={names} initial={settings} />;
      }}
    </Loaded>
  );
}

interface ChatProps {
  account: string;
  names: readonly string[];
  initial: Settings;
}

function Chat({ account, names, initial }: ChatProps) {
  const t = useText(messages);
  const chat = useChat(account, initial);
  const { conversation, isBusy } = chat;
  const [edited, setEdited] = useState<{ at: number; question: Question } | null>(null);
  useFollow(conversation.turns);
  const askAgain = (at: number) => {
    const question = conversation.turns[at]?.question;
    if (question !== undefined) void chat.ask(question, at);
  };
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      wide
      actions={
        <HistoryMenu
          account={account}
          open={conversation}
          onOpen={chat.open}
          onFresh={() => chat.open(blankConversation(account, conversation.settings))}
        />
      }
    >
      <Stack gap="lg" className="chat">
        <Parameters names={names} settings={conversation.settings} onChange={chat.setSettings} disabled={isBusy} />
        {conversation.turns.length === 0 && <EmptyState icon={IconMessage} title={t("empty")} />}
        <Stack gap="xl" role="log" aria-live="off">
          {conversation.turns.map((turn, at) => (
            <TurnView
              key={at}
              turn={turn}
              isIdle={!isBusy}
              onAgain={() => askAgain(at)}
              onEdit={() => setEdited({ at, question: turn.question })}
            />
          ))}
        </Stack>
        <ActionError failure={chat.failure} money />
        <Box className="composer">
          <Composer
            key={edited?.at ?? "new"}
            initial={edited?.question}
            isBusy={isBusy}
            onStop={chat.stop}
            onCancel={edited === null ? undefined : () => setEdited(null)}
            onSend={(question) => {
              setEdited(null);
              void chat.ask(question, edited?.at);
            }}
          />
          <Group justify="center" mt={4}>
            <Text size="xs" c="dimmed">
              {conversation.settings.models.join(" · ")}
            </Text>
          </Group>
        </Box>
      </Stack>
    </Page>
  );
}
