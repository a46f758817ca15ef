import Cryptography
package import Kernel

/// A JSON value with the text it is kept as and the hash the log proves it by.
///
/// Both are worked out when it is made, in the prepared half of a step, so that the writer only copies them.
package struct KeptJSON: Hashable, Sendable {
    package let value: JSON
    /// Canonical, so that the hash of the value is the hash of the text.
    package let text: String
    package let digest: Digest

    package init(_ value: JSON) {
        let bytes = value.canonical
        self.value = value
        text = String(decoding: bytes, as: UTF8.self)
        digest = sha256(bytes)
    }

    package static let null = KeptJSON(.null)
}

extension KeptJSON: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral members: (String, JSON)...) { self.init(.object(members)) }
}
