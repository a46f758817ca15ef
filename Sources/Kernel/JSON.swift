/// A JSON value whose numbers keep their text, so that no amount passes through a binary float.
///
/// Objects keep the order of their members.
package indirect enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    /// The number exactly as it was written.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    package struct Member: Hashable, Sendable {
        package let name: String
        package let value: JSON

        package init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    package static func object(_ members: [(String, JSON)]) -> JSON {
        .object(members.map { Member($0.0, $0.1) })
    }

    package static func integer(_ number: some BinaryInteger) -> JSON { .number(String(number)) }

    /// A text, or null where there is none.
    package static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}

extension JSON {
    package subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    package subscript(index: Int) -> JSON? {
        guard case .array(let values) = self, values.indices.contains(index) else { return nil }
        return values[index]
    }

    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number as a whole number; `nil` if it has a fraction, an exponent, or does not fit.
    package var integer: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    package var array: [JSON]? {
        if case .array(let values) = self { values } else { nil }
    }

    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    package var isNull: Bool { self == .null }

    /// The object with one member set: replaced in its place, or added at the end.
    package func setting(_ name: String, _ value: JSON) -> JSON {
        guard case .object(var members) = self else { return .object([(name, value)]) }
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index] = Member(name, value)
        } else {
            members.append(Member(name, value))
        }
        return .object(members)
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByIntegerLiteral
{
    package init(stringLiteral text: String) { self = .string(text) }
    package init(arrayLiteral values: JSON...) { self = .array(values) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(dictionaryLiteral members: (String, JSON)...) { self = .object(members) }
    package init(integerLiteral number: Int) { self = .number(String(number)) }
}
