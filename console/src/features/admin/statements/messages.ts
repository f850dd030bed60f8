import type { Messages } from "../../../lib/i18n";

export const messages = {
  statements: ["Monthly statements", "月度账单", "每月對帳單", "月次明細書"],
  month: ["Month", "月份", "月份", "月"],
  number: ["No.", "编号", "編號", "番号"],
  opening: ["At the beginning", "期初", "期初", "期首"],
  closing: ["At the end", "期末", "期末", "期末"],
  files: ["Files", "文件", "檔案", "ファイル"],
  print: ["Print", "打印", "列印", "印刷"],
  csv: ["CSV", "CSV", "CSV", "CSV"],
  none: ["No statements yet", "还没有账单", "尚無每月對帳單", "明細書はまだありません"],
  noneWhy: [
    "Each account with entries gets one when its month is over.",
    "有账目的账户在每月结束后生成一份。",
    "有帳目的帳戶在每月結束後產生一份。",
    "記帳のあるアカウントごとに、月が終わると作られます。",
  ],
} as const satisfies Messages;
