/* The dialog that asks for a second factor; loaded when it is first needed. */

import { Modal } from "@mantine/core";
import { messages } from "../../components/messages";
import { useText } from "../../lib/i18n";
import { ProofForm } from "./ProofForm";

interface ProofDialogProps {
  opened: boolean;
  onProved: () => void;
  onClose: () => void;
}

export default function ProofDialog({ opened, onProved, onClose }: ProofDialogProps) {
  const t = useText(messages);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("proveTitle")}
      closeButtonProps={{ "aria-label": t("close") }}
      zIndex={400}
    >
      <ProofForm onProved={onProved} />
    </Modal>
  );
}
