import Cryptography
import Kernel

/// The content of `SignedValue.dat` of an electronic seal: SES_Signature of GM/T 0031-2014 ("V1") or
/// GB/T 38540-2020 ("V4"). The two are told apart by how many values stand side by side.
struct SESSignature {
    let version: Version
    /// What the signature covers, as it is encoded.
    let toSign: ArraySlice<UInt8>
    let signature: SignatureValue
    let algorithm: String?
    let signer: Certificate?
    let time: Timestamp?
    /// The digest of `Signature.xml`.
    let dataHash: [UInt8]?
    let seal: ESeal

    enum Version: String {
        case v1 = "SES_Signature V1"
        case v4 = "SES_Signature V4 (GB/T 38540)"
    }

    init?(_ value: DER) {
        guard let outer = value.children, let toSign = outer.first, let parts = toSign.children, parts.count >= 5,
            let seal = ESeal(parts[1])
        else { return nil }
        self.seal = seal
        self.toSign = toSign.whole
        time = parts[2].time
        dataHash = parts[3].bits.map(Array.init)
        if outer.count >= 4 {
            version = .v4
            signer = Certificate(der: outer[1].content)
            algorithm = outer[2].objectIdentifier
            guard let value = SignatureValue(outer[3]) else { return nil }
            signature = value
        } else {
            guard outer.count == 2, parts.count >= 7, let value = SignatureValue(outer[1]) else { return nil }
            version = .v1
            signer = Certificate(der: parts[5].content)
            algorithm = parts[6].objectIdentifier
            signature = value
        }
    }
}

/// An electronic seal (电子印章): its picture's frame, who may use it and when, and its maker's signature.
struct ESeal {
    let id: String?
    let name: String?
    let maker: Certificate?
    let validFrom: Timestamp?
    let validTo: Timestamp?
    /// What the maker's signature covers.
    private let signed: [UInt8]
    private let signature: SignatureValue
    private let algorithm: String?
    private let users: DER?

    init?(_ value: DER) {
        guard let outer = value.children, let info = outer.first, let parts = info.children, parts.count >= 4,
            let property = parts[2].children, property.count >= 6
        else { return nil }
        id = parts[1].text
        // Some makers fill the name up with zeros.
        name = property[1].text.map { String($0.prefix { $0 != "\0" }) }
        let times = property.filter { $0.tag == DER.Tag.utcTime || $0.tag == DER.Tag.generalizedTime }
        validFrom = times.dropLast().last?.time
        validTo = times.last?.time
        users = property.dropFirst(2).first { $0.tag == DER.Tag.sequence }
        let maker: [DER]
        if outer.count >= 4 {
            maker = Array(outer[1...3])
            signed = Array(info.whole)
        } else {
            // The older form also signs the maker's certificate and the name of the algorithm.
            guard outer.count == 2, let inner = outer[1].children, inner.count == 3 else { return nil }
            maker = inner
            signed = encodeDER(DER.Tag.sequence, info.whole + inner[0].whole + inner[1].whole)
        }
        guard let value = SignatureValue(maker[2]) else { return nil }
        signature = value
        self.maker = Certificate(der: maker[0].content)
        algorithm = maker[1].objectIdentifier
    }

    /// Whether the maker's signature holds; `nil` without a certificate that can be read.
    var isGenuine: Bool? {
        maker.map { $0.key.verifies(signature.der, over: signed, signatureScheme(algorithm)) }
    }

    /// Whether the seal may be used with a certificate; `nil` if it names none, which some older makers do.
    func admits(_ certificate: Certificate) -> Bool? {
        guard let users else { return nil }
        var named: [ArraySlice<UInt8>] = []
        collect(users, into: &named, depth: 0)
        guard !named.isEmpty else { return nil }
        let digests = HashFunction.allCases.map { hash(certificate.der, with: $0) }
        return named.contains { $0.elementsEqual(certificate.der) || digests.contains(Array($0)) }
    }

    /// The certificates or digests of a list, whatever wraps each of them.
    private func collect(_ value: DER, into named: inout [ArraySlice<UInt8>], depth: Int) {
        guard depth < 4, named.count < 64 else { return }
        if value.tag == DER.Tag.octetString {
            named.append(value.content)
            // A certificate within an octet string within another is met too.
        } else if value.isConstructed {
            named.append(value.whole)
            for child in value.children ?? [] { collect(child, into: &named, depth: depth + 1) }
        }
    }
}

/// A signature's bytes, which stand as DER or, against the standard, as r and s alone.
struct SignatureValue {
    let der: [UInt8]
    let encoding: String

    init?(_ value: DER) {
        let bytes = value.bits ?? (value.tag == DER.Tag.octetString ? value.content : nil)
        guard let bytes, let read = SignatureValue(bytes) else { return nil }
        self = read
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        guard !bytes.isEmpty else { return nil }
        if let converted = signatureDER(rawSM2: bytes) {
            der = converted
            encoding = "raw r||s 64 bytes"
        } else {
            der = Array(bytes)
            encoding = "DER"
        }
    }
}

/// How a signature is made, by the name of its algorithm. SM2 where none is known: seals know nothing else.
func signatureScheme(_ algorithm: String?) -> SignatureScheme {
    switch algorithm {
    case "1.2.840.113549.1.1.5": .rsa(.sha1)
    case "1.2.840.113549.1.1.11": .rsa(.sha256)
    case "1.2.840.10045.4.1": .ecdsa(.sha1)
    case "1.2.840.10045.4.3.2": .ecdsa(.sha256)
    default: .sm2
    }
}
