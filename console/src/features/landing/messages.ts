import type { Messages } from "../../lib/i18n";

export const messages = {
  title: [
    "One prepaid balance, many language models, one API",
    "一份预付余额，众多语言模型，一个 API",
    "一份預付餘額，眾多語言模型，一個 API",
    "ひとつのプリペイド残高、多くの言語モデル、ひとつの API",
  ],
  lead: [
    "Point the SDK you already use at {base}. Every call is priced before it runs, and has an itemised receipt after.",
    "将您现有的 SDK 指向 {base}。每次调用事先定价，事后有明细收据。",
    "將您現有的 SDK 指向 {base}。每次呼叫事先定價，事後有明細收據。",
    "お使いの SDK の接続先を {base} に変えるだけ。呼び出しは事前に価格が決まり、事後に明細が残ります。",
  ],
  start: ["Sign up", "注册", "註冊", "登録"],
  models: ["Models and prices", "模型与价格", "模型與價格", "モデルと料金"],
  point1: ["Never more than you have", "绝不透支", "絕不透支", "残高を超えません"],
  text1: [
    "The worst-case price is held before a call runs. What was not needed is free again at once.",
    "调用前预留最高可能费用，未用部分立即释放。",
    "呼叫前預留最高可能費用，未用部分立即釋放。",
    "実行前に最大額を保留し、使わなかった分はすぐに戻ります。",
  ],
  point2: ["Every unit accounted for", "每一分都有账可查", "每一分都有帳可查", "すべてが記録されます"],
  text2: [
    "A ledger like a bank statement, and a receipt for every call, line by line.",
    "账目如银行对账单，每次调用都有逐项收据。",
    "帳目如銀行對帳單，每次呼叫都有逐項收據。",
    "銀行の取引明細のような記録と、呼び出しごとの明細。",
  ],
  point3: ["Your words stay yours", "您的内容只属于您", "您的內容只屬於您", "内容は残りません"],
  text3: [
    "What you send and what is answered is stored nowhere.",
    "您发送和收到的内容不会存储在任何地方。",
    "您傳送和收到的內容不會儲存在任何地方。",
    "送信内容も回答も、どこにも保存されません。",
  ],
  call: ["A call", "一次调用", "一次呼叫", "呼び出し例"],
  questions: ["Questions", "常见问题", "常見問題", "よくある質問"],
  q1: ["Do I have to change my code?", "需要修改代码吗？", "需要修改程式碼嗎？", "コードの変更は必要ですか？"],
  a1: [
    "Only the base URL and the key. The OpenAI, Anthropic and Google SDKs work as they are, each with every model.",
    "只需更改地址和密钥。OpenAI、Anthropic、Google 的 SDK 可直接使用，并可调用任意模型。",
    "只需更改位址和金鑰。OpenAI、Anthropic、Google 的 SDK 可直接使用，並可呼叫任意模型。",
    "接続先とキーだけです。OpenAI・Anthropic・Google の SDK はそのまま、どのモデルにも使えます。",
  ],
  q2: ["Can I try before I pay?", "付费前可以试用吗？", "付費前可以試用嗎？", "支払い前に試せますか？"],
  a2: [
    "Yes: a test key is free and reaches a simulated model, so that you can build and run your tests.",
    "可以：测试密钥免费，连接模拟模型，便于开发和测试。",
    "可以：測試金鑰免費，連接模擬模型，便於開發和測試。",
    "はい。テストキーは無料で模擬モデルにつながり、開発やテストに使えます。",
  ],
  q3: ["What if a call fails?", "调用失败怎么办？", "呼叫失敗怎麼辦？", "呼び出しが失敗したら？"],
  a3: [
    "What was not delivered is not charged. Any charge can be disputed from its receipt.",
    "未送达的内容不收费。任何费用都可在收据中提出异议。",
    "未送達的內容不收費。任何費用都可在收據中提出異議。",
    "届かなかったものは課金されません。料金には明細から異議を申し立てられます。",
  ],
} as const satisfies Messages;
