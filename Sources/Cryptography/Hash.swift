import COpenSSL
package import Kernel

/// A hash function that OpenSSL 3 offers.
package enum HashFunction: String, Sendable, CaseIterable {
    case sha1 = "SHA1"
    case sha256 = "SHA256"
    case sm3 = "SM3"

    var outputLength: Int { self == .sha1 ? 20 : 32 }
}

/// Hashes bytes.
package func hash(_ bytes: [UInt8], with function: HashFunction) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: function.outputLength)
    var length = 0
    let done = EVP_Q_digest(nil, function.rawValue, nil, bytes, bytes.count, &output, &length)
    precondition(done == 1 && length == output.count, "OpenSSL has no \(function.rawValue)")
    return output
}

/// The SHA-256 of bytes: how the program names a file.
package func sha256(_ bytes: [UInt8]) -> Digest {
    var output = [UInt8](repeating: 0, count: Digest.length)
    let done = EVP_Digest(bytes, bytes.count, &output, nil, FetchedDigest.sha256, nil)
    precondition(done == 1, "OpenSSL has no SHA256")
    guard let digest = Digest(bytes: output) else { preconditionFailure("SHA-256 has 32 bytes") }
    return digest
}

/// HMAC (RFC 2104) of a message.
package func hmac(_ message: [UInt8], key: [UInt8], with function: HashFunction) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: function.outputLength)
    var length = 0
    // A key of no bytes still needs an address.
    let key = key.isEmpty ? [0] : key
    let result = EVP_Q_mac(
        nil, "HMAC", nil, function.rawValue, nil, key, key.count, message, message.count, &output, output.count, &length
    )
    precondition(result != nil && length == output.count, "OpenSSL has no HMAC-\(function.rawValue)")
    return output
}

/// Whether two secrets are the same, in time that depends on their length alone.
package func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

/// Bytes nobody can guess. The one source of chance for secrets, salts and names.
package func randomBytes(_ count: Int) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: count)
    let done = RAND_bytes(&output, Int32(count))
    precondition(done == 1, "the system gives no random bytes")
    return output
}
