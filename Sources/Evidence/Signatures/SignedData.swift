import Cryptography
import Kernel

/// A detached SignedData: GM/T 0010 (SM2) as 12306 writes it into OFD, or PKCS #7 as it stands in PDF (RFC 5652).
///
/// OpenSSL's own functions do not know the Chinese object identifiers, so the structure is read here.
struct SignedData {
    let certificates: [Certificate]
    let signer: Certificate?
    let time: Timestamp?
    private let digestAlgorithm: String?
    private let signatureAlgorithm: String?
    private let messageDigest: [UInt8]?
    /// The signed attributes, tagged as the signature covers them.
    private let attributes: [UInt8]?
    private let signature: SignatureValue

    private static let kinds: Set<String> = ["1.2.156.10197.6.1.4.2.2", "1.2.840.113549.1.7.2"]
    private static let messageDigestAttribute = "1.2.840.113549.1.9.4"
    private static let signingTimeAttribute = "1.2.840.113549.1.9.5"

    init?(_ value: DER) {
        guard let outer = value.children, outer.count == 2, let kind = outer[0].objectIdentifier,
            Self.kinds.contains(kind), let body = outer[1].children?.first?.children, body.count >= 4
        else { return nil }
        certificates = (body.first { $0.tag == DER.Tag.context0 }?.children ?? []).prefix(16)
            .compactMap { Certificate(der: $0.whole) }
        guard let signers = body.last, signers.tag == DER.Tag.set, let info = signers.children?.first?.children,
            info.count >= 5
        else { return nil }
        digestAlgorithm = info[2].children?.first?.objectIdentifier
        var rest = info[3...]
        if let signed = rest.first, signed.tag == DER.Tag.context0 {
            // The signature covers the attributes as a SET; in place they are tagged [0].
            attributes = [DER.Tag.set] + signed.whole.dropFirst()
            let list = signed.children ?? []
            messageDigest = Self.attribute(Self.messageDigestAttribute, in: list).map { Array($0.content) }
            time = Self.attribute(Self.signingTimeAttribute, in: list)?.time
            rest = rest.dropFirst()
        } else {
            (attributes, messageDigest, time) = (nil, nil, nil)
        }
        guard rest.count >= 2, let algorithm = rest.first, let bytes = rest.dropFirst().first,
            let value = SignatureValue(bytes)
        else { return nil }
        signatureAlgorithm = algorithm.children?.first?.objectIdentifier
        signature = value
        let serial = info[1].children?.last?.whole
        signer =
            certificates.first { serial != nil && Self.serial(of: $0) == serial.map(Array.init) }
            ?? (certificates.count == 1 ? certificates.first : nil)
    }

    var encoding: String { signature.encoding }

    private static func attribute(_ name: String, in list: [DER]) -> DER? {
        for attribute in list {
            guard let parts = attribute.children, parts.count == 2, parts[0].objectIdentifier == name else { continue }
            return parts[1].children?.first
        }
        return nil
    }

    /// The serial number's encoding: TBSCertificate is [0] version, serial, …; version 1 leaves the first out.
    private static func serial(of certificate: Certificate) -> [UInt8]? {
        let parts = DER(certificate.der)?.children?.first?.children ?? []
        return parts.first { $0.tag == DER.Tag.integer }.map { Array($0.whole) }
    }

    enum Answer: Equatable {
        case holds
        case contentDiffers
        case signatureDiffers
        case unsupported(String)
        case noCertificate
    }

    /// Whether the signature holds for the content it is detached from.
    func answer(for content: some Collection<UInt8>) -> Answer {
        guard let signer else { return .noCertificate }
        guard let function = hashFunction(digestAlgorithm ?? "") else {
            return .unsupported(digestAlgorithm ?? "?")
        }
        let scheme = scheme(function)
        guard let attributes else {
            return signer.key.verifies(signature.der, over: content, scheme) ? .holds : .signatureDiffers
        }
        guard messageDigest == hash(Array(content), with: function) else { return .contentDiffers }
        return signer.key.verifies(signature.der, over: attributes, scheme) ? .holds : .signatureDiffers
    }

    private func scheme(_ function: HashFunction) -> SignatureScheme {
        switch signatureAlgorithm {
        // RSA alone: which digest it is of stands apart.
        case "1.2.840.113549.1.1.1": .rsa(function)
        case "1.2.840.10045.2.1" where function != .sm3: .ecdsa(function)
        default: signatureScheme(signatureAlgorithm)
        }
    }
}

/// A hash function by its object identifier or one of the names in use; `nil` if it is none that is computed here.
func hashFunction(_ name: String) -> HashFunction? {
    switch name.uppercased() {
    case "1.2.156.10197.1.401", "1.2.156.10197.1.401.1", "SM3": .sm3
    case "2.16.840.1.101.3.4.2.1", "SHA256", "SHA-256": .sha256
    case "1.3.14.3.2.26", "SHA1", "SHA-1": .sha1
    default: nil
    }
}
