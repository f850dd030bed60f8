import { getRouteApi } from "@tanstack/react-router";
import { TypedFilter } from "../../../components/TypedFilter";
import { useText } from "../../../lib/i18n";
import { isId } from "../../../lib/search";
import { messages } from "./messages";

const route = getRouteApi("/admin/operation/$area");
const ID_LENGTH = 36;

/** Narrows a list of the operation page to one account, by its id. */
export function AccountFilter() {
  const t = useText(messages);
  const { account } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <TypedFilter
      label={t("accountId")}
      value={account}
      maxLength={ID_LENGTH}
      onTyped={(typed) => {
        // Half an id is none yet.
        if (typed !== undefined && !isId(typed)) return;
        void navigate({ search: (now) => ({ ...now, account: typed }), replace: true });
      }}
      w={300}
    />
  );
}
