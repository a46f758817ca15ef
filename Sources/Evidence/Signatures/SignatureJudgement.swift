import Cryptography
import Kernel

/// What speaks against a signature, or keeps it from being verified.
enum SignatureFlaw: Hashable {
    case partsChanged([String])
    case partsMissing([String])
    case descriptionChanged
    case signatureWrong
    case sealWrong
    case signerNotInSeal

    var phrase: Phrase {
        switch self {
        case .partsChanged(let names):
            Phrase(
                zh: "签名之后这些内容被改动：\(listed(names, "、"))。",
                en: "These parts were changed after signing: \(listed(names, ", "))."
            )
        case .partsMissing(let names):
            Phrase(
                zh: "签名覆盖的这些内容已不在文件中：\(listed(names, "、"))。",
                en: "These signed parts are no longer in the file: \(listed(names, ", "))."
            )
        case .descriptionChanged:
            Phrase(zh: "签名描述在签名之后被改动。", en: "The description of the signature was changed after signing.")
        case .signatureWrong:
            Phrase(
                zh: "签名值与所附证书的公钥不符。", en: "The signature value does not fit the public key of the certificate."
            )
        case .sealWrong: Phrase(zh: "印章不是其制章人签发的。", en: "The seal was not made by the maker it names.")
        case .signerNotInSeal:
            Phrase(zh: "签名证书不在印章的使用人之列。", en: "The signer's certificate is not among those the seal admits.")
        }
    }

    private func listed(_ names: [String], _ separator: String) -> String {
        let shown = names.prefix(5).joined(separator: separator)
        return names.count > 5 ? shown + " … (\(names.count))" : shown
    }
}

/// Why a signature cannot be verified at all.
enum SignatureObstacle: Hashable {
    case unreadable
    case notFound
    case noCertificate
    case digestMethod(String)

    var phrase: Phrase {
        switch self {
        case .unreadable:
            Phrase(zh: "签名数据的结构无法识别，或已损坏。", en: "The structure of the signature is not known, or is damaged.")
        case .notFound: Phrase(zh: "登记了签名，文件中却没有签名数据。", en: "A signature is listed, but its data is not in the file.")
        case .noCertificate:
            Phrase(zh: "签名没有附上证书，无从得知是谁签的。", en: "The signature carries no certificate, so nobody is named by it.")
        case .digestMethod(let name):
            Phrase(
                zh: "摘要方法 \(name) 需要密钥或不受支持，无法核对。",
                en: "The digest method \(name) needs a key or is not supported, so nothing can be compared."
            )
        }
    }
}

/// Puts state and trust together from what the examination of a signature found.
struct SignatureJudgement {
    var flaws: [SignatureFlaw] = []
    var obstacle: SignatureObstacle?
    var signer: Certificate?
    var others: [Certificate] = []
    var time: Timestamp?
    var sealValidity: (from: Timestamp, to: Timestamp)?
    /// Whether what was read as the voucher's data is covered.
    var coversData = true
    var isTamperedLater = false

    var state: SignatureFinding.State {
        // A key that nobody has explains why digests differ; nothing can be said against the file then.
        if obstacle != nil { return .unverifiable }
        return flaws.isEmpty ? .valid : .invalid
    }

    func finding(covers: [String], details: [JSON.Member], by trust: TrustList) -> SignatureFinding {
        let (answer, why) = trustAnswer(trust)
        let state = self.state
        let what: Phrase
        switch state {
        case .unverifiable: what = obstacle?.phrase ?? SignatureObstacle.unreadable.phrase
        case .invalid: what = flaws.map(\.phrase).joined
        default:
            what = Phrase(
                zh: isTamperedLater ? "签名有效；其后文件又加签过。" : "签名有效，覆盖的内容未被改动。",
                en: isTamperedLater
                    ? "The signature holds; the file was signed again after it."
                    : "The signature holds, and what it covers is unchanged."
            )
        }
        return SignatureFinding(
            state: state, trust: answer, reason: [what, why].joined, covers: covers, details: details
        )
    }

    private func trustAnswer(_ list: TrustList) -> (SignatureFinding.Trust, Phrase) {
        switch state {
        case .invalid: return (.untrusted, Phrase(zh: "不能作为依据。", en: "It proves nothing."))
        case .unverifiable, .absent: return (.unknown, Phrase(zh: "真伪未定。", en: "Whether it is genuine is open."))
        case .valid: break
        }
        guard let signer else { return (.unknown, SignatureObstacle.noCertificate.phrase) }
        guard let time else {
            return (
                .unknown,
                Phrase(zh: "签名没有写明时间，无法判断证书当时是否有效。", en: "It states no time, so the certificate cannot be judged.")
            )
        }
        if let seal = sealValidity, time < seal.from || time > seal.to {
            return (.untrusted, Phrase(zh: "签名时印章不在有效期内。", en: "The seal was not in force when it was used."))
        }
        switch list.judge(signer, with: others, at: time) {
        case .expired(let day):
            return (
                .untrusted,
                Phrase(
                    zh: "签名时证书「\(signer.subject)」已过期（\(Zone.shanghai.day(of: day).text)）。",
                    en:
                        "The certificate “\(signer.subject)” had expired (\(Zone.shanghai.day(of: day).text)) when it signed."
                )
            )
        case .notYetValid(let day):
            return (
                .untrusted,
                Phrase(
                    zh: "签名时证书「\(signer.subject)」尚未生效（\(Zone.shanghai.day(of: day).text) 起）。",
                    en: "The certificate “\(signer.subject)” was not yet in force when it signed."
                )
            )
        case .broken(let reason):
            return (
                .untrusted,
                Phrase(zh: "证书链不成立（\(reason)）。", en: "The chain of certificates does not hold (\(reason)).")
            )
        case .unknownIssuer(let issuer):
            return (
                .unknown,
                Phrase(
                    zh: "签发者「\(issuer)」不在信任列表中；如确认可信，请管理员把它的根证书加入列表。",
                    en:
                        "The issuer “\(issuer)” is not on the trust list; an administrator can add its root certificate."
                )
            )
        case .trusted(let root):
            guard coversData else {
                return (
                    .untrusted,
                    Phrase(zh: "但签名没有覆盖凭证数据。", en: "But the signature does not cover the data of the voucher.")
                )
            }
            return (
                .trusted,
                Phrase(
                    zh: "证书「\(signer.subject)」由信任列表中的「\(root)」签发。",
                    en: "The certificate “\(signer.subject)” leads to “\(root)” on the trust list."
                )
            )
        }
    }
}

extension [Phrase] {
    /// Sentences one after the other.
    var joined: Phrase {
        Phrase(zh: map(\.zh).joined(), en: map(\.en).joined(separator: " "))
    }
}
