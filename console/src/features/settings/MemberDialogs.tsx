/* Who belongs to the account changes: what that means is said before. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { Confirm } from "../../components/Confirm";
import { useText } from "../../lib/i18n";
import { sessionQuery } from "../session/queries";
import { messages } from "./messages";
import { membersQuery, type Member } from "./queries";

interface RemoveMemberProps {
  member: Member;
  onClose: () => void;
}

export function RemoveMember({ member, onClose }: RemoveMemberProps) {
  const t = useText(messages);
  const cache = useQueryClient();
  const remove = useMutation({
    mutationFn: () => endMembership(member),
    onSuccess: () => {
      onClose();
      return cache.invalidateQueries({ queryKey: membersQuery.queryKey });
    },
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t("removeMember", { name: member.email })}
      action={t("remove")}
      danger
      onConfirm={() => remove.mutate()}
      pending={remove.isPending}
      failure={remove.error}
    >
      {t("removeWhat")}
    </Confirm>
  );
}

interface LeaveAccountProps {
  me: Member;
  onClose: () => void;
}

export function LeaveAccount({ me, onClose }: LeaveAccountProps) {
  const t = useText(messages);
  const leave = useMutation({
    mutationFn: () => endMembership(me),
    // The session looks at another account from now on, or at none.
    onSuccess: () => location.assign("/dashboard"),
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t("leaveTitle")}
      action={t("leave")}
      danger
      onConfirm={() => leave.mutate()}
      pending={leave.isPending}
      failure={leave.error}
    >
      {t("leaveWhat")}
    </Confirm>
  );
}

interface TransferOwnershipProps {
  to: Member;
  onClose: () => void;
}

export function TransferOwnership({ to, onClose }: TransferOwnershipProps) {
  const t = useText(messages);
  const cache = useQueryClient();
  const transfer = useMutation({
    mutationFn: () =>
      ask(api.POST("/api/members/{person_id}/transfer", { params: { path: { person_id: to.person_id } } })),
    onSuccess: async (members) => {
      cache.setQueryData(membersQuery.queryKey, members);
      onClose();
      // What an owner may do is no longer offered.
      await cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t("transferTitle", { name: to.display_name || to.email })}
      action={t("transferDo")}
      danger
      onConfirm={() => transfer.mutate()}
      pending={transfer.isPending}
      failure={transfer.error}
    >
      {t("transferWhat")}
    </Confirm>
  );
}

function endMembership({ person_id }: Member) {
  return ask(api.DELETE("/api/members/{person_id}", { params: { path: { person_id } } }));
}
