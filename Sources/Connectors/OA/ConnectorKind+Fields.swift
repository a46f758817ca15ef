import Kernel
package import Pipeline

/// What each kind of connector wants to be told, as forms and the command line ask for it.
extension GenericConnector {
    package static let description = ConnectorKind(
        id: kind, name: Phrase(zh: "通用（签名推送）", en: "Generic (signed push)"),
        fields: [
            ConnectorKind.Field(
                "secret", Phrase(zh: "签名密钥", en: "Signing secret"),
                help: Phrase(
                    zh: "whsec_ 加 24 至 64 个随机字节的 Base64。", en: "whsec_ and the Base64 of 24 to 64 random bytes."),
                .secret, isRequired: true
            ),
            ConnectorKind.Field(
                "previous_secret", Phrase(zh: "上一个密钥", en: "Previous secret"),
                help: Phrase(zh: "更换密钥期间仍然接受。", en: "Taken as well while the secret is being replaced."), .secret
            ),
            ConnectorKind.Field(
                "callback_url", Phrase(zh: "结果回调地址", en: "Callback address"),
                help: Phrase(zh: "凭证结果推送到这里；可不填。", en: "Where results are sent; may be empty.")
            ),
        ],
        needsMapping: false
    )
}

extension DingTalkConnector {
    package static let description = ConnectorKind(
        id: kind, name: Phrase(zh: "钉钉", en: "DingTalk"),
        fields: [
            ConnectorKind.Field(
                "app_key", Phrase(zh: "AppKey", en: "AppKey"),
                help: Phrase(zh: "开发者后台，应用凭证。", en: "Developer console, credentials of the application."),
                isRequired: true
            ),
            ConnectorKind.Field(
                "app_secret", Phrase(zh: "AppSecret", en: "AppSecret"),
                help: Phrase(zh: "开发者后台，应用凭证。", en: "Developer console, credentials of the application."), .secret,
                isRequired: true
            ),
            .callbackToken, .callbackKey,
            ConnectorKind.Field(
                "corp_id", Phrase(zh: "CorpId", en: "CorpId"),
                help: Phrase(zh: "事件没有写明企业时使用。", en: "Used where an event names no company.")
            ),
            ConnectorKind.Field(
                "receiver_ids", Phrase(zh: "回调末尾的接收方", en: "Receivers at the end of callbacks"),
                help: Phrase(
                    zh: "事件订阅为 AppKey，旧式回调为 CorpId，第三方应用为 SuiteKey；不填则接受已填写的这些。",
                    en:
                        "AppKey for subscriptions, CorpId for old callbacks, SuiteKey for third parties; those given if empty."
                ), .list
            ),
            ConnectorKind.Field(
                "comment_user_id", Phrase(zh: "评论人", en: "Author of comments"),
                help: Phrase(zh: "以谁的名义写评论；不填则为申请人。", en: "Who writes the comments; the applicant if empty.")
            ),
            .base,
        ],
        needsMapping: true
    )
}

extension FeishuConnector {
    package static let description = ConnectorKind(
        id: kind, name: Phrase(zh: "飞书 / Lark", en: "Feishu / Lark"),
        fields: [
            ConnectorKind.Field(
                "app_id", Phrase(zh: "App ID", en: "App ID"),
                help: Phrase(zh: "开发者后台，凭证与基础信息。", en: "Developer console, credentials."), isRequired: true
            ),
            ConnectorKind.Field(
                "app_secret", Phrase(zh: "App Secret", en: "App Secret"),
                help: Phrase(zh: "开发者后台，凭证与基础信息。", en: "Developer console, credentials."), .secret,
                isRequired: true
            ),
            ConnectorKind.Field(
                "verification_token", Phrase(zh: "Verification Token", en: "Verification Token"),
                help: Phrase(zh: "开发者后台，事件与回调，加密策略。", en: "Developer console, events, encryption."), .secret,
                isRequired: true
            ),
            ConnectorKind.Field(
                "encrypt_key", Phrase(zh: "Encrypt Key", en: "Encrypt Key"),
                help: Phrase(
                    zh: "强烈建议设置：没有它事件既不加密也不签名。",
                    en: "Strongly advised: without it events are neither encrypted nor signed."
                ), .secret
            ),
            ConnectorKind.Field(
                "approval_codes", Phrase(zh: "审批定义 code", en: "Approval codes"),
                help: Phrase(
                    zh: "要订阅与补查的审批定义；未订阅的定义没有事件。",
                    en: "Definitions to subscribe to and to sweep; the others send no events."
                ), .list
            ),
            ConnectorKind.Field(
                "tenant_key", Phrase(zh: "tenant_key", en: "tenant_key"),
                help: Phrase(zh: "填写后只接受该企业的事件。", en: "Where given, only events of this company are taken.")
            ),
            ConnectorKind.Field(
                "comment_user_id", Phrase(zh: "评论人", en: "Author of comments"),
                help: Phrase(
                    zh: "以谁的名义写评论（user_id）；不填则为申请人。", en: "Who writes the comments (user_id); the applicant if empty."
                )
            ),
            .base,
        ],
        needsMapping: true
    )
}

extension WeComConnector {
    package static let description = ConnectorKind(
        id: kind, name: Phrase(zh: "企业微信", en: "WeCom"),
        fields: [
            ConnectorKind.Field(
                "corp_id", Phrase(zh: "企业 ID", en: "Corp ID"),
                help: Phrase(zh: "管理后台，我的企业。", en: "Admin console, my company."), isRequired: true
            ),
            ConnectorKind.Field(
                "secret", Phrase(zh: "Secret", en: "Secret"),
                help: Phrase(
                    zh: "审批应用的 Secret，或“可调用应用”中自建应用的 Secret。",
                    en: "Of the approval application, or of an own application that may call it."
                ), .secret, isRequired: true
            ),
            .callbackToken, .callbackKey,
            ConnectorKind.Field(
                "agent_id", Phrase(zh: "AgentId", en: "AgentId"),
                help: Phrase(
                    zh: "用哪个自建应用给申请人发消息；不填则不通知。",
                    en: "The own application that tells applicants; nobody is told if empty."
                ), .number
            ),
            ConnectorKind.Field(
                "receiver_ids", Phrase(zh: "回调末尾的接收方", en: "Receivers at the end of callbacks"),
                help: Phrase(zh: "第三方应用为 SuiteID；不填则为企业 ID。", en: "SuiteID for third parties; the Corp ID if empty."),
                .list
            ),
            .base,
        ],
        needsMapping: true
    )
}

extension ConnectorKind.Field {
    static let callbackToken = ConnectorKind.Field(
        "token", Phrase(zh: "回调 Token", en: "Callback token"),
        help: Phrase(zh: "与开发者后台填写的相同。", en: "The same as in the developer console."), .secret, isRequired: true
    )
    static let callbackKey = ConnectorKind.Field(
        "aes_key", Phrase(zh: "EncodingAESKey", en: "EncodingAESKey"),
        help: Phrase(zh: "43 个字符，与开发者后台填写的相同。", en: "43 characters, the same as in the developer console."),
        .secret, isRequired: true
    )
    static let base = ConnectorKind.Field(
        "api_base", Phrase(zh: "接口地址", en: "Address of the interface"),
        help: Phrase(
            zh: "厂商的公网地址以外才填写，例如内网网关；主机须列入允许名单。",
            en: "Only where it is not the vendor's public one, such as a gateway; list its host."
        )
    )
}
