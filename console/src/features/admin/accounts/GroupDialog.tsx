import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { groupsQuery } from "../offers/Groups";
import { messages } from "./messages";
import type { Account } from "./queries";

/** Which group of customers an account belongs to, and so what it is charged of the price. */
export function GroupDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const groups = useQuery(groupsQuery).data?.data ?? [];
  const [group, setGroup] = useState(account.group);
  return (
    <Deed
      title={`${t("group")}: ${account.email}`}
      action={t("save")}
      what={t("groupWhat")}
      run={() =>
        ask(
          api.PUT("/admin/groups/members/{account_id}", {
            params: { path: { account_id: account.id } },
            body: { group },
          }),
        )
      }
      onClose={onClose}
    >
      <Select
        label={t("group")}
        placeholder={t("noGroup")}
        data={groups.map((each) => ({ value: each.name, label: `${each.name} (${each.price_percent} %)` }))}
        value={group}
        onChange={setGroup}
        clearable
      />
    </Deed>
  );
}
