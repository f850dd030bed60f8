import type { Messages } from "../../lib/i18n";

export const messages = {
  title: ["Quick start", "快速开始", "快速開始", "クイックスタート"],
  lead: [
    "Change the base URL and the key; everything else stays.",
    "只改地址和密钥，其余不变。",
    "只改位址和金鑰，其餘不變。",
    "接続先とキーを変えるだけ。他はそのままです。",
  ],
  base: ["Base URL", "接口地址", "介面位址", "接続先 URL"],
  key: ["1. Get a key", "1. 获取密钥", "1. 取得金鑰", "1. キーを用意する"],
  keyText: [
    "A test key is free and answers from a simulated model. A live key spends your balance.",
    "测试密钥免费，由模拟模型回答。正式密钥消耗余额。",
    "測試金鑰免費，由模擬模型回答。正式金鑰消耗餘額。",
    "テストキーは無料で模擬モデルが回答します。本番キーは残高を使います。",
  ],
  toKeys: ["API keys", "API 密钥", "API 金鑰", "API キー"],
  call: ["2. Call", "2. 调用", "2. 呼叫", "2. 呼び出す"],
  look: ["3. Look at the receipt", "3. 查看收据", "3. 檢視收據", "3. 明細を見る"],
  lookText: [
    "Every answer carries farebox-job-id. GET /v1/jobs/{id} returns its receipt; Logs shows the same.",
    "每个回答都带有 farebox-job-id。GET /v1/jobs/{id} 返回收据，“日志”中亦可查看。",
    "每個回答都帶有 farebox-job-id。GET /v1/jobs/{id} 傳回收據，「日誌」中亦可檢視。",
    "回答には farebox-job-id が付きます。GET /v1/jobs/{id} で明細を取得でき、ログにも表示されます。",
  ],
} as const satisfies Messages;
