/* Where nothing was found: a link that somebody shared may lead into another account. */

import { Button, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ActionError } from "../../components/ErrorState";
import { useText } from "../../lib/i18n";
import { personQuery } from "../settings/queries";
import { useSwitchAccount } from "./accounts";
import { messages } from "./messages";
import { useSession } from "./queries";

export function OtherAccounts() {
  const t = useText(messages);
  const here = useSession().account_id;
  const memberships = useQuery(personQuery).data?.memberships ?? [];
  // The address stays: what it leads to is looked for in the other account.
  const change = useSwitchAccount();
  const others = memberships.filter((each) => each.account_id !== here);
  const own = memberships.find((each) => each.account_id === here)?.name ?? "";
  return (
    <Stack gap="xs" align="flex-start">
      <Text>{t(others.length === 0 ? "notOfThisAccount" : "maybeElsewhere", { name: own })}</Text>
      {others.map(({ account_id, name }) => (
        <Button
          key={account_id}
          variant="default"
          size="compact-md"
          loading={change.isPending && change.variables === account_id}
          onClick={() => change.mutate(account_id)}
        >
          {t("lookIn", { name: name || `…${account_id.slice(-8)}` })}
        </Button>
      ))}
      <ActionError failure={change.error} />
    </Stack>
  );
}
