import COpenSSL

/// A way of signing that vouchers use.
package enum SignatureScheme: Hashable, Sendable {
    /// GB/T 32918 with SM3 and the customary identity.
    case sm2
    case rsa(HashFunction)
    case ecdsa(HashFunction)
}

/// The public half of a signing key, as its certificate states it.
package struct PublicKey: Hashable, Sendable {
    /// SubjectPublicKeyInfo in DER.
    package let der: [UInt8]

    package init(der: [UInt8]) {
        self.der = der
    }

    /// Whether a signature over a message was made with the private half.
    package func verifies(_ signature: [UInt8], over message: some Collection<UInt8>, _ scheme: SignatureScheme) -> Bool
    {
        guard !signature.isEmpty, let key = OpenSSLKey(der: der), let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_MD_CTX_free(context)
            // What failed stands in the answer; the thread's queue of errors must not grow.
            ERR_clear_error()
        }
        guard key.isFit(for: scheme), EVP_DigestVerifyInit(context, nil, scheme.digest, nil, key.pointer) == 1 else {
            return false
        }
        if scheme == .sm2 {
            let identity = sm2Identity
            guard EVP_PKEY_CTX_set1_id(EVP_MD_CTX_get_pkey_ctx(context), identity, Int32(identity.count)) == 1 else {
                return false
            }
        }
        let bytes = Array(message)
        return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
    }
}

/// The identity that GM/T 0009 prescribes where signers agree on no other.
let sm2Identity = Array("1234567812345678".utf8)

extension SignatureScheme {
    fileprivate var digest: OpaquePointer? {
        switch self {
        case .sm2: EVP_sm3()
        case .rsa(let hash), .ecdsa(let hash): hash.algorithm
        }
    }
}

extension HashFunction {
    fileprivate var algorithm: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sm3: EVP_sm3()
        }
    }
}

/// Holds a key of OpenSSL's for as long as one call needs it.
private final class OpenSSLKey {
    let pointer: OpaquePointer

    init?(der: [UInt8]) {
        let key = der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return d2i_PUBKEY(nil, &start, buffer.count)
        }
        guard let key else { return nil }
        pointer = key
    }

    deinit { EVP_PKEY_free(pointer) }

    func isFit(for scheme: SignatureScheme) -> Bool {
        let type =
            switch scheme {
            case .sm2: "SM2"
            case .rsa: "RSA"
            case .ecdsa: "EC"
            }
        return EVP_PKEY_is_a(pointer, type) == 1
    }
}

/// A raw SM2 signature, r and s of 32 bytes each, as the DER that verification takes.
package func signatureDER(rawSM2 raw: some Collection<UInt8>) -> [UInt8]? {
    guard raw.count == 64 else { return nil }
    func integer(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return encodeDER(DER.Tag.integer, digits)
    }
    return encodeDER(DER.Tag.sequence, integer(raw.prefix(32)) + integer(raw.suffix(32)))
}
