import Cryptography
import Kernel
import Markup

/// All that is found out about one signature of an OFD, before it is judged.
struct SignatureExamination {
    let path: String
    let checkMethod: String
    let signatureMethod: String?
    let provider: String?
    let dateText: String?
    var covers: [String] = []
    var good = 0
    var failing: [String] = []
    var missing: [String] = []
    var notCovered: [String] = []
    var judgement = SignatureJudgement()
    private var members: [JSON.Member] = []

    init(_ description: XMLElement, at path: String) {
        self.path = path
        let info = description.first("SignedInfo")
        checkMethod = info?.first("References")?.attribute("CheckMethod")?.nonEmpty ?? "SM3"
        signatureMethod = info?.first("SignatureMethod")?.value
        provider = info?.first("Provider")?.attribute("ProviderName")
        dateText = info?.first("SignatureDateTime")?.value
    }

    /// Weighs the comparison of digests.
    ///
    /// A later signature adds itself to the list of signatures; an earlier one that covered the list misses exactly
    /// that part.
    mutating func judge(listOfSignatures: String?) {
        let changed = failing.filter { reference in
            guard let list = listOfSignatures else { return true }
            return reference.drop { $0 == "/" } != list && !list.hasSuffix("/" + reference)
        }
        judgement.isTamperedLater = changed.count < failing.count
        if !changed.isEmpty { judgement.flaws.append(.partsChanged(changed)) }
        if !missing.isEmpty { judgement.flaws.append(.partsMissing(missing)) }
        // A signature that covers nothing says nothing.
        if covers.isEmpty { judgement.obstacle = judgement.obstacle ?? .unreadable }
    }

    /// Reads and verifies the signature proper.
    mutating func examine(_ content: [UInt8], description: [UInt8]) {
        guard let value = DER(content) else {
            judgement.obstacle = judgement.obstacle ?? .unreadable
            put("container", "unreadable")
            return
        }
        if let sealed = SESSignature(value) {
            examine(sealed, description: description)
        } else if let signed = SignedData(value) {
            examine(signed, description: description)
        } else if let parts = value.children, parts.count == 2, parts.allSatisfy({ $0.tag == DER.Tag.integer }) {
            put("container", "bare SEQUENCE{r,s}")
            members.append(JSON.Member("signatureValid", .null))
            judgement.obstacle = judgement.obstacle ?? .noCertificate
        } else {
            put("container", "unreadable")
            judgement.obstacle = judgement.obstacle ?? .unreadable
        }
    }

    private mutating func examine(_ sealed: SESSignature, description: [UInt8]) {
        put("container", sealed.version.rawValue)
        put("signatureEncoding", sealed.signature.encoding)
        let isDescribed = sealed.dataHash.map { expected in
            [.sm3, .sha256, .sha1].contains { hash(description, with: $0) == expected }
        }
        put("dataHashEqualsSm3OfSignatureXml", isDescribed ?? false)
        if isDescribed != true { judgement.flaws.append(.descriptionChanged) }
        time(sealed.time)
        guard let signer = sealed.signer else {
            members.append(JSON.Member("signatureValid", .null))
            judgement.obstacle = judgement.obstacle ?? .noCertificate
            return
        }
        let scheme = signatureScheme(sealed.algorithm ?? signatureMethod)
        let holds = signer.key.verifies(sealed.signature.der, over: sealed.toSign, scheme)
        put("signatureValid", holds)
        if !holds { judgement.flaws.append(.signatureWrong) }
        put(signer)
        let seal = sealed.seal
        let admits = seal.admits(signer)
        if let admits { put("signerCertInSealList", admits) }
        // The older form has no fixed place for the list; only the newer one can speak against the signer.
        if admits == false, sealed.version == .v4 { judgement.flaws.append(.signerNotInSeal) }
        let isGenuine = seal.isGenuine
        put("sealValid", isGenuine ?? false)
        if isGenuine == false { judgement.flaws.append(.sealWrong) }
        put("sealMakerCN", seal.maker?.subject)
        put("sealId", seal.id)
        put("sealName", seal.name)
        judgement.others = [seal.maker].compactMap { $0 }
        if let from = seal.validFrom, let to = seal.validTo {
            judgement.sealValidity = (from, to)
            if let time = judgement.time { put("sealValidAtSigningTime", from <= time && time <= to) }
        }
    }

    private mutating func examine(_ signed: SignedData, description: [UInt8]) {
        put("container", "GM/T 0010 SignedData")
        put("signatureEncoding", signed.encoding)
        let answer = signed.answer(for: description)
        put("messageDigestEqualsSm3OfSignatureXml", answer != .contentDiffers)
        switch answer {
        case .holds: put("signatureValid", true)
        case .contentDiffers:
            put("signatureValid", false)
            judgement.flaws.append(.descriptionChanged)
        case .signatureDiffers:
            put("signatureValid", false)
            judgement.flaws.append(.signatureWrong)
        case .unsupported(let name): judgement.obstacle = judgement.obstacle ?? .digestMethod(name)
        case .noCertificate: judgement.obstacle = judgement.obstacle ?? .noCertificate
        }
        time(signed.time)
        judgement.others = signed.certificates
        if let signer = signed.signer { put(signer) }
    }

    private mutating func time(_ time: Timestamp?) {
        judgement.time = time ?? dateText.flatMap(signingTime)
    }

    private mutating func put(_ signer: Certificate) {
        judgement.signer = signer
        put("signerCN", signer.subject)
        put("issuerCN", signer.issuer)
        if let time = judgement.time { put("signerCertValidAtSigningTime", signer.isValid(at: time)) }
    }

    private mutating func put(_ name: String, _ text: String?) {
        members.append(JSON.Member(name, .optional(text)))
    }

    private mutating func put(_ name: String, _ value: Bool) {
        members.append(JSON.Member(name, .bool(value)))
    }

    func finding(by trust: TrustList) -> SignatureFinding {
        var details = [
            JSON.Member("signatureFile", .string("/" + path)),
            JSON.Member("checkMethod", .string(checkMethod)),
            JSON.Member("signatureMethod", .optional(signatureMethod)),
            JSON.Member("referencesGood", .integer(good)),
            JSON.Member("referencesBad", .integer(failing.count)),
            JSON.Member("referencesMissing", .integer(missing.count)),
            JSON.Member("filesNotCovered", .array(notCovered.map(JSON.string))),
            JSON.Member("provider", .optional(provider)),
            JSON.Member("signatureDateTime", .optional(dateText)),
        ]
        if !failing.isEmpty { details.append(JSON.Member("referencesFailing", .array(failing.map(JSON.string)))) }
        return judgement.finding(covers: covers, details: details + members, by: trust)
    }
}
