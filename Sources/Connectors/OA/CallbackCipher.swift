package import Cryptography
import Kernel

/// The signed and encrypted form of callbacks that 钉钉 and 企业微信 share, byte by byte; they differ in whom the id at the
/// end names.
package struct CallbackCipher: Sendable {
    /// Why a callback is refused. People outside are told one sentence for all but the signature.
    package enum Refusal: String, Error, Sendable {
        case badBody = "bad_body"
        case badSignature = "bad_signature"
        case decryptFailed = "decrypt_failed"
        case badReceiver = "bad_receiver"
    }

    private let token: [UInt8]
    private let key: [UInt8]
    private let receivers: [[UInt8]]

    /// - Parameters:
    ///   - aesKey: 43 characters; the last carries two spare bits that may be set.
    ///   - receivers: App key, corp id or suite key, as the vendor says; the first is the one answers are made for.
    /// - Returns: `nil` if the key is not of that form.
    package init?(token: String, aesKey: String, receivers: [String]) {
        guard !token.isEmpty, !receivers.isEmpty, aesKey.utf8.count == 43,
            let key = Base64.decode(aesKey + "=", lenient: true), key.count == 32
        else { return nil }
        self.token = Array(token.utf8)
        self.key = key
        self.receivers = receivers.map { Array($0.utf8) }
    }

    /// Checks the signature, decrypts, and returns the event's text.
    package func open(
        encrypted: String, signature: String, timestamp: String, nonce: String
    ) throws(Refusal) -> [UInt8] {
        let expected = self.signature(encrypted: encrypted, timestamp: timestamp, nonce: nonce)
        guard isEqualInConstantTime(Array(expected.utf8), Array(signature.utf8)) else { throw .badSignature }
        // 钉钉's own sample breaks lines every 76 characters; the signature covers the text with them.
        guard let ciphertext = Base64.decode(encrypted, lenient: true), ciphertext.count.isMultiple(of: 16),
            let plain = try? decryptAES256CBC(ciphertext, key: key, initialVector: Array(key.prefix(16))),
            let content = Self.unpadded(plain), content.count >= 20
        else { throw .decryptFailed }
        let length = content[16..<20].reduce(0) { $0 << 8 | Int($1) }
        guard length <= content.count - 20 else { throw .decryptFailed }
        let message = Array(content[20..<20 + length])
        let receiver = Array(content[(20 + length)...])
        var isKnown = false
        for one in receivers where isEqualInConstantTime(one, receiver) { isKnown = true }
        guard isKnown else { throw .badReceiver }
        guard String(validating: message, as: UTF8.self) != nil else { throw .decryptFailed }
        return message
    }

    /// Encrypts a message and signs it: the body of an answer, and what a simulator sends.
    package func seal(
        _ message: [UInt8], timestamp: String, nonce: String, random: [UInt8]
    ) throws(DecryptionError) -> (encrypted: String, signature: String) {
        let length = UInt32(message.count)
        let head =
            random + [UInt8(length >> 24), UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255)]
        var plain = head + message + receivers[0]
        // PKCS#7 over blocks of 32 bytes, not over those of the cipher.
        let padding = 32 - plain.count % 32
        plain += [UInt8](repeating: UInt8(padding), count: padding)
        let ciphertext = try encryptAES256CBC(plain, key: key, initialVector: Array(key.prefix(16)))
        let encrypted = Base64.encode(ciphertext)
        return (encrypted, signature(encrypted: encrypted, timestamp: timestamp, nonce: nonce))
    }

    private func signature(encrypted: String, timestamp: String, nonce: String) -> String {
        let parts = [token, Array(timestamp.utf8), Array(nonce.utf8), Array(encrypted.utf8)]
        let sorted = parts.sorted { $0.lexicographicallyPrecedes($1) }
        return hash(sorted.flatMap(\.self), with: .sha1).hex
    }

    /// Every byte of the padding counts; a sloppy check would tell a stranger about the plaintext.
    private static func unpadded(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
        guard let last = bytes.last, (1...32).contains(last), bytes.count >= Int(last) else { return nil }
        let padding = bytes.suffix(Int(last))
        guard padding.reduce(0, { $0 | ($1 ^ last) }) == 0 else { return nil }
        return bytes.dropLast(Int(last))
    }
}
