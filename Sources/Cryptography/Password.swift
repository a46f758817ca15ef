import COpenSSL

/// A password as it is stored: scrypt, N = 2¹⁷, r = 8, p = 1, in PHC form.
///
/// Debian's OpenSSL 3.0 has no Argon2; these parameters are the OWASP ones for scrypt.
package struct PasswordHash: Hashable, Sendable {
    package let text: String

    private static let logN: UInt64 = 17

    package init(stored text: String) {
        self.text = text
    }

    /// Hashes a new password. Takes about a third of a second of one core: call it off the event loop.
    package init(hashing password: String, salt: [UInt8] = randomBytes(16)) {
        let key = Self.derive(password, salt: salt, logN: Self.logN)
        text = "$scrypt$ln=\(Self.logN),r=8,p=1$\(Base64.encode(salt))$\(Base64.encode(key))"
    }

    /// Whether a password is the one that was hashed. Costs the same when the stored text cannot be read.
    package func matches(_ password: String) -> Bool {
        let parts = text.split(separator: "$")
        guard parts.count == 4, parts[0] == "scrypt", let logN = Self.logN(of: parts[1]),
            let salt = Base64.decode(String(parts[2])), let key = Base64.decode(String(parts[3]))
        else {
            _ = Self.derive(password, salt: [0], logN: Self.logN)
            return false
        }
        return isEqualInConstantTime(Self.derive(password, salt: salt, logN: logN), key)
    }

    private static func logN(of parameters: Substring) -> UInt64? {
        guard parameters.hasPrefix("ln="), parameters.hasSuffix(",r=8,p=1"),
            let value = UInt64(parameters.dropFirst(3).prefix(while: \.isNumber)), (14...20).contains(value)
        else { return nil }
        return value
    }

    private static func derive(_ password: String, salt: [UInt8], logN: UInt64) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: 32)
        let bytes = Array(password.utf8)
        let done = bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { text in
                EVP_PBE_scrypt(
                    text.baseAddress, bytes.count, salt, salt.count, 1 << logN, 8, 1, 256 << 20, &key, key.count
                )
            }
        }
        precondition(done == 1, "OpenSSL refused the scrypt parameters")
        return key
    }
}
