import Cryptography
package import Kernel

/// A value about a person that a log entry names but does not carry (个人信息).
///
/// The entry's leaf holds only the salted hash. Value and salt stand elsewhere, under a retention class, and can be
/// erased; the hash stays, so that the leaf stays the same and says nothing more.
package struct PersonalValue: Hashable, Sendable {
    package static let saltLength = 16

    package let name: String
    /// How long the value may be kept: the key of a retention class.
    package let retention: String
    /// SHA-256 of the salt followed by the value's UTF-8 bytes.
    package let hash: Digest
    /// `nil` once the value is erased.
    package let salt: [UInt8]?
    /// `nil` once the value is erased.
    package let value: String?

    package init(name: String, salt: [UInt8], value: String, retention: String) {
        precondition(salt.count == Self.saltLength, "a salt has \(Self.saltLength) bytes")
        self.name = name
        self.retention = retention
        self.salt = salt
        self.value = value
        hash = sha256(salt + Array(value.utf8))
    }

    /// A value that was erased: only what the leaf needs is left.
    package init(name: String, hash: Digest, retention: String) {
        self.name = name
        self.retention = retention
        self.hash = hash
        salt = nil
        value = nil
    }

    package var isErased: Bool { value == nil }

    /// The same value after its erasure.
    package var erased: PersonalValue { PersonalValue(name: name, hash: hash, retention: retention) }
}
