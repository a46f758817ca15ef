import COpenSSL
package import Kernel

/// An X.509 certificate: whose key it is, who says so, and for how long (数字证书).
package struct Certificate: Hashable, Sendable {
    package let der: [UInt8]
    /// The common name, or the whole name where there is none.
    package let subject: String
    package let issuer: String
    package let key: PublicKey
    package let notBefore: Timestamp
    package let notAfter: Timestamp

    /// Reads DER; `nil` if it is no certificate OpenSSL knows.
    package init?(der: some Collection<UInt8>) {
        let der = Array(der)
        guard let handle = OpenSSLCertificate(der: der), let notBefore = handle.time(.notBefore),
            let notAfter = handle.time(.notAfter), let key = handle.publicKey
        else { return nil }
        self.der = der
        subject = handle.name(of: .subject)
        issuer = handle.name(of: .issuer)
        self.key = PublicKey(der: key)
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// The certificates of a PEM text, in order; what stands between them is skipped.
    package static func certificates(pem text: String) -> [Certificate] {
        let begin = "-----BEGIN CERTIFICATE-----"
        let end = "-----END CERTIFICATE-----"
        var found: [Certificate] = []
        var body: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.drop { $0 == " " }
            if line.hasPrefix(begin) {
                body = ""
            } else if line.hasPrefix(end) {
                if let der = body.flatMap({ Base64.decode($0, lenient: true) }), let read = Certificate(der: der) {
                    found.append(read)
                }
                body = nil
            } else if body != nil {
                body?.append(contentsOf: line)
            }
        }
        return found
    }

    package func isValid(at instant: Timestamp) -> Bool { notBefore <= instant && instant < notAfter }
}

/// The roots an administrator trusts (信任列表). Chinese tax and bank roots are not public; each company names its own.
package struct TrustList: Hashable, Sendable {
    package let roots: [Certificate]

    package init(roots: [Certificate]) {
        self.roots = roots
    }

    package static let empty = TrustList(roots: [])

    package enum Answer: Hashable, Sendable {
        case trusted(root: String)
        /// No root of the list issued it.
        case unknownIssuer(String)
        case expired(on: Timestamp)
        case notYetValid(from: Timestamp)
        /// The chain leads to a root and is broken, in OpenSSL's words.
        case broken(String)
    }

    /// Whether a certificate leads to a root of the list, with every one on the way valid at an instant.
    package func judge(_ leaf: Certificate, with others: [Certificate], at instant: Timestamp) -> Answer {
        // The leaf's own time first: it holds whoever issued it.
        if instant >= leaf.notAfter { return .expired(on: leaf.notAfter) }
        if instant < leaf.notBefore { return .notYetValid(from: leaf.notBefore) }
        guard !roots.isEmpty else { return .unknownIssuer(leaf.issuer) }
        return OpenSSLChain(roots: roots, others: others)?.answer(on: leaf, at: instant) ?? .unknownIssuer(leaf.issuer)
    }
}

/// Holds a certificate of OpenSSL's for as long as one call needs it.
private final class OpenSSLCertificate {
    let pointer: OpaquePointer

    enum Name { case subject, issuer }
    enum Time { case notBefore, notAfter }

    init?(der: [UInt8]) {
        let read = der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_X509(nil, &start, buffer.count)
        }
        guard let read else {
            ERR_clear_error()
            return nil
        }
        pointer = read
        // Without the identity OpenSSL does not verify certificates signed with SM2; with it, no others. The certificate
        // owns it then.
        if X509_get_signature_nid(pointer) == NID_SM2_with_SM3, let identity = ASN1_OCTET_STRING_new(),
            ASN1_OCTET_STRING_set(identity, sm2Identity, Int32(sm2Identity.count)) == 1
        {
            X509_set0_distinguishing_id(pointer, identity)
        }
    }

    deinit { X509_free(pointer) }

    var publicKey: [UInt8]? {
        guard let key = X509_get_X509_PUBKEY(pointer) else { return nil }
        let length = i2d_X509_PUBKEY(key, nil)
        guard length > 0 else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            var next = buffer.baseAddress
            count = Int(i2d_X509_PUBKEY(key, &next))
        }
    }

    func name(of part: Name) -> String {
        guard let name = part == .subject ? X509_get_subject_name(pointer) : X509_get_issuer_name(pointer) else {
            return ""
        }
        let count = X509_NAME_entry_count(name)
        var values: [String] = []
        for index in 0..<count {
            guard let entry = X509_NAME_get_entry(name, index),
                let value = Self.text(X509_NAME_ENTRY_get_data(entry))
            else { continue }
            if OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) == NID_commonName { return value }
            values.append(value)
        }
        return values.joined(separator: ", ")
    }

    func time(_ which: Time) -> Timestamp? {
        guard let time = which == .notBefore ? X509_get0_notBefore(pointer) : X509_get0_notAfter(pointer) else {
            return nil
        }
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1,
            let day = Day(year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
        else { return nil }
        let inDay = Int64(parts.tm_hour) * 3600 + Int64(parts.tm_min) * 60 + Int64(parts.tm_sec)
        return Timestamp(seconds: Int64(day.number) * 86_400 + inDay)
    }

    private static func text(_ string: UnsafePointer<ASN1_STRING>?) -> String? {
        var output: UnsafeMutablePointer<UInt8>?
        let length = ASN1_STRING_to_UTF8(&output, string)
        guard length >= 0, let output else { return nil }
        defer { CRYPTO_free(output, nil, 0) }
        return String(decoding: UnsafeBufferPointer(start: output, count: Int(length)), as: UTF8.self)
    }
}

/// One question to OpenSSL's chain building.
private final class OpenSSLChain {
    private let store: OpaquePointer
    private let context: OpaquePointer
    private let others: OpaquePointer
    private let held: [OpenSSLCertificate]

    init?(roots: [Certificate], others: [Certificate]) {
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(), let stack = OPENSSL_sk_new_null()
        else { return nil }
        self.store = store
        self.context = context
        self.others = stack
        var held: [OpenSSLCertificate] = []
        for root in roots {
            guard let certificate = OpenSSLCertificate(der: root.der) else { continue }
            X509_STORE_add_cert(store, certificate.pointer)
            held.append(certificate)
        }
        for other in others {
            guard let certificate = OpenSSLCertificate(der: other.der) else { continue }
            OPENSSL_sk_push(stack, UnsafeRawPointer(certificate.pointer))
            held.append(certificate)
        }
        self.held = held
    }

    deinit {
        X509_STORE_CTX_free(context)
        X509_STORE_free(store)
        OPENSSL_sk_free(others)
        ERR_clear_error()
    }

    func answer(on leaf: Certificate, at instant: Timestamp) -> TrustList.Answer {
        guard let certificate = OpenSSLCertificate(der: leaf.der),
            X509_STORE_CTX_init(context, store, certificate.pointer, others) == 1
        else { return .unknownIssuer(leaf.issuer) }
        // A root the administrator names is an anchor, even when it is not self-signed.
        let flags = UInt(X509_V_FLAG_PARTIAL_CHAIN)
        X509_STORE_CTX_set_time(context, flags, time_t(instant.microseconds / 1_000_000))
        X509_STORE_CTX_set_flags(context, flags)
        if X509_verify_cert(context) == 1 {
            let chain = X509_STORE_CTX_get0_chain(context)
            let count = OPENSSL_sk_num(chain)
            let root = count > 0 ? OPENSSL_sk_value(chain, count - 1).map { OpaquePointer($0) } : nil
            return .trusted(root: root.flatMap(Self.name) ?? leaf.issuer)
        }
        let error = X509_STORE_CTX_get_error(context)
        switch error {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return .unknownIssuer(leaf.issuer)
        default: return .broken(String(cString: X509_verify_cert_error_string(Int(error))))
        }
    }

    private static func name(_ pointer: OpaquePointer) -> String? {
        let length = i2d_X509(pointer, nil)
        guard length > 0 else { return nil }
        let der = [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            var next = buffer.baseAddress
            count = Int(i2d_X509(pointer, &next))
        }
        return Certificate(der: der)?.subject
    }
}
