package import Kernel

/// What is known of a signature. `state` is mathematics only; `trust` is a separate answer.
package struct SignatureFinding: Hashable, Sendable {
    package let state: State
    package let trust: Trust
    /// Why, in plain words: the state first, then the trust, then what is left out.
    package let reason: Phrase
    /// The entries of the package the signature covers.
    package let covers: [String]
    /// What was found on the way to the answer; empty where nothing was verified.
    package let details: [JSON.Member]

    package init(state: State, trust: Trust, reason: Phrase, covers: [String], details: [JSON.Member] = []) {
        self.state = state
        self.trust = trust
        self.reason = reason
        self.covers = covers
        self.details = details
    }

    package enum State: String, Sendable {
        case valid, invalid, unverifiable, absent

        package var title: Phrase {
            switch self {
            case .valid: Phrase(zh: "签名有效", en: "Signature valid")
            case .invalid: Phrase(zh: "签名无效", en: "Signature invalid")
            case .unverifiable: Phrase(zh: "无法验证", en: "Cannot be verified")
            case .absent: Phrase(zh: "无签名", en: "Not signed")
            }
        }
    }

    package enum Trust: String, Sendable {
        case trusted, untrusted, unknown

        package var title: Phrase {
            switch self {
            case .trusted: Phrase(zh: "可信", en: "Trusted")
            case .untrusted: Phrase(zh: "不可信", en: "Not trusted")
            case .unknown: Phrase(zh: "信任未定", en: "Trust not known")
            }
        }
    }

    package func json(in language: Language) -> JSON {
        .object(
            [
                JSON.Member("state", .string(state.rawValue)),
                JSON.Member("trust", .string(trust.rawValue)),
                JSON.Member("reason", .string(reason.text(in: language))),
                JSON.Member("covers", .array(covers.map(JSON.string))),
            ] + details
        )
    }
}

extension SignatureFinding {
    /// 数电票 have carried no signature since 2024.
    static let absentByDesign = SignatureFinding(
        state: .absent, trust: .unknown,
        reason: Phrase(
            zh: "数电票按设计不带签名；真伪请在税务平台查验。",
            en: "Digital invoices carry no signature by design; the tax platform says whether they are genuine."
        ),
        covers: []
    )
    static let absent = SignatureFinding(
        state: .absent, trust: .unknown,
        reason: Phrase(zh: "文件没有签名。", en: "The file carries no signature."), covers: []
    )

    /// A signature that is there and has not been verified.
    static func unverified(covers: [String]) -> SignatureFinding {
        SignatureFinding(
            state: .unverifiable, trust: .unknown,
            reason: Phrase(zh: "文件带有签名，尚未验证。", en: "A signature is there; it has not been verified."),
            covers: covers
        )
    }
}
