import type { Messages } from "../../lib/i18n";

export const messages = {
  title: ["Get your first answer", "获取第一个回答", "取得第一個回答", "最初の回答を得る"],
  lead: [
    "A test key is free: it reaches a simulated model, so that you can try everything before you pay.",
    "测试密钥免费：它连接模拟模型，付费前即可全面试用。",
    "測試金鑰免費：它連接模擬模型，付費前即可全面試用。",
    "テストキーは無料です。模擬モデルにつながるので、支払い前にすべて試せます。",
  ],
  step1: ["1. Your test key", "1. 您的测试密钥", "1. 您的測試金鑰", "1. テストキー"],
  make: ["Make a test key", "创建测试密钥", "建立測試金鑰", "テストキーを作成"],
  once: [
    "Copy it now: it is shown in this tab only, and stored as a hash.",
    "请立即复制：仅在此标签页显示，系统只保存其哈希。",
    "請立即複製：僅在此分頁顯示，系統只儲存其雜湊。",
    "今すぐコピーしてください。このタブにのみ表示され、ハッシュとしてのみ保存されます。",
  ],
  needsDeveloper: [
    "Keys are made by owners and developers of the account.",
    "密钥由账户的所有者或开发者创建。",
    "金鑰由帳戶的擁有者或開發者建立。",
    "キーは所有者または開発者が作成します。",
  ],
  step2: ["2. Call", "2. 调用", "2. 呼叫", "2. 呼び出す"],
  step3: ["3. The receipt", "3. 收据", "3. 收據", "3. 利用明細"],
  waiting: [
    "Waiting for your first call…",
    "正在等待您的第一次调用……",
    "正在等待您的第一次呼叫……",
    "最初の呼び出しを待っています…",
  ],
  arrived: [
    "It arrived. With a live key and credit, real models answer.",
    "已收到。使用正式密钥并充值后，将由真实模型回答。",
    "已收到。使用正式金鑰並儲值後，將由真實模型回答。",
    "届きました。本番キーと残高があれば、実際のモデルが回答します。",
  ],
  recharge: ["Recharge", "充值", "儲值", "チャージ"],
  keys: ["API keys", "API 密钥", "API 金鑰", "API キー"],
  keyName: ["First test key", "第一个测试密钥", "第一個測試金鑰", "最初のテストキー"],
} as const satisfies Messages;
