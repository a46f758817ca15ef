import Cryptography
package import Kernel

/// A password that somebody else was handed (一次性密码): its owner chooses another one before anything else.
package struct OneTimePassword: Hashable, Sendable {
    /// Longer than a holiday, shorter than the life of a forgotten note.
    package static let lifetimeSeconds: Int64 = 7 * 24 * 3600

    /// Five bits each; none is taken for another when it is read from paper.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    package static let length = 20
    private static let groupLength = 5

    /// `k7mx2-0fq9r-…`: 100 bits in groups that can be read out.
    package let text: String
    /// When it stops opening the door.
    package let until: Timestamp

    package init(at now: Timestamp, bytes: [UInt8] = randomBytes(OneTimePassword.length)) {
        precondition(bytes.count == Self.length, "a one-time password is made of \(Self.length) random bytes")
        let letters = bytes.map { Self.alphabet[Int($0 & 31)] }
        text = stride(from: 0, to: Self.length, by: Self.groupLength)
            .map { String(letters[$0..<$0 + Self.groupLength]) }.joined(separator: "-")
        until = now.adding(seconds: Self.lifetimeSeconds)
    }
}
