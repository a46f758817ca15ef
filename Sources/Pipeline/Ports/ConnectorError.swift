package import Kernel

/// Why a connector could not do what it was asked.
package enum ConnectorError: Error, Hashable {
    /// The signature, key or time of a request is wrong; `reason` never names a secret.
    case notAuthentic(connector: String, reason: Phrase)
    /// The payload is not what the vendor's documentation says.
    case unreadable(connector: String, path: String, expected: String, found: String)
    case tooLarge(connector: String, bytes: Int, limit: Int)
    /// Nobody answered, or with an error that may pass. Nothing was done outside, or asking again is harmless.
    case unreachable(connector: String, address: String, reason: String)
    /// The partner asks to slow down.
    case throttled(connector: String, retryAfterSeconds: Int)
    /// The partner refuses for good: rights, unknown instance.
    case refused(connector: String, address: String, reason: String)
    /// The address is not one this installation may call (SSRF rules).
    case forbiddenAddress(connector: String, address: String, reason: Phrase)
    /// The request was sent and no answer came; whether it had effect is not known.
    case outcomeUnknown(connector: String, address: String)
    case notConfigured(connector: String, setting: String)

    /// Whether the same call may succeed later without anyone changing anything.
    package var isTransient: Bool {
        switch self {
        case .unreachable, .throttled, .outcomeUnknown: true
        case .notAuthentic, .unreadable, .tooLarge, .refused, .forbiddenAddress, .notConfigured: false
        }
    }
}

extension ConnectorError: Explainable {
    package var problem: Problem {
        switch self {
        case .notAuthentic(let connector, let reason):
            Problem(
                code: "connector.not_authentic",
                title: Phrase(zh: "请求的签名不成立。", en: "The request is not signed as agreed."),
                location: Phrase(zh: "连接器 \(connector)", en: "connector \(connector)"),
                cause: reason,
                remedy: Phrase(
                    zh: "请核对双方的密钥与时钟，然后重发。",
                    en: "Compare the secret and the clock on both sides, then send it again."
                )
            )
        case .unreadable(let connector, let path, let expected, let found):
            Problem(
                code: "connector.unreadable",
                title: Phrase(zh: "OA 的数据不是约定的形式。", en: "The data of the OA is not in the agreed form."),
                location: Phrase(zh: "连接器 \(connector)，\(path)", en: "connector \(connector), \(path)"),
                cause: Phrase(zh: "应为 \(expected)，实为 \(found)。", en: "Expected \(expected), found \(found)."),
                remedy: Phrase(
                    zh: "请在 OA 中改正该表单，或由实施人员调整映射。",
                    en: "Correct the form in the OA, or let the implementer adjust the mapping."
                )
            )
        case .tooLarge(let connector, let bytes, let limit):
            Problem(
                code: "connector.too_large",
                title: Phrase(zh: "内容过大。", en: "The content is too large."),
                location: Phrase(zh: "连接器 \(connector)", en: "connector \(connector)"),
                cause: Phrase(zh: "共 \(bytes) 字节，上限 \(limit) 字节。", en: "It has \(bytes) bytes; the limit is \(limit)."),
                remedy: Phrase(zh: "请拆分附件后重新提交。", en: "Split the attachments and submit again.")
            )
        case .unreachable(let connector, let address, let reason):
            Problem(
                code: "connector.unreachable",
                title: Phrase(zh: "对方系统暂时没有应答。", en: "The other system does not answer at the moment."),
                location: Phrase(zh: "连接器 \(connector)，\(address)", en: "connector \(connector), \(address)"),
                cause: Phrase(zh: reason, en: reason),
                remedy: Phrase(
                    zh: "程序会自动重试；若持续失败，请检查网络。", en: "It is tried again by itself; check the network if it goes on.")
            )
        case .throttled(let connector, let seconds):
            Problem(
                code: "connector.throttled",
                title: Phrase(zh: "对方系统要求放慢。", en: "The other system asks to slow down."),
                location: Phrase(zh: "连接器 \(connector)", en: "connector \(connector)"),
                cause: Phrase(zh: "\(seconds) 秒后再试。", en: "It may be asked again in \(seconds) s."),
                remedy: Phrase(zh: "程序会自动重试。", en: "It is tried again by itself.")
            )
        case .refused(let connector, let address, let reason):
            Problem(
                code: "connector.refused",
                title: Phrase(zh: "对方系统拒绝了请求。", en: "The other system refused the request."),
                location: Phrase(zh: "连接器 \(connector)，\(address)", en: "connector \(connector), \(address)"),
                cause: Phrase(zh: reason, en: reason),
                remedy: Phrase(
                    zh: "请由实施人员检查应用权限与实例是否存在，然后重试。",
                    en:
                        "Let the implementer check the application's rights and whether the instance exists, then retry."
                )
            )
        case .forbiddenAddress(let connector, let address, let reason):
            Problem(
                code: "connector.forbidden_address",
                title: Phrase(zh: "该地址不允许访问。", en: "This address may not be called."),
                location: Phrase(zh: "连接器 \(connector)，\(address)", en: "connector \(connector), \(address)"),
                cause: reason,
                remedy: Phrase(
                    zh: "确需访问时，请由管理员把主机加入该连接器的允许名单。",
                    en: "If it must be called, let an administrator add the host to the connector's allow-list."
                )
            )
        case .outcomeUnknown(let connector, let address):
            Problem(
                code: "connector.outcome_unknown",
                title: Phrase(zh: "请求已发出，结果未知。", en: "The request was sent; its outcome is unknown."),
                location: Phrase(zh: "连接器 \(connector)，\(address)", en: "connector \(connector), \(address)"),
                cause: Phrase(zh: "发送之后连接中断或超时。", en: "The connection ended or timed out after sending."),
                remedy: Phrase(
                    zh: "程序会先按业务键查询再决定是否重发，请勿手工重复。",
                    en: "The program asks by its own key before it sends again; do not repeat it by hand."
                )
            )
        case .notConfigured(let connector, let setting):
            Problem(
                code: "connector.not_configured",
                title: Phrase(zh: "连接器缺少配置。", en: "The connector lacks a setting."),
                location: Phrase(zh: "连接器 \(connector)，\(setting)", en: "connector \(connector), \(setting)"),
                cause: Phrase(zh: "「\(setting)」没有值。", en: "“\(setting)” has no value."),
                remedy: Phrase(zh: "请由管理员补齐该配置。", en: "Let an administrator fill it in.")
            )
        }
    }
}
