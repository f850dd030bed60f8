/* What customers ask, the next due first to be seen; the thread and its answer beside the list. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "../../../components/Page";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { DueMark } from "../review/DueMark";
import { KeyHint } from "../review/KeyHint";
import { QueueView } from "../review/QueueView";
import { WriteButton, Writing } from "../Writing";
import { FileRequest } from "./FileRequest";
import { messages } from "./messages";
import { requestsQuery } from "./queries";
import { TemplateDialog } from "./TemplateDialog";
import { ThreadView } from "./ThreadView";

const route = getRouteApi("/admin/support");

export function SupportQueuePage() {
  const t = useText(messages);
  const say = useText(words);
  const { all } = route.useSearch();
  const [opened, setOpened] = useState<"file" | "templates" | null>(null);
  return (
    <Writing scope="support:write">
      <Page
        title={say("support")}
        lead={<KeyHint>{t("lead")}</KeyHint>}
        wide
        actions={
          <>
            <WriteButton variant="default" onClick={() => setOpened("templates")}>
              {t("templates")}
            </WriteButton>
            <WriteButton variant="default" onClick={() => setOpened("file")}>
              {t("file")}
            </WriteButton>
          </>
        }
      >
        <QueueView
          query={useInfiniteQuery(requestsQuery(all === true))}
          id={(request) => request.id}
          line={(request) => ({
            title: request.subject,
            note: `${request.email} · ${t(request.state)}`,
            mark: request.state === "open" && <DueMark item={request} />,
          })}
          detail={(id) => <ThreadView id={id} />}
        />
        {opened === "file" && <FileRequest onClose={() => setOpened(null)} />}
        {opened === "templates" && <TemplateDialog onClose={() => setOpened(null)} />}
      </Page>
    </Writing>
  );
}
