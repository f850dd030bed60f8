import type { Messages } from "../../lib/i18n";

export const messages = {
  title: ["Terms", "服务条款", "服務條款", "利用規約"],
  version: ["Version {version}, in force since", "版本 {version}，生效于", "版本 {version}，生效於", "第 {version} 版、施行日"],
  coming: ["Announced: version {version}, in force from", "已公告：版本 {version}，生效自", "已公告：版本 {version}，生效自", "予告：第 {version} 版、施行日"],
  noneTitle: ["No terms are published", "尚未发布条款", "尚未發布條款", "規約はまだ公開されていません"],
  acceptTitle: ["New terms", "新版条款", "新版條款", "新しい利用規約"],
  acceptLead: [
    "A new version of the terms is in force. Accept it for your account to go on.",
    "新版条款已生效，请代表您的账户接受后继续。",
    "新版條款已生效，請代表您的帳戶接受後繼續。",
    "新しい規約が施行されました。続けるにはアカウントとして同意してください。",
  ],
  accept: ["Accept version {version}", "接受版本 {version}", "接受版本 {version}", "第 {version} 版に同意する"],
  accepted: ["The terms in force are accepted.", "当前条款已接受。", "目前條款已接受。", "現行の規約に同意済みです。"],
  due: ["There are new terms to be accepted.", "有新的条款需要接受。", "有新的條款需要接受。", "同意が必要な新しい規約があります。"],
  read: ["Read them", "查看", "檢視", "確認する"],
} as const satisfies Messages;
