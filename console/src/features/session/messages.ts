import type { Messages } from "../../lib/i18n";

export const messages = {
  title: ["Sign in", "登录", "登入", "サインイン"],
  email: ["E-mail address", "电子邮箱", "電子郵件", "メールアドレス"],
  password: ["Password", "密码", "密碼", "パスワード"],
  signIn: ["Sign in", "登录", "登入", "サインイン"],
  byPasskey: ["Sign in with a passkey", "使用通行密钥登录", "使用通行密鑰登入", "パスキーでサインイン"],
  by: ["Continue with {name}", "使用 {name} 继续", "使用 {name} 繼續", "{name} で続ける"],
  or: ["or", "或", "或", "または"],
  forgotten: ["Forgotten password?", "忘记密码？", "忘記密碼？", "パスワードをお忘れですか？"],
  newHere: ["New here? Sign up", "还没有账户？注册", "還沒有帳戶？註冊", "初めての方は登録"],
  wrong: [
    "The e-mail address or the password is wrong.",
    "电子邮箱或密码有误。",
    "電子郵件或密碼有誤。",
    "メールアドレスまたはパスワードが違います。",
  ],
  comeBack: [
    "Sign in to go on where you were.",
    "登录后回到刚才的页面。",
    "登入後回到剛才的頁面。",
    "サインインすると元のページに戻ります。",
  ],
  factorTitle: ["Second factor", "第二因素", "第二因素", "二段階認証"],
  code: ["Code of your authenticator app", "验证器应用的验证码", "驗證器應用程式的驗證碼", "認証アプリのコード"],
  orBackup: ["Or one of your backup codes", "或您的备用码", "或您的備用碼", "またはバックアップコード"],
  confirm: ["Confirm", "确认", "確認", "確認"],
  usePasskey: ["Use a passkey", "使用通行密钥", "使用通行密鑰", "パスキーを使う"],
  startOver: ["Start over", "重新开始", "重新開始", "最初からやり直す"],
  oidcFailed: [
    "Signing in elsewhere did not work ({code}). Try again, or use your password.",
    "第三方登录未成功（{code}）。请重试或使用密码。",
    "第三方登入未成功（{code}）。請重試或使用密碼。",
    "外部でのサインインに失敗しました（{code}）。再試行するか、パスワードをお使いください。",
  ],
} as const satisfies Messages;
