import Foundation

/// A value that goes into a statement or comes out of one: the four kinds that every engine keeps alike.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
}

extension SQLValue {
    package static func int(_ number: some BinaryInteger) -> SQLValue { .integer(Int64(number)) }

    /// A flag as 0 or 1.
    package static func flag(_ isSet: Bool) -> SQLValue { .integer(isSet ? 1 : 0) }

    /// A text, or null where there is none.
    package static func optional(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }

    /// A number, or null where there is none.
    package static func optional(_ number: Int64?) -> SQLValue { number.map(SQLValue.integer) ?? .null }

    /// Bytes, or null where there are none.
    package static func optional(_ bytes: [UInt8]?) -> SQLValue { bytes.map(SQLValue.bytes) ?? .null }
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    package init(integerLiteral number: Int64) { self = .integer(number) }
    package init(stringLiteral text: String) { self = .text(text) }
    package init(nilLiteral: ()) { self = .null }
}

extension String {
    /// Whether the text holds U+0000, which PostgreSQL does not store.
    var hasNUL: Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
        } ?? utf8.contains(0)
    }
}
