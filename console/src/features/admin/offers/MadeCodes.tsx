import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { messages as common } from "../../../components/messages";
import { shownOnce } from "../../../components/shownOnce";
import { Snippet } from "../../../components/Snippet";
import { useUnit } from "../../../components/unit";
import { csvOf, saveAs } from "../../../lib/file";
import { useText } from "../../../lib/i18n";
import type { Made } from "./MakeCodes";
import { messages } from "./messages";

/** The codes of a new batch, this once: to be copied or saved. The file is made here, so that it holds these codes. */
export function MadeCodes({ made, onClose }: { made: Made; onClose: () => void }) {
  const t = useText(messages);
  const say = useText(common);
  const unit = useUnit() ?? "";
  const { batch, codes } = made;
  const save = () => {
    const rows = codes.map(({ code, id }) => [code, batch.amount, unit, batch.redeem_until ?? "", id]);
    saveAs(csvOf([["code", "amount", "unit", "redeem_until", "id"], ...rows]), `codes-${batch.id}.csv`);
  };
  return (
    <Modal opened onClose={onClose} title={t("madeTitle")} {...shownOnce()}>
      <Stack>
        <Text>{t("madeWhat")}</Text>
        <div className="made-codes">
          <Snippet code={codes.map((each) => each.code).join("\n")} />
        </div>
        <Group justify="flex-end">
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>
            {t("saveCodes")}
          </Button>
          <Button onClick={onClose}>{say("done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
